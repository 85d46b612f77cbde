"""The fuzz targets accept their seeds and report errors. The session `fuzz` runs them."""

import pytest
import targets
from hypothesis import given, strategies as st

import hptsdk
from hptsdk import schema


@pytest.mark.long
@pytest.mark.parametrize("name", targets.TARGETS)
def test_a_target_accepts_its_seeds(name):
    for seed in targets.seeds(name):
        targets.TARGETS[name](seed)


@pytest.mark.parametrize("name", targets.TARGETS)
@given(data=st.binary(max_size=200))
def test_a_target_accepts_any_bytes(name, data):
    targets.TARGETS[name](data)


@pytest.mark.parametrize("name", ["loads", "from_wire"])
def test_an_undocumented_error_is_reported(name, monkeypatch):
    def fails(cls, document):
        raise KeyError("an error")

    monkeypatch.setattr(hptsdk, name, fails)
    with pytest.raises(KeyError, match="an error"):
        targets.TARGETS[name](targets.seeds(name)[0])


def test_text_that_controls_a_terminal_is_reported(monkeypatch):
    monkeypatch.setattr(targets.shapes.CreateHyperParameterTuningJobRequest, "__str__", lambda _: "\x1b[31m")
    with pytest.raises(AssertionError, match="controls a terminal"):
        targets.reads_documents(targets.seeds("from_wire")[0])


@pytest.mark.parametrize(("name", "function"), [("validate", "RequestFile.request"), ("regex", "compile_metrics")])
def test_an_undocumented_error_of_a_file_or_a_regex_is_reported(name, function, monkeypatch):
    def fails(*_):
        raise KeyError("an error")

    monkeypatch.setattr(f"targets.{function}", fails)
    with pytest.raises(KeyError, match="an error"):
        targets.TARGETS[name](targets.seeds(name)[0])


def test_a_request_that_changes_in_a_round_trip_is_reported(monkeypatch):
    monkeypatch.setattr(hptsdk, "dumps", lambda shape: targets.json.dumps(targets.REQUESTS[1]))  # noqa: ARG005 - the signature of the original
    with pytest.raises(AssertionError, match="differs after"):
        targets.reads_documents(targets.seeds("from_wire")[0])


def test_seeds_of_valid_requests_are_accepted(monkeypatch):
    written = []
    monkeypatch.setattr(
        hptsdk, "dumps", lambda shape: written.append(shape) or targets.json.dumps(hptsdk.to_wire(shape))
    )
    for seed in targets.seeds("from_wire")[: len(targets.BASES)]:
        targets.reads_documents(seed)
    assert len(written) == len(targets.BASES)


def test_every_class_has_a_seed(monkeypatch):
    classes = set()
    monkeypatch.setattr(targets, "check", lambda read, cls, document: classes.add(cls))  # noqa: ARG005 - the signature of the original
    for seed in targets.seeds("from_wire"):
        targets.reads_documents(seed)
    assert classes == set(targets.CLASSES)


@pytest.mark.long
@pytest.mark.parametrize("cls", targets.CLASSES, ids=lambda cls: cls.__name__)
def test_an_unexpected_value_of_a_member_raises_only_documented_errors(cls):
    for member in schema.of(cls).members:
        for value in targets.UNEXPECTED:
            targets.check(hptsdk.from_wire, cls, {member.wire_name: value})
