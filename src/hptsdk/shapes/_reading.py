"""The reader of a class: makes an instance of a document and checks it in one go, written as source.

It takes only what is right at once. For whatever else a document holds it gives up, so that the slow look tells why, or
takes what is right in another guise; a test holds that it gives nothing that the slow look would not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hptsdk._validation import Member, Response, Type, late_function, made_function, members_of, once_a_class
from hptsdk._validation._applying import needs_of
from hptsdk._validation._compiled import aside_slot, bounds, common_names, guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hptsdk._validation import Shape

    Reader = Callable[[object, list[int]], "Shape | None"]

__all__ = ["reader_of"]


@once_a_class
def reader_of(cls: type[Shape]) -> Reader:
    """Write the function that gives an instance for a document that is right, and None for any other and a response.

    It adds to the list that it is given how many strings the document has, names and values, in parts.
    """
    if issubclass(cls, Response):
        return _none
    names = common_names() | {"cls": cls, "each": _each, "keep_aside": aside_slot(cls).__set__, "new": object.__new__}
    body = ["if document.__class__ is not dict: return None", "shape, seen, texts = new(cls), 0, 0"]
    for index, member in enumerate(members_of(cls)):
        names[f"keep_{index}"] = getattr(cls, member.attribute).__set__
        body += _member_lines(index, member, names)
    # a null, a member that is not known, or one that did not pass
    body += ["if seen != len(document): return None"]
    for index, rule in enumerate(rule for rule in cls.RULES if rule.level == "error"):
        names[f"rule_{index}"] = rule.check
        body += [f"if {needs_of(cls, rule, 'shape')}rule_{index}(shape): return None"]
    body += ["strings.append(seen + texts)", "keep_aside(shape, None)", "return shape"]
    return cast("Reader", made_function(f"read_{cls.__name__}", "document, strings", body, names))


def _none(_document: object, _strings: list[int]) -> None:
    """Read nothing: a response takes whatever comes, so the slow look is all there is to it."""


def _member_lines(index: int, member: Member, names: dict[str, object]) -> Iterator[str]:
    kept = {"list": "tuple(value)", "map": "FrozenMap(value.copy())"}.get(member.type.kind, "value")
    yield f"if {member.wire!r} in document:"
    yield f"    value = document[{member.wire!r}]"
    yield f"    if {_test(member.type, names)}: seen += 1; {_texts_of(member.type)}keep_{index}(shape, {kept})"
    yield "else: return None" if member.required else f"else: keep_{index}(shape, None)"


def _texts_of(kind: Type) -> str:
    """Write how many strings a value is."""
    match kind.kind:
        case "text":
            return "texts += 1; "
        case "list":
            return "texts += len(value); " if cast("Type", kind.item).kind == "text" else ""
        case "map":
            return "texts += 2 * len(value); "
        case _:
            return ""


def _test(kind: Type, names: dict[str, object]) -> str:
    """Write the test for a value of a document; structures take its place as they are read."""
    item = cast("Type", kind.item)
    match kind.kind:
        case "structure":
            return f"(value := {_late(kind, names)}(value, strings)) is not None"
        case "list":
            tests = ["value.__class__ is list", *bounds(kind, "value", names)]
            if item.kind == "structure":
                tests.append(f"(value := each({_late(item, names)}, value, strings)) is not None")
            else:
                tests.append(f"not [item for item in value if not ({guard(item, 'item', names)})]")
        case "map":
            tests = ["value.__class__ is dict", *bounds(kind, "value", names)]
            passes = f"{guard(cast('Type', kind.key), 'key', names)} and {guard(item, 'item', names)}"
            tests.append(f"not [key for key, item in value.items() if not ({passes})]")
        case _:
            return guard(kind, "value", names)
    return " and ".join(tests)


def _late(kind: Type, names: dict[str, object]) -> str:
    cls = cast("type[Shape]", kind.shape)
    return late_function(f"read_{cls.__name__}", names, lambda: reader_of(cls))


def _each(read: Reader, documents: list[object], strings: list[int]) -> list[Shape] | None:
    found: list[Shape] = []
    for document in documents:
        shape = read(document, strings)
        if shape is None:
            return None
        found.append(shape)
    return found
