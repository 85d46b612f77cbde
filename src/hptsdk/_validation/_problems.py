"""Problems that validators and rules report, pages of the documentation, and the valid parts of a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hptsdk._validation._formatting import format_value, shortened
from hptsdk._validation._members import members_of
from hptsdk._validation._plain_values import FrozenMap, attempt, is_frozen_map, is_tuple

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterable, Sequence, ValuesView

    from hptsdk._validation._placeholders import Placeholder
    from hptsdk._validation._shape import Shape
    from hptsdk.errors import Violation

__all__ = [
    "RESERVED",
    "Problem",
    "Step",
    "guide_page",
    "shape_page",
    "source_of",
    "step_to",
    "valid_parts",
    "violations",
]

ShapeT = TypeVar("ShapeT", bound="Shape")

Step = str | int | tuple[object]
"""One step of a path: the name of a member, an index, or the key of a map in a tuple of one."""

# A hint that is searched for takes longer than everything else, so only so many violations of one error get one.
_MAX_HINTS = 200


class Problem:
    """One invalid value, or one place where a rule is violated.

    A rule names members by their attributes; the path of a finished problem has wire names.

    Args:
        *path: the place, relative to the shape that is validated.
        expected: what would be valid.
        got: what the shape contains; never a value that may be a secret.
        hint: how to correct it, as text or as a function that searches for it. Defaults to no hint.
        rule: the id of the constraint or rule. A rule of `hptsdk.rules` sets it.
        source: the page that documents it. A rule of `hptsdk.rules` sets it.
        meant: for an unknown member, the wire names that lead from its structure to the member that was likely meant.
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
    """Return the violations of one tree of shapes."""
    name = root.__name__
    return tuple(problem.violation(name, search_hint=i < _MAX_HINTS) for i, problem in enumerate(problems))


def _path_text(path: Iterable[Step]) -> str:
    """Format a path, as in `InputDataConfig[0].ChannelName` or `Environment["NAME"]`."""
    import json

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


# --- the valid parts of a shape with problems -------------------------------------------------------------------------

_INVALID = object()


def valid_parts(shape: ShapeT, problems: Iterable[Problem]) -> ShapeT:
    """Return a copy of a shape whose invalid members are not set: reading one raises AttributeError.

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
