"""Problems that validators and rules report, pages of the documentation, and the places of a member."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from hptsdk._validation._formatting import format_value, shortened
from hptsdk._validation._members import members_of
from hptsdk._validation._plain_values import attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hptsdk._validation._placeholders import Placeholder
    from hptsdk._validation._shape import Shape
    from hptsdk.errors import Violation

__all__ = [
    "RESERVED",
    "Problem",
    "Step",
    "belongs_elsewhere",
    "guide_page",
    "is_modelled",
    "shape_page",
    "source_of",
    "step_to",
    "violations",
]

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


_WORD = "[A-Z][a-z]*"


def belongs_elsewhere(shape: Shape, name: str) -> str:
    """Return a hint about a member that neither the structure nor its parts have.

    Args:
        shape: the structure that holds the member by mistake.
        name: the wire name of the member.

    Returns:
        The structure in which it belongs; empty text if no structure has such a member, or several may be meant.
    """
    own = _paths_in_a_request().get(type(shape), ())
    places = [path for cls, path in _places_in_a_request().get(name, ()) if cls is not type(shape)]
    places.sort(key=lambda path: _shared_steps(path, own), reverse=True)
    # many structures have a member such as Name, and a missing member was probably meant instead
    is_clear = len(re.findall(_WORD, name)) > 1 and not _lacks_a_member(shape)
    if len(places) == 1 or (places and is_clear):
        return f"move it to {'.'.join(places[0]) or 'the request'}"
    if not places and (owner := _other_owners().get(name)):
        return f"remove it; it is a member of {owner}"
    return ""


def _shared_steps(path: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return the number of steps with which both paths begin."""
    return sum(1 for _ in takewhile(lambda steps: steps[0] == steps[1], zip(path, other, strict=False)))


def is_modelled(name: str) -> bool:
    """Check whether any structure of the API has a member of this name."""
    return name in _places_in_a_request() or name in _other_owners()


def _lacks_a_member(shape: Shape) -> bool:
    return any(member.required and getattr(shape, member.attribute) is None for member in members_of(type(shape)))


@lru_cache(maxsize=1)
def _places_in_a_request() -> dict[str, list[tuple[type[Shape], tuple[str, ...]]]]:
    """Return, for each name of a member, the structures that have it with their paths, the shortest path first."""
    places: dict[str, list[tuple[type[Shape], tuple[str, ...]]]] = {}
    for structure, path in _paths_in_a_request().items():
        for member in members_of(structure):
            places.setdefault(member.wire_name, []).append((structure, path))
    return places


@lru_cache(maxsize=1)
def _paths_in_a_request() -> dict[type[Shape], tuple[str, ...]]:
    """Return the structures of a request with their paths, the shortest path first."""
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

    paths: dict[type[Shape], tuple[str, ...]] = {CreateHyperParameterTuningJobRequest: ()}
    pending: list[type[Shape]] = [*paths]
    for structure in pending:  # the loop appends to it
        for member in members_of(structure):
            part = (member.type.item or member.type).shape
            if part is not None and part not in paths:
                paths[part] = (*paths[structure], member.wire_name)
                pending.append(part)
    return paths


@lru_cache(maxsize=1)
def _other_owners() -> dict[str, str]:
    """Return, for each name of a member of another structure, the name of the first structure that has it."""
    from hptsdk import shapes

    owners: dict[str, str] = {}
    for name in shapes.__all__:
        for member in members_of(getattr(shapes, name)):
            owners.setdefault(member.wire_name, name)
    return owners
