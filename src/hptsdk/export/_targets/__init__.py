"""The formats of exported requests: a module for each, with a function `convert`."""
