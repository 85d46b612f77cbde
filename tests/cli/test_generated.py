"""The commands with generated requests: many files, one process."""

import json

import pytest
from command_line import run
from hypothesis import HealthCheck, Phase, given, settings

import hptsdk
from hptsdk.testing import strategies

COUNT = 30


def drawn(strategy):
    """Return generated values, the same each time."""
    values = []

    @settings(
        max_examples=COUNT,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value):
        values.append(value)

    collect()
    return values


@pytest.fixture(scope="module")
def requests():
    return drawn(strategies.requests(extreme=True))


@pytest.mark.long
def test_valid_files_have_no_errors(requests, tmp_path):
    paths = [tmp_path / f"{number}.json" for number in range(len(requests))]
    for path, request in zip(paths, requests, strict=True):
        path.write_text(hptsdk.dumps(request))
    done = run("validate", *paths, "--output", "json")
    assert done.returncode == 0
    assert {finding["level"] for finding in json.loads(done.stdout)} <= {"advice"}


@pytest.mark.long
def test_each_invalid_file_has_a_finding_of_the_rule_that_it_breaks(tmp_path):
    broken = [(document, rule) for document, rule in drawn(strategies.invalid_requests()) if is_json(document)]
    paths = [tmp_path / f"{number}.json" for number in range(len(broken))]
    for path, (document, _) in zip(paths, broken, strict=True):
        path.write_text(json.dumps(document))
    done = run("validate", *paths, "--output", "json")
    rules = {str(path): set() for path in paths}
    for finding in json.loads(done.stdout):
        if finding["level"] == "error":
            rules[finding["file"]].add(finding["rule"])
    assert done.returncode == 1
    assert list(rules.values()) == [{rule} for _, rule in broken]
    assert len(broken) > COUNT / 2


def is_json(document):
    """Check whether a document is equal after it is written as JSON and read."""
    try:
        text = json.dumps(document, allow_nan=False)
        text.encode()
    except (TypeError, ValueError):
        return False
    return json.loads(text) == document


@pytest.mark.long
@pytest.mark.parametrize("target", ["json", "yaml", "python"])
def test_a_file_converted_to_another_format_and_back_is_equal(requests, tmp_path, target):
    for number, request in enumerate(requests[:4]):
        source = tmp_path / f"{number}.json"
        source.write_text(hptsdk.dumps(request))
        converted = tmp_path / f"{number}.{'py' if target == 'python' else target}"
        converted = converted if target != "json" else tmp_path / f"{number}-again.json"
        exact = ["--exact"] if target == "python" else []
        converted.write_text(run("convert", source, "--to", target, *exact).stdout)
        back = run("convert", converted, "--to", "json").stdout
        assert json.loads(back) == json.loads(source.read_text())
