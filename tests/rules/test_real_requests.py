"""Requests of other projects, if a collection of them exists: valid ones build, invalid ones raise."""

import json
import os
import statistics
from pathlib import Path

import pytest

import hptsdk
from hptsdk import errors, export
from hptsdk.shapes import CreateHyperParameterTuningJobRequest as Request

PLACE = Path(
    os.environ.get("HPTSDK_REAL_REQUESTS") or Path(__file__).parents[3] / "shared/reference/real_requests.jsonl"
)


def collected():
    if not PLACE.exists():
        return []
    return [json.loads(line) for line in PLACE.read_text().splitlines()]


VALID = [row for row in collected() if row["believed"] == "valid"]
INVALID = [row for row in collected() if row["believed"] != "valid"]


def test_the_collection_exists():
    if not VALID:
        pytest.skip(f"no collection of real requests at {PLACE.name}; HPTSDK_REAL_REQUESTS names another place")
    assert INVALID


@pytest.mark.parametrize("row", VALID, ids=lambda row: row["id"])
def test_a_valid_real_request_builds(row):
    request = hptsdk.from_wire(Request, row["request"])
    assert hptsdk.to_wire(request) == row["request"]


@pytest.mark.parametrize("row", INVALID, ids=lambda row: row["id"])
def test_an_invalid_real_request_raises(row):
    with pytest.raises(errors.InvalidShapeError):
        hptsdk.from_wire(Request, row["request"])


def test_advice_about_numbers_is_rare():
    requests = [hptsdk.from_wire(Request, row["request"]) for row in VALID]
    advised = [
        request
        for request in requests
        if any(advice.rule.startswith("metric-group-") for advice in hptsdk.advise(request))
    ]
    assert len(advised) <= len(requests) / 10


@pytest.mark.parametrize("row", VALID, ids=lambda row: row["id"])
def test_the_code_of_a_valid_real_request_has_a_method_for_each_member(row):
    code = export.python(hptsdk.from_wire(Request, row["request"]))
    assert ".with_(" not in code


@pytest.mark.parametrize("row", VALID, ids=lambda row: row["id"])
def test_the_code_of_a_valid_real_request_builds_one_with_the_same_code(row):
    names = {}
    code = export.python(hptsdk.from_wire(Request, row["request"]))
    exec(code, names)  # noqa: S102 - that it runs is the test
    assert export.python(names["request"]) == code


@pytest.mark.skipif(not VALID, reason="no collection of real requests")
def test_the_median_length_of_the_code_of_valid_real_requests_is_at_most_1340_characters():
    lengths = [len(export.python(hptsdk.from_wire(Request, row["request"]))) for row in VALID]
    assert statistics.median(lengths) <= 1340
