"""The formats of exported requests: each module has a function `convert`, and can have public functions."""
