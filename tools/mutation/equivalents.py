"""The survivors that no test can detect, from `equivalents.toml`.

A table of the file has the name of a module and of a function; `<module>` is the module level. Its `operators` are
names of cosmic-ray, such as `Eq_GtE` for `==` replaced by `>=`. A repeated name stands for several mutants. An entry
contains no source text, so it stays valid when the function is reformatted.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mutants import SOURCES, functions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from results import Outcome

FILE = Path(__file__).with_name("equivalents.toml")


class Equivalent(NamedTuple):
    """Mutants of one function and one operator that no test can detect, and the reason.

    Attributes:
        module: the file below `src/hptsdk`.
        function: the qualified name; empty for module level.
        operator: cosmic-ray's operator without its common prefix.
        count: how many mutants of this function and operator may survive.
        reason: why no test can detect them.
    """

    module: str
    function: str
    operator: str
    count: int
    reason: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The module, the function and the operator of the mutants that the entry explains."""
        return self.module, self.function, self.operator


class Equivalents:
    """The entries of `equivalents.toml`."""

    def __init__(self, file: Path = FILE) -> None:
        self.entries = list(_entries(tomllib.loads(file.read_text())))

    def unexplained(self, survivors: Iterable[Outcome]) -> list[Outcome]:
        """Return the survivors without an entry, and those that exceed the count of their entry."""
        remaining = self._allowed()
        result = []
        for survivor in survivors:
            key = key_of(survivor)
            if remaining[key] > 0:
                remaining[key] -= 1
            else:
                result.append(survivor)
        return result

    def stale(self, survivors: Iterable[Outcome], modules: Iterable[str]) -> list[Equivalent]:
        """Return the entries of some modules that allow more survivors than there are."""
        counts, allowed, current = Counter(map(key_of, survivors)), self._allowed(), set(modules)
        return [each for each in self.entries if each.module in current and counts[each.key] < allowed[each.key]]

    def misplaced(self) -> list[Equivalent]:
        """Return the entries whose module or function does not exist."""
        return [each for each in self.entries if each.function not in _functions(each.module)]

    def _allowed(self) -> Counter[tuple[str, str, str]]:
        counts: Counter[tuple[str, str, str]] = Counter()
        for each in self.entries:
            counts[each.key] += each.count
        return counts

    def reason(self, survivor: Outcome) -> str:
        """Return the reason why no test can detect a survivor; empty if it has no entry."""
        return next((each.reason for each in self.entries if each.key == key_of(survivor)), "")


def key_of(survivor: Outcome) -> tuple[str, str, str]:
    """Return the module, the function and the short operator of a survivor."""
    return survivor.module, survivor.function, short_operator(survivor.operator)


def short_operator(name: str) -> str:
    """Return cosmic-ray's name of an operator without its prefix."""
    return re.sub(r"^(core/)?(Replace)?((Comparison|Binary|Unary)Operator_)?", "", name)


def _entries(document: dict[str, dict[str, list[dict[str, object]]]]) -> Iterator[Equivalent]:
    for module, functions in document.items():
        for function, mutations in functions.items():
            for each in mutations:
                match each:
                    case {"operators": list(operators), "reason": str(reason)}:
                        counts = Counter(map(str, operators))
                        name = "" if function == "<module>" else function
                        yield from (Equivalent(module, name, *pair, reason) for pair in counts.items())
                    case _:
                        raise ValueError(f"{FILE.name}: {module}, {function}: expected operators and a reason")


def _functions(module: str) -> set[str]:
    path = SOURCES / module
    return {"", *(name for name, _ in functions_of(ast.parse(path.read_text())))} if path.exists() else set()
