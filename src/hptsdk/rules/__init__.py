"""Rules between the members of a shape, in modules by subject.

A rule is a function of a shape with one of the decorators `rule` (its violation is an error) and `advice`. Each module
ends with a tuple of its rules for each shape, which the shape names in `RULES`. To add a rule, write the function and
put it into the tuple. `hptsdk.rules.facts` has the facts about algorithms, accounts and instance types.
"""
