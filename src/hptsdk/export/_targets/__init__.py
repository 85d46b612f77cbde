"""The formats of exported requests, one in each module: its function `convert` is for `hptsdk convert`.

The functions of `hptsdk.export`, whose names begin with that of their module, are also here.
"""
