"""Requests with one mistake each, one for every way that hptsdk knows, and valid ones to see that a tool takes those.

Written for `subject.py`, which runs where hptsdk is not installed.
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
from hptsdk.testing.strategies._invalid_requests import mutated_request, places, request_with_invalid_value
from hptsdk.testing.strategies._mutations import MUTATIONS, Mutation

VALID = 100

# The simplest example of a strategy, the same in each run.
_SIMPLEST = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


class Mistake(NamedTuple):
    """One way to get a request wrong."""

    kind: str
    where: str
    document: dict[str, Any]


def mistakes() -> Iterator[Mistake]:
    """Give a request for each way to break each rule, and each bound of each member."""
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
    # a tool that drops what is empty would refuse the lack of it, not the mistake
    for definition in (document.get("TrainingJobDefinition"), *(document.get("TrainingJobDefinitions") or ())):
        if isinstance(definition, dict) and definition.get("StoppingCondition") == {}:
            definition["StoppingCondition"] = {"MaxRuntimeInSeconds": 3600}
    return document


@st.composite
def _unchanged(draw: st.DrawFn, *, several: bool) -> dict[str, Any]:
    return mutated_request(draw, Mutation({}, ({}, {}) if several else None))


def plain() -> list[dict[str, Any]]:
    """Give the requests that the mistakes are put into, before they are."""
    return [_example(_unchanged(several=several)) for several in (False, True)]


def valid() -> list[dict[str, Any]]:
    """Draw valid requests."""
    found: list[dict[str, Any]] = []

    @settings(_SIMPLEST, phases=[Phase.generate], max_examples=VALID)
    def collect(request: Request) -> None:
        found.append(hptsdk.to_wire(request))

    given(strategies.requests())(collect)()
    return found


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(pickle.dumps(([tuple(mistake) for mistake in mistakes()], plain(), valid())))
