"""What the check writes down when something is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hptsdk._validation._formatting import shortened, shown
from hptsdk._validation._pages import shape_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hptsdk.errors import Violation

__all__ = ["Problem", "source_of", "step_to", "violations"]

# Finding the name that was likely meant takes longer than all else, so that only so many violations of an error have
# a hint that has to be found.
_HINTED = 200


class Problem:
    """A violation in the making: its path grows on the way out to the root.

    A segment of the path is a member's wire name, an index, or a map's key in a tuple of one.

    Attributes:
        hint: how to correct it, as text or as a function that finds it.
        meant: of an unknown member, the wire names that lead from its structure to the member that was likely meant.
        of_rule: whether a rule between members is violated, by members that are valid each.
    """

    __slots__ = ("expected", "got", "hint", "meant", "of_rule", "path", "rule", "source")

    def __init__(  # noqa: PLR0913 - the parts of a violation
        self,
        rule: str,
        expected: str,
        got: str,
        *,
        source: str,
        hint: str | Callable[[], str] = "",
        path: Sequence[object] = (),
        meant: Sequence[str] = (),
        of_rule: bool = False,
    ) -> None:
        self.rule = rule
        self.expected = expected
        self.got = got
        self.source = source
        self.hint = hint
        self.path = list(path)
        self.meant = meant
        self.of_rule = of_rule

    @property
    def invalid_member(self) -> Sequence[object] | None:
        """The path of the member that is invalid; None if there is none."""
        if self.of_rule:
            return None
        return [*self.path[:-1], *self.meant] if self.meant else self.path

    def within(self, segment: object) -> Problem:
        """Add the place that this lies in."""
        self.path.insert(0, segment)
        return self

    def violation(self, root: str, *, hinted: bool = True) -> Violation:
        """Return the violation of a shape; `hinted` is false if no hint is to be found for it."""
        from hptsdk.errors import Violation  # only needed once something is wrong

        hint = self.hint if isinstance(self.hint, str) else _found(self.hint) if hinted else ""
        return Violation(
            shape=root,
            path=_joined(self.path),
            rule=self.rule,
            expected=self.expected,
            got=self.got,
            hint=hint,
            source=self.source,
        )


def _found(hint: Callable[[], str]) -> str:
    try:
        return hint()
    except Exception:  # noqa: BLE001 - the methods of a value can raise anything
        return ""


def violations(root: type, problems: Iterable[Problem]) -> tuple[Violation, ...]:
    """Return the violations of one tree."""
    return tuple(problem.violation(root.__name__, hinted=index < _HINTED) for index, problem in enumerate(problems))


def _joined(path: Iterable[object]) -> str:
    import json  # only needed once something is wrong

    text = ""
    for segment in path:
        match segment:
            case int():
                text += f"[{segment}]"
            case (str() as key,):
                text += f"[{json.dumps(shortened(key))}]"
            case tuple():
                text += f"[{shown(cast('tuple[object]', segment)[0])}]"
            case _:
                text += f".{segment}" if text else str(segment)
    return text


def step_to(name: object) -> object:
    """Give the step of a path to what a document names: an odd name is quoted, as a map's key is."""
    plain = isinstance(name, str) and name.isidentifier() and name == shortened(name)
    return name if plain else (name,)


def source_of(cls: type) -> str:
    """Give the API page of a structure."""
    name = cls.__name__
    for ending in ("Request", "Response", "Input", "Output"):
        name = name.removesuffix(ending)  # an operation's page tells of both
    return shape_page(name)
