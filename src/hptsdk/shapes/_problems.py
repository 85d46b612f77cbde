"""What the check writes down when something is wrong, and how it shows values without giving secrets away."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hptsdk.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Sized

__all__ = ["Problem", "closest", "shown", "source_of", "violations", "with_article"]

_PAGE = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_{}.html"

# A value shows this many characters of its text, and an integer this many bits.
_SHOWN = 60
_BITS = 256


class Problem:
    """A violation in the making: its path grows on the way out to the root.

    A segment of the path is a member's wire name, an index, or a map's key in a tuple of one.
    """

    __slots__ = ("expected", "got", "hint", "path", "rule", "source")

    def __init__(  # noqa: PLR0913 - the parts of a violation
        self, rule: str, expected: str, got: str, *, source: str, hint: str = "", path: Sequence[object] = ()
    ) -> None:
        self.rule = rule
        self.expected = expected
        self.got = got
        self.source = source
        self.hint = hint
        self.path = list(path)

    def within(self, segment: object) -> Problem:
        """Add the place that this lies in."""
        self.path.insert(0, segment)
        return self

    def violation(self, root: str) -> Violation:
        """Finish it, now that the root is known."""
        return Violation(
            shape=root,
            path=_joined(self.path),
            rule=self.rule,
            expected=self.expected,
            got=self.got,
            hint=self.hint,
            source=self.source,
        )


def violations(root: type, problems: Iterable[Problem]) -> tuple[Violation, ...]:
    """Finish the problems of one tree."""
    return tuple(problem.violation(root.__name__) for problem in problems)


def _joined(path: Iterable[object]) -> str:
    import json  # noqa: PLC0415 - only needed once something is wrong

    text = ""
    for segment in path:
        match segment:
            case int():
                text += f"[{segment}]"
            case (str() as key,):
                text += f"[{json.dumps(_shortened(key))}]"
            case tuple():
                text += f"[{shown(cast('tuple[object]', segment)[0])}]"
            case _:
                text += f".{segment}" if text else str(segment)
    return text


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def shown(value: object, *, secret: bool = False) -> str:  # noqa: PLR0911 - one answer for each kind
    """Show a value in a message: a scalar shortened, of all else, and of a secret, the kind and the size."""
    match value:
        case None:
            return "nothing"
        case str() if secret:
            return f"text of {len(value)} characters"
        case str():
            return repr(_shortened(str.__str__(value)))
        case bool() | float() if not secret:
            return repr(value)
        case int() if not secret and not isinstance(value, bool):
            return f"an integer of {value.bit_length()} bits" if value.bit_length() > _BITS else int.__repr__(value)
        case list() | tuple() | set() | frozenset() | dict():
            kind, size = type(cast("object", value)).__name__, len(cast("Sized", value))
            return f"a {kind} of {size} {'item' if size == 1 else 'items'}"
        case _:
            return with_article(type(value).__name__)


def with_article(name: str) -> str:
    """Put "a" or "an" before the name of a class."""
    return f"{'an' if name[:1] in 'aeiouAEIOU' else 'a'} {name}"


def closest(name: object, known: Iterable[str]) -> str:
    """Suggest the known name that was likely meant, as a hint, or nothing."""
    if not isinstance(name, str) or len(name) > _BITS:
        return ""
    import difflib  # noqa: PLC0415 - only needed once something is wrong

    by_folded = {k.casefold(): k for k in known}
    folded = name.casefold()
    begun = [candidate for candidate in by_folded if len(folded) > 1 and candidate.startswith(folded)]
    found = begun or difflib.get_close_matches(folded, by_folded, n=5)
    # of those as close as each other, one that only lacks something
    found.sort(key=lambda candidate: folded not in candidate)
    return f"did you mean {by_folded[found[0]]!r}?" if found else ""


def source_of(cls: type) -> str:
    """Give the API page of a structure."""
    return _PAGE.format(cls.__name__)
