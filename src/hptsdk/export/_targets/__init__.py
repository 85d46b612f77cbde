"""The formats of exported requests, one in each module: its function `convert` is for `hptsdk convert`.

Its public functions, whose names begin with that of the module, are also names of `hptsdk.export`.
"""
