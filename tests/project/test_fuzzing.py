"""What is fuzzed takes its seeds, and tells what it should of what it finds; the fuzzing is `nox -s fuzz`."""

import pytest
import targets
from hypothesis import given, strategies as st

import hptsdk


@pytest.mark.parametrize("name", targets.TARGETS)
def test_a_target_takes_its_seeds(name):
    for seed in targets.seeds(name):
        targets.TARGETS[name](seed)


@pytest.mark.parametrize("name", targets.TARGETS)
@given(data=st.binary(max_size=200))
def test_a_target_takes_any_bytes(name, data):
    targets.TARGETS[name](data)


@pytest.mark.parametrize("name", ["loads", "from_wire"])
def test_another_error_than_the_one_that_may_come_out_is_a_finding(name, monkeypatch):
    def fails(cls, found):
        raise KeyError("a finding")

    monkeypatch.setattr(hptsdk, name, fails)
    with pytest.raises(KeyError, match="a finding"):
        targets.TARGETS[name](targets.seeds(name)[0])


def test_text_that_controls_a_terminal_is_a_finding(monkeypatch):
    monkeypatch.setattr(targets.shapes.CreateHyperParameterTuningJobRequest, "__str__", lambda _: "\x1b[31m")
    with pytest.raises(AssertionError, match="controls a terminal"):
        targets.reads_documents(targets.seeds("from_wire")[0])


@pytest.mark.parametrize(("name", "function"), [("validate", "RequestFile.request"), ("regex", "compiled")])
def test_another_error_of_a_file_or_a_regex_is_a_finding(name, function, monkeypatch):
    def fails(*_):
        raise KeyError("a finding")

    monkeypatch.setattr(f"targets.{function}", fails)
    with pytest.raises(KeyError, match="a finding"):
        targets.TARGETS[name](targets.seeds(name)[0])


def test_a_request_that_reads_back_as_another_is_a_finding(monkeypatch):
    monkeypatch.setattr(hptsdk, "dumps", lambda shape: targets.json.dumps(targets.REQUESTS[1]))  # noqa: ARG005 - likewise
    with pytest.raises(AssertionError, match="is another"):
        targets.reads_documents(targets.seeds("from_wire")[0])


def test_seeds_of_requests_without_a_fault_are_read(monkeypatch):
    read = []
    monkeypatch.setattr(hptsdk, "dumps", lambda shape: read.append(shape) or targets.json.dumps(hptsdk.to_wire(shape)))
    for seed in targets.seeds("from_wire")[: len(targets.BASES)]:
        targets.reads_documents(seed)
    assert len(read) == len(targets.BASES)


def test_every_class_has_a_seed(monkeypatch):
    met = set()
    monkeypatch.setattr(targets, "check", lambda read, cls, found: met.add(cls))  # noqa: ARG005 - likewise
    for seed in targets.seeds("from_wire"):
        targets.reads_documents(seed)
    assert met == set(targets.CLASSES)
