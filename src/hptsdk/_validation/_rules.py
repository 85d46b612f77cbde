"""What a rule is, how it says what is broken, and how it is waived."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal, TypeVar

from hptsdk._validation._pages import guide_page, shape_page

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from hptsdk._validation._shape import Shape

__all__ = [
    "Basis",
    "Breach",
    "Level",
    "Quotas",
    "Rule",
    "advice",
    "breaches_of",
    "repeated",
    "rule",
    "waived_ids",
    "waiving",
]

T = TypeVar("T")

Level = Literal["error", "advice"]
Basis = Literal["documented", "observed", "inferred"]

Step = str | int | tuple[object]
"""One step of a path: a member by its attribute name, an index, or a map's key in a tuple of one."""


class Breach:
    """One place where a rule is broken.

    Args:
        *path: where, from the shape that the rule stands on.
        expected: what would be right.
        got: what is there; never a value that may be a secret.
        hint: how to mend it.
    """

    __slots__ = ("expected", "got", "hint", "path")

    def __init__(self, *path: Step, expected: str, got: str, hint: str = "") -> None:
        self.path = path
        self.expected = expected
        self.got = got
        self.hint = hint


# From dg/automatic-model-tuning-limits, column "Can be increased to", or the default of what can't be increased. Of
# metrics that page has 20, but the API reference (MetricDefinitionList) and
# dg/automatic-model-tuning-define-metrics-variables have 40.
_HIGHEST = {
    "max_training_jobs": 750,
    "max_random_training_jobs": 10_000,
    "max_parallel_jobs": 100,
    "max_metrics": 40,
    "max_tuning_jobs": 100,
}


class Quotas:
    """Quotas of an account, at their defaults where nothing is said; AWS raises some on request.

    Args:
        max_training_jobs: of one tuning job, whatever its strategy but Random.
        max_random_training_jobs: of one tuning job that searches at random.
        max_parallel_jobs: training jobs of one tuning job at a time.
        max_metrics: metrics of one tuning job.
        max_tuning_jobs: tuning jobs that have not ended; `advise` does not use it, the local service does.
    """

    __slots__ = (
        "max_metrics",
        "max_parallel_jobs",
        "max_random_training_jobs",
        "max_training_jobs",
        "max_tuning_jobs",
    )

    def __init__(
        self,
        *,
        max_training_jobs: int = 750,
        max_random_training_jobs: int = 750,
        max_parallel_jobs: int = 10,
        max_metrics: int = 20,
        max_tuning_jobs: int = 100,
    ) -> None:
        self.max_training_jobs = max_training_jobs
        self.max_random_training_jobs = max_random_training_jobs
        self.max_parallel_jobs = max_parallel_jobs
        self.max_metrics = max_metrics
        self.max_tuning_jobs = max_tuning_jobs

    @classmethod
    def highest(cls, **others: int) -> Quotas:
        """Return the highest quotas that AWS grants, with other values for those that are named.

        Example:
            >>> Quotas.highest(max_metrics=20).max_parallel_jobs
            100
        """
        return cls(**_HIGHEST | others)

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return f"Quotas({', '.join(f'{name}={getattr(self, name)}' for name in self.__slots__)})"


def repeated(values: Iterable[T]) -> list[tuple[int, T]]:
    """Return the values that are equal to an earlier one, with their indexes."""
    seen: set[T] = set()
    found: list[tuple[int, T]] = []
    for index, value in enumerate(values):
        if value in seen:
            found.append((index, value))
        seen.add(value)
    return found


_NOT_A_MEMBER = object()

Found = Breach | list[Breach] | None


def breaches_of(found: Breach | list[Breach]) -> list[Breach]:
    """Give what a rule found as a list."""
    return [found] if isinstance(found, Breach) else found


class Rule:
    """A rule; its sentence is the first line of its function's docstring.

    Attributes:
        id: what violations and `hptsdk.waived` call it.
        refs: the rows of the catalogue of mistakes that it covers.
        level: an error is raised when the shape is built; advice is given when asked for.
        basis: whether AWS documents it, was seen to refuse it, or it is inferred.
        source: the page or thread that says so.
        needs: members without which it cannot be broken, of those that the shape has; it is not called while one
            is absent.
        check: gives what is broken, or None.
        takes_quotas: whether it depends on the account's quotas.
    """

    __slots__ = ("_source", "basis", "check", "id", "level", "needs", "refs", "takes_quotas")

    def __init__(  # noqa: PLR0913 - the parts of a rule
        self,
        id_: str,
        refs: tuple[str, ...],
        *,
        level: Level,
        basis: Basis,
        source: str,
        needs: tuple[str, ...],
        check: Callable[..., Found],
    ) -> None:
        self.id = id_
        self.refs = refs
        self.level: Level = level
        self.basis: Basis = basis
        self._source = source
        self.needs = needs
        self.check = check
        self.takes_quotas = check.__code__.co_argcount > 1

    @property
    def sentence(self) -> str:
        """What it asks for."""
        return (self.check.__doc__ or "").strip().partition("\n")[0]

    @property
    def source(self) -> str:
        """The page or thread, as an address where it is a page of the SageMaker documentation."""
        if self._source.startswith("API_"):
            return shape_page(self._source.removeprefix("API_"))
        return guide_page(self._source) if self._source.startswith("dg/") else self._source

    def breaches(self, shape: Shape, quotas: Quotas | None = None) -> Sequence[Breach]:
        """Apply it to a shape."""
        for name in self.needs:
            if getattr(shape, name, _NOT_A_MEMBER) is None:
                return ()
        found = self.check(shape, quotas) if self.takes_quotas and quotas is not None else self.check(shape)
        return () if found is None else breaches_of(found)

    def __repr__(self) -> str:
        """Show what it is called."""
        return f"<Rule {self.id}>"


def rule(
    id_: str, *refs: str, source: str, basis: Basis = "documented", needs: tuple[str, ...] = ()
) -> Callable[[Callable[..., Found]], Rule]:
    """Make a function of a shape a rule whose breach is an error."""

    def made(check: Callable[..., Found]) -> Rule:
        return Rule(id_, refs, level="error", basis=basis, source=source, needs=needs, check=check)

    return made


def advice(
    id_: str, *refs: str, source: str, basis: Basis = "documented", needs: tuple[str, ...] = ()
) -> Callable[[Callable[..., Found]], Rule]:
    """Make a function a rule whose breach is advice; it may take the account's quotas as a second argument."""

    def made(check: Callable[..., Found]) -> Rule:
        return Rule(id_, refs, level="advice", basis=basis, source=source, needs=needs, check=check)

    return made


_waived: ContextVar[frozenset[str]] = ContextVar("hptsdk_waived", default=frozenset())


def waived_ids() -> frozenset[str]:
    """Give the rules that are not applied here."""
    return _waived.get()


@contextmanager
def waiving(ids: frozenset[str]) -> Generator[None]:
    """Apply these rules no more, in this thread or task, until the block ends."""
    token = _waived.set(_waived.get() | ids)
    try:
        yield
    finally:
        _waived.reset(token)
