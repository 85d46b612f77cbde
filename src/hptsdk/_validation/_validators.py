"""The constructor of a shape, the reference validator, and the choice between it and the compiled validator of a class.

The reference validator validates each member against its type and constraints, then the rules. It also accepts
equivalent types, such as a list for a tuple or a subclass of str. The compiled validator must agree with it; a property
test compares them. The compiled validator is several times as fast, but generating it takes as long as about a hundred
validations with the reference validator, so the first instances of a class are validated without it.
"""

from __future__ import annotations

from collections import Counter
from functools import partial, wraps
from typing import TYPE_CHECKING

from hptsdk._validation._members import MemberInfo, TypeInfo, members_of
from hptsdk._validation._placeholders import Placeholder, placeholder_problems
from hptsdk._validation._plain_values import (
    MOST_ITEMS,
    FrozenMap,
    attempt,
    converted,
    is_frozen_map,
    is_sequence,
    is_tuple,
    plain,
    to_builtin,
)
from hptsdk._validation._problems import (
    MAX_HINTS,
    Problem,
    count_of,
    format_value,
    source_of,
    suggestion,
    violations,
    with_article,
)
from hptsdk._validation._rules import apply_rules
from hptsdk.constraints import Length, OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hptsdk._validation._shape import Shape

    Validator = Callable[[Shape, list[Problem]], None]

_set = object.__setattr__

KEY_HINT = "write the key itself; a placeholder can only be a value"

_EXPECTED = {
    "text": "text",
    "integer": "an integer",
    "number": "a finite number",
    "boolean": "True or False",
    "timestamp": "a datetime with a time zone, epoch seconds, or ISO 8601 text with an offset",
    "list": "a list",
    "map": "a mapping of text to text",
}


def validate_reference(shape: Shape, problems: list[Problem]) -> None:
    """Validate a shape, and append its problems to a list."""
    for member in members_of(type(shape)):
        value: object = getattr(shape, member.attribute)
        if value is not None or member.required:
            validate_member(shape, member, value, problems)
    problems += apply_rules(shape, problems)
    if not problems:
        _set(shape, "_extra", None)


def validate_member(shape: Shape, member: MemberInfo, value: object, problems: list[Problem]) -> None:
    """Validate one member: convert its value if its type allows it, and append its problems."""
    if value is None:
        if not _is_reported(shape, member, problems):
            # only a constructor, which is called with a value or None, has not set `_extra` yet
            got = "None" if extra_of(shape) is None else "nothing"
            expected, source = _expected(member.type), source_of(type(shape))
            problems.append(Problem(member.wire_name, expected=expected, got=got, rule="required", source=source))
        return
    result, invalid = examine(member.type, value, source_of(type(shape)))
    if result is not value:
        _set(shape, member.attribute, result)
    problems += [problem.within(member.wire_name) for problem in invalid]


def _is_reported(shape: Shape, member: MemberInfo, problems: list[Problem]) -> bool:
    """Check whether there is a problem already because a member is null or misspelled."""
    if member.wire_name in (extra_of(shape) or ()):
        return True
    return any(len(problem.path) == 1 and problem.meant == [member.wire_name] for problem in problems)


def examine(kind: TypeInfo, value: object, source: str) -> tuple[object, list[Problem]]:
    """Validate a value of a type.

    Args:
        kind: the type.
        value: the value; not None.
        source: the page that documents the shape that holds the value.

    Returns:
        The value, in the form that a shape stores if its type allows it, and its problems.
    """
    return attempt(lambda: _examine(kind, value, source), lambda: _examine(kind, plain(value), source))


def _examine(kind: TypeInfo, value: object, source: str) -> tuple[object, list[Problem]]:
    result = converted(kind, value)
    if result is None:
        if isinstance(value, Placeholder):
            return value, placeholder_problems(kind, value, _expected(kind), source)
        return value, [_type_problem(kind, value, source)]
    problems = list(_constraint_problems(kind, result, source))
    if kind.shape is not None and isinstance(result, kind.shape):
        problems += validate(result)
    elif kind.item is not None and is_tuple(result):
        result, inner = _examine_list(kind.item, result, source)
        problems += inner
    elif kind.key is not None and kind.item is not None and is_frozen_map(result):
        result, inner = _examine_map(kind.key, kind.item, result, source)
        problems += inner
    return result, problems


def _constraint_problems(kind: TypeInfo, value: object, source: str) -> Iterator[Problem]:
    """Yield a problem for each violated constraint.

    Text that is too short gets no further problem. Text that is too long is cut before its pattern is tested.
    """
    cut: str | None = None
    for constraint in kind.constraints:
        if constraint.holds(value) or (cut is not None and constraint.holds(cut)):
            continue
        from hptsdk._validation._hints import constraint_hint

        got = _count(value) or format_value(value, secret=kind.is_secret)
        if isinstance(constraint, Length) and isinstance(value, str) and value and not kind.is_secret:
            got += f" of {count_of(value, 'character')}"
        hint = partial(constraint_hint, constraint, kind, value)
        yield Problem(expected=constraint.expected, got=got, hint=hint, rule=constraint.rule, source=source)
        if isinstance(constraint, Length) and isinstance(value, str):
            if len(value) < (constraint.minimum or 0):
                return  # text that is too short matches few patterns
            cut = value[: int(constraint.maximum or 0)]


def _count(value: object) -> str:
    """Format the number of items of a list or of entries of a map; empty text for other values."""
    if is_tuple(value):
        return count_of(value, "item")
    return count_of(value, "entry", "entries") if is_frozen_map(value) else ""


def _examine_list(kind: TypeInfo, items: tuple[object, ...], source: str) -> tuple[object, list[Problem]]:
    problems: list[Problem] = []
    results: list[object] = []
    for index, item in enumerate(items):
        result, invalid = _examine(kind, item, source)
        results.append(result)
        problems += [problem.within(index) for problem in invalid]
    return tuple(results), problems


def _examine_map(
    key_type: TypeInfo, item_type: TypeInfo, entries: Mapping[object, object], source: str
) -> tuple[object, list[Problem]]:
    problems: list[Problem] = []
    results: dict[object, object] = {}
    for key, item in entries.items():
        new_key, of_key = _examine(key_type, key, source)
        results[new_key], of_item = _examine(item_type, item, source)
        for problem in of_key:
            problem.expected = f"a key that is {problem.expected}"
            if problem.open_value:
                problem.hint, problem.open_value = KEY_HINT, None
        step = str(key) if isinstance(key, Placeholder) else to_builtin(key)
        problems += [problem.within((step,)) for problem in of_key + of_item]
    return FrozenMap(results), problems


def _type_problem(kind: TypeInfo, value: object, source: str) -> Problem:
    from hptsdk._validation._hints import type_hint

    if kind.kind == "text" and isinstance(value, str):
        got = format_value(value, secret=kind.is_secret)
        return Problem(expected="text without lone surrogates", got=got, rule="encoding", source=source)
    if kind.kind == "list" and is_sequence(value):
        expected, got = f"a readable sequence of at most {MOST_ITEMS:,} items", with_article(type(value).__name__)
        return Problem(expected=expected, got=got, rule="type", source=source)
    is_scalar = kind.kind not in {"structure", "list", "map"}
    got = format_value(value, secret=kind.is_secret) if is_scalar or value is None else _kind_and_size(value)
    hint = partial(type_hint, kind, value)
    return Problem(expected=_expected(kind), got=got, hint=hint, rule="type", source=source)


def _kind_and_size(value: object) -> str:
    """Format a value in place of a structure, list or map, without showing text that may hold secrets."""
    return "text" if isinstance(value, str) else format_value(value, secret=True)


def _expected(kind: TypeInfo) -> str:
    if kind.shape is not None:
        return with_article(kind.shape.__name__)
    enumerations = [constraint.expected for constraint in kind.constraints if isinstance(constraint, OneOf)]
    return enumerations[0] if enumerations else _EXPECTED[kind.kind]


def extra_of(shape: Shape) -> dict[object, object] | None:
    """Return the unknown entries and the nulls of a document; None if its shape is valid or not constructed yet."""
    extra: dict[object, object] | None = getattr(shape, "_extra", None)
    return extra


def _extra_problems(shape: Shape, extra: Mapping[object, object]) -> list[Problem]:
    """Return a problem for each entry of a document that is not a member, and for each null."""
    cls = type(shape)
    members = {member.wire_name: member for member in members_of(cls)}
    problems: list[Problem] = []
    for name in extra:
        if isinstance(name, str) and name in members:
            hint = "" if members[name].required else "omit the member"
            expected, source = _expected(members[name].type), source_of(cls)
            problems.append(Problem(name, expected=expected, got="null", hint=hint, rule="null", source=source))
        else:
            from hptsdk._validation._hints import unknown_member

            problems.append(unknown_member(shape, name, extra[name], search=len(problems) < MAX_HINTS))
    return problems


# --- the entry points ---

# The number of instances of a class that are validated before its validator is compiled.
_BEFORE_COMPILATION = 3

_counts: Counter[type[Shape]] = Counter()
_validators: dict[type[Shape], Validator] = {}


def validator_of(cls: type[Shape]) -> Validator:
    """Return the reference validator for the first instances of a class, and the compiled validator for all others."""
    if _counts[cls] < _BEFORE_COMPILATION:
        _counts[cls] += 1
        return validate_reference
    if cls not in _validators:
        from hptsdk._validation._compiled_validator import compile_validator

        _validators[cls] = compile_validator(cls)
    return _validators[cls]


def validate(shape: Shape) -> list[Problem]:
    """Validate a shape that was created without validation, and everything in it.

    A valid shape is marked as such, so that it is not validated again. Values are converted to the forms that shapes
    store, such as tuples for lists.
    """
    extra = getattr(shape, "_extra", None)
    if extra is None:
        return []
    cls = type(shape)
    problems = _extra_problems(shape, extra) if extra else []
    (_validators.get(cls) or validator_of(cls))(shape, problems)
    return problems


def validate_new(shape: Shape) -> None:
    """Validate a shape that its constructor creates.

    A part of a request with placeholders is not marked as valid, so that it is validated again with the request.

    Raises:
        InvalidShapeError: the shape is invalid, or is the request of an operation and has placeholders. The
            error has all violations.
    """
    cls = type(shape)
    problems: list[Problem] = []
    (_validators.get(cls) or validator_of(cls))(shape, problems)
    if problems:
        from hptsdk.errors import InvalidShapeError

        if not cls.__name__.endswith("Request"):
            problems = [problem for problem in problems if problem.open_value is None]
        if problems:
            raise InvalidShapeError(violations(cls, problems))
        object.__setattr__(shape, "_extra", {})


def constructor_of(cls: type[Shape]) -> Callable[..., None]:
    """Return the constructor of attrs with errors that name the class and any similar argument."""
    initialize: Callable[..., None] = cls.__init__

    @wraps(initialize)
    def constructor(self: Shape, *positional: object, **members: object) -> None:
        try:
            initialize(self, *positional, **members)
        except TypeError as error:
            names = [member.attribute for member in members_of(cls)]
            for name in members:
                if name not in names:
                    message = f"{cls.__name__}() got an unexpected keyword argument {name!r}{suggestion(name, names)}"
                    raise TypeError(message) from None
            error.args = (str(error).replace(".__init__", "", 1),)
            raise

    return constructor
