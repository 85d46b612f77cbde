"""Problems that validators and rules report: their text, their documentation pages, and the remaining valid members.

Values in messages are shortened and without secrets.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from hptsdk._validation._members import members_of
from hptsdk._validation._plain_values import (
    FrozenMap,
    Unreadable,
    attempt,
    is_frozen_map,
    is_tuple,
    size_of,
    to_builtin,
)

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterable, Sequence, Sized, ValuesView

    from hptsdk._validation._placeholders import Placeholder
    from hptsdk._validation._shape import Shape
    from hptsdk.errors import Violation

ShapeT = TypeVar("ShapeT", bound="Shape")

Step = str | int | tuple[object]
"""One step of a path: the name of a member, an index, or the key of a map in a tuple of one."""

# Searching for hints takes longer than everything else, so only this many violations or unknown members get one.
MAX_HINTS = 200


class Problem:
    """One invalid value, or one place where a rule is violated.

    A rule names members by their attributes; the path of a finished problem has wire names.

    Args:
        *path: the path of the invalid value, from the shape that is validated.
        expected: what would be valid.
        got: what the shape contains; never a value that may be a secret.
        hint: how to correct it, as text or as a function that searches for it. Defaults to no hint.
        rule: the id of the constraint or rule. A rule of `hptsdk.rules` sets it.
        source: the page that documents it. A rule of `hptsdk.rules` sets it.
        meant: for an unknown member, the wire names from its structure to the member likely meant, if this is not set.
        open_value: the placeholder that is the value of the member, with its text. Defaults to None.

    Attributes:
        is_of_rule: whether it violates a rule between members, each of which is valid.
    """

    __slots__ = ("expected", "got", "hint", "is_of_rule", "meant", "open_value", "path", "rule", "source")

    def __init__(
        self,
        *path: Step,
        expected: str,
        got: str,
        hint: str | Callable[[], str] = "",
        rule: str = "",
        source: str = "",
        meant: Sequence[str] = (),
        open_value: tuple[str, Placeholder] | None = None,
    ) -> None:
        self.path: list[Step] = list(path)
        self.expected = expected
        self.got = got
        self.hint = hint
        self.rule = rule
        self.source = source
        self.meant = meant
        self.open_value = open_value
        self.is_of_rule = False

    @property
    def invalid_member(self) -> Sequence[Step] | None:
        """The path of the member that is invalid; None if each member is valid."""
        if self.is_of_rule:
            return None
        return [*self.path[:-1], *self.meant] if self.meant else self.path

    def within(self, *steps: Step) -> Problem:
        """Prepend steps to the path, and return the same problem."""
        self.path[:0] = steps
        return self

    def violation(self, root: str, *, search_hint: bool = True) -> Violation:
        """Return the violation of a shape.

        Args:
            root: the name of the class at which the path starts.
            search_hint: whether to call a `hint` that is a function. Defaults to True.
        """
        from hptsdk.errors import Violation

        hint = self.hint if isinstance(self.hint, str) else attempt(self.hint, str) if search_hint else ""
        return Violation(
            shape=root,
            path=_path_text(self.path),
            rule=self.rule,
            expected=self.expected,
            got=self.got,
            hint=hint,
            source=self.source,
        )


def violations(root: type, problems: Iterable[Problem]) -> tuple[Violation, ...]:
    """Return the violations for the problems of one tree of shapes."""
    name = root.__name__
    return tuple(problem.violation(name, search_hint=i < MAX_HINTS) for i, problem in enumerate(problems))


def _path_text(path: Iterable[Step]) -> str:
    """Format a path, as in `InputDataConfig[0].ChannelName` or `Environment["NAME"]`."""
    text = ""
    for step in path:
        match step:
            case int():
                text += f"[{step}]"
            case (str() as key,):
                text += f"[{json.dumps(shortened(key))}]"
            case (key,):
                text += f"[{format_value(key)}]"
            case str():
                text += f".{step}" if text else step
    return text


def step_to(name: object) -> Step:
    """Return the step to a name in a document; a name that no member could have is quoted, as the key of a map."""
    if isinstance(name, str) and name.isidentifier() and name == shortened(name):
        return name
    return (name,)


def source_of(cls: type) -> str:
    """Return the address of the API page of a structure."""
    name = cls.__name__
    for suffix in ("Request", "Response", "Input", "Output"):
        name = name.removesuffix(suffix)  # the page of an operation describes both
    return shape_page(name)


# Automatic model tuning passes the name of the objective metric to each training job in this hyperparameter.
RESERVED = "_tuning_objective_metric"

_PAGES = "https://docs.aws.amazon.com/sagemaker/latest"


def shape_page(name: str) -> str:
    """Return the address of the page of a structure in the API reference."""
    return f"{_PAGES}/APIReference/API_{name}.html"


def guide_page(name: str) -> str:
    """Return the address of a page of the developer guide, such as `dg/automatic-model-tuning`."""
    return f"{_PAGES}/{name}.html"


# --- the valid parts of a shape with problems ---

_INVALID = object()


def valid_parts(shape: ShapeT, problems: Iterable[Problem]) -> ShapeT:
    """Return a copy of a shape in which invalid members are not set: reading one raises AttributeError.

    A list with an invalid item is invalid as a whole, unless the item is a structure, which has valid members itself.
    A map keeps all its keys; reading an invalid value raises KeyError, and iterating over its values omits it.
    """
    return _without(shape, [path for problem in problems if (path := problem.invalid_member) is not None])


def _without(shape: ShapeT, paths: Sequence[Sequence[Step]]) -> ShapeT:
    copy = object.__new__(type(shape))
    object.__setattr__(copy, "_extra", {})
    invalid = _by_first_step(paths)
    for member in members_of(type(shape)):
        value: object = getattr(shape, member.attribute)
        if member.wire_name in invalid:
            value = _part_without(value, invalid[member.wire_name])
        if value is not _INVALID:
            object.__setattr__(copy, member.attribute, value)
    return copy


def _by_first_step(paths: Sequence[Sequence[Step]]) -> dict[Step, list[Sequence[Step]]]:
    groups: dict[Step, list[Sequence[Step]]] = {}
    for first, *rest in paths:
        groups.setdefault(first, []).append(rest)
    return groups


def _part_without(value: object, paths: Sequence[Sequence[Step]]) -> object:
    """Return what is valid in a value; `_INVALID` if the value itself is invalid."""
    from hptsdk._validation._shape import Shape

    if not all(paths) or (value is None and paths):
        return _INVALID
    if is_frozen_map(value):
        return _PartlyValidMap(value, {path[0][0] for path in paths if isinstance(path[0], tuple)})
    if is_tuple(value):
        invalid = _by_first_step(paths)
        items = [_part_without(item, invalid.get(index, [])) for index, item in enumerate(value)]
        return _INVALID if any(item is _INVALID for item in items) else tuple(items)
    return _without(value, paths) if paths and isinstance(value, Shape) else value


class _PartlyValidMap(FrozenMap[object, object]):
    """A map with some invalid values."""

    __slots__ = ("_valid",)

    def __init__(self, whole: FrozenMap[object, object], invalid: set[object]) -> None:
        super().__init__(dict(whole.items()))
        self._valid = {key: value for key, value in whole.items() if key not in invalid}

    def __getitem__(self, key: object) -> object:
        """Return one value; raise KeyError if it is invalid."""
        return self._valid[key]

    def get(self, key: object, default: object = None) -> object:
        """Return one value, or the default if the key is missing; raise KeyError if the value is invalid."""
        return self._valid[key] if key in self else default

    def items(self) -> ItemsView[object, object]:
        """Return the entries whose values are valid."""
        return self._valid.items()

    def values(self) -> ValuesView[object]:
        """Return the valid values."""
        return self._valid.values()


# --- values in messages ---

# Longer text is cut, an integer of more bits is described, and a longer name gets no suggestion.
_MAX_CHARACTERS = 60
_MAX_BITS = 256
_MAX_NAME = 256


def shortened(text: str) -> str:
    """Shorten a long text, and escape characters without a UTF-8 form, so that every message can be printed."""
    return _cut(text).encode(errors="backslashreplace").decode()


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else text[: _MAX_CHARACTERS - 1] + "…"


def format_value(value: object, *, secret: bool = False) -> str:  # noqa: PLR0911 - one result for each kind
    """Format a value for a message: a scalar shortened, a secret and everything else as its kind, some with a size."""
    match to_builtin(value):
        case None:
            return "None"
        case str() as text:
            return f"text of {count_of(text, 'character')}" if secret else repr(_cut(text))
        case bool() | int() | float() as number:
            return _kind_of(number) if secret else _number_text(number)
        case list() | tuple():
            return f"a list of {counted(size_of(value), 'item')}"
        case set() | frozenset():
            return f"a set of {counted(size_of(value), 'item')}"
        case dict():
            return f"a mapping of {counted(size_of(value), 'entry', 'entries')}"
        case datetime(tzinfo=None):
            return "a datetime without a time zone"
        case Unreadable():
            return "an object that cannot be read"
        case _:
            return with_article(type(value).__name__)


def _kind_of(value: float) -> str:
    if isinstance(value, bool):
        return "a boolean"
    return "an integer" if isinstance(value, int) else "a number"


def _number_text(value: float) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return repr(value)
    return f"an integer of {value.bit_length()} bits" if value.bit_length() > _MAX_BITS else int.__repr__(value)


def member_text(value: object) -> str:
    """Format the value of a member for the message of a rule; a list as the number of its items."""
    if value is None:
        return "nothing"
    return count_of(value, "item") if is_tuple(value) else format_value(value)


def count_of(items: Sized, one: str, more: str = "") -> str:
    """Format the number of items with their name, as in "2 items"."""
    return counted(len(items), one, more)


def counted(count: int, one: str, more: str = "") -> str:
    """Format a number with the name of what is counted, as in "2 items"."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def with_article(name: str) -> str:
    """Return a name with its article, as in "an AlgorithmSpecification"."""
    return f"{'an' if name[:1] in 'aeiouAEIOU' or name.startswith('S3') else 'a'} {name}"


def closest(name: object, known: Iterable[str]) -> str:
    """Return a hint with the known name that was likely meant; empty text if none is close."""
    meant = closest_name(name, known)
    return f"did you mean {meant!r}?" if meant is not None else ""


def suggestion(name: object, known: Iterable[str]) -> str:
    """Return the end of a message, such as "; did you mean 'Grid'?"; empty text if no known name is close."""
    hint = closest(name, known)
    return f"; {hint}" if hint else ""


def closest_name(name: object, known: Iterable[str]) -> str | None:
    """Return the known name that was likely meant; None if none is close."""
    if not isinstance(name, str) or len(name) > _MAX_NAME:
        return None
    import difflib

    by_folded = {k.casefold(): k for k in known}
    folded = name.casefold()
    prefixed = [candidate for candidate in by_folded if len(folded) > 1 and candidate.startswith(folded)]
    matches = prefixed or difflib.get_close_matches(folded, by_folded, n=5)
    # of equally close names, one that contains the misspelled name
    matches.sort(key=lambda candidate: folded not in candidate)
    return by_folded[matches[0]] if matches else None
