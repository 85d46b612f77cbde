"""The formats of exported requests, one in each module, with a function `convert`."""
