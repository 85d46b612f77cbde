"""Requests with one mistake each, for every violation that hptsdk detects, and valid requests.

`mistakes.py FILE` writes them to FILE as pickle. `subject.py` reads them in an environment that may not have hptsdk.
"""

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, find, given, settings, strategies as st

import hptsdk
from hptsdk.shapes import CreateHyperParameterTuningJobRequest as Request
from hptsdk.testing import strategies
from hptsdk.testing.strategies._draw.mutations import MUTATIONS, Mutation
from hptsdk.testing.strategies._invalid_requests import mutated_request, places, request_with_invalid_value

VALID = 100

# The simplest example of a strategy, the same in each run.
_SIMPLEST = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


class Mistake(NamedTuple):
    """A request with one mistake.

    Attributes:
        kind: a key of `KINDS` in `comparing.py`.
        where: the rule, or the path of the member.
        document: the request in the form of boto3.
    """

    kind: str
    where: str
    document: dict[str, Any]


def mistakes() -> Iterator[Mistake]:
    """Return a request for each violation of each rule, and of each constraint of each member."""
    for rule, mutations in sorted(MUTATIONS.items()):
        for number in range(len(mutations)):
            yield Mistake("rule", f"{rule} {number}", _example(_rule_broken(rule, number)))
    for kind, invalid in sorted(places().items()):
        for number, (place, _) in enumerate(invalid):
            where = ".".join(map(str, (*place.path, place.member.wire_name)))
            yield Mistake(kind, where, _example(_bound_broken(kind, number)))


@st.composite
def _rule_broken(draw: st.DrawFn, rule: str, number: int) -> dict[str, Any]:
    return mutated_request(draw, MUTATIONS[rule][number])


@st.composite
def _bound_broken(draw: st.DrawFn, kind: str, number: int) -> dict[str, Any]:
    return request_with_invalid_value(draw, *places()[kind][number])


def _example(strategy: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    document = find(strategy, lambda _: True, settings=settings(_SIMPLEST, phases=[Phase.generate], max_examples=1))
    # a tool that removes empty structures would reject the missing structure instead of the mistake
    for definition in (document.get("TrainingJobDefinition"), *(document.get("TrainingJobDefinitions") or ())):
        if isinstance(definition, dict) and definition.get("StoppingCondition") == {}:
            definition["StoppingCondition"] = {"MaxRuntimeInSeconds": 3600}
    return document


@st.composite
def _unchanged(draw: st.DrawFn, *, several: bool) -> dict[str, Any]:
    return mutated_request(draw, Mutation({}, ({}, {}) if several else None))


def plain() -> list[dict[str, Any]]:
    """Return the two requests without a mistake: with one definition, and with several."""
    return [_example(_unchanged(several=several)) for several in (False, True)]


def valid() -> list[dict[str, Any]]:
    """Return 100 generated valid requests."""
    documents: list[dict[str, Any]] = []

    @settings(_SIMPLEST, phases=[Phase.generate], max_examples=VALID)
    def collect(request: Request) -> None:
        documents.append(hptsdk.to_wire(request))

    given(strategies.requests(extreme=True))(collect)()
    return documents


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(pickle.dumps(([tuple(mistake) for mistake in mistakes()], plain(), valid())))
