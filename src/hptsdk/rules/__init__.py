"""Rules between the members of a shape, one small function each, in files named as those of `hptsdk.shapes`.

A rule is put into force by standing in the RULES of its shape, and nowhere else is there a list of them.
"""
