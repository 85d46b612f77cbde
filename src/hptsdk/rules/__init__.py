"""Rules between the members of a shape, in modules by subject.

A rule is a function with the decorator `rule`, if its violation is an error, or `advice`. It takes a shape, or the part
of one to which `Rule.for_parts` applies it; `advice` may also take the quotas. It returns a `Problem`, a list of them,
or None. Its `source` is a page of AWS, or the place where it was observed. If its `basis` is "inferred", AWS does not
document that the service rejects a violation. A module with rules ends with a tuple of them for each shape, which the
shape names in `RULES`. To add a rule, write the function and put it into the tuple; a rule whose violation is an error
also needs a mutation in `hptsdk.testing.strategies._draw.mutations`, with which generated requests violate it.

The modules `algorithm_values`, `definitions` and `range_values` have no rules, but functions that several modules use.
The client applies the rules of `warm_start` that compare a request with its parents. `hptsdk.rules.facts` has the facts
about algorithms, accounts and instance types. Facts about an algorithm may be older than its image, so nearly all rules
that use them are advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hptsdk._validation import Problem, format_value, member_text, with_article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk._validation import Shape

T = TypeVar("T")


def repeated(values: Sequence[T]) -> list[tuple[int, T]]:
    """Return the index and the value of each value that is equal to an earlier one."""
    first: dict[T, int] = {}
    return [(index, value) for index, value in enumerate(values) if first.setdefault(value, index) < index]


def duplicates(
    values: Sequence[str | None], member: str, *attribute: str, hint: str, noun: str = "name", ignore_case: bool = False
) -> list[Problem]:
    """Return a problem for each value that is equal to an earlier one.

    Args:
        values: one value for each item of a list; None is equal to no other.
        member: the member that holds the list.
        *attribute: the attribute of an item that holds the value; none if the item is the value.
        hint: how to correct a repetition.
        noun: the term for a value in messages. Defaults to "name".
        ignore_case: whether values are equal if they differ by case only. Defaults to False.
    """
    compared = [value and value.lower() for value in values] if ignore_case else values
    if len(set(compared)) == len(compared):
        return []
    return [
        Problem(
            member,
            index,
            *attribute,
            expected=f"{with_article(noun)} that no earlier item has",
            got=format_value(values[index]),
            hint=hint,
        )
        for index, value in repeated(compared)
        if value is not None
    ]


def conflicts(shape: Shape, other: str, *names: str) -> list[Problem]:
    """Return a problem for each member that is set, and not 0, although another member excludes it.

    Args:
        shape: the shape.
        other: the member that is set, such as "InstanceGroups".
        *names: the attributes of the members that it excludes.
    """
    return [
        Problem(
            name, expected=f"no value if {other} is set", got=member_text(value), hint=f"remove this member or {other}"
        )
        for name in names
        if (value := getattr(shape, name))
    ]
