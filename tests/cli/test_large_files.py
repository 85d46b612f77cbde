"""The work for a file is linear in its size, and a file that is too large is rejected before it is read."""

import json
import sys

import pytest
from command_line import findings_in, run

import hptsdk
from hptsdk.shapes import CreateHyperParameterTuningJobRequest

# The largest ratio of calls for twice the violations. Quadratic work would have a ratio of four.
LINEAR = 2.5


def yaml_text(document):
    """Return a document of lists of mappings as YAML in block style."""
    lines = [f"- Key: '{item['Key']}'\n" for item in document["Tags"]]
    return "".join(["Tags:\n", *lines])


def calls_of(function, *arguments):
    """Count the calls of Python and of C while a function runs."""
    count = 0

    def counted(*_):
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("write", [json.dumps, yaml_text], ids=["json", "yaml"])
def test_the_work_is_linear_in_the_number_of_violations(tmp_path, write):
    few, many = tmp_path / "few.yaml", tmp_path / "many.yaml"
    few.write_text(write({"Tags": [{"Key": ""}] * 100}))
    many.write_text(write({"Tags": [{"Key": ""}] * 200}))
    findings_in(few)  # fills the caches
    assert calls_of(findings_in, many) < LINEAR * calls_of(findings_in, few)


def hints_of(document):
    with pytest.raises(hptsdk.errors.InvalidShapeError) as raised:
        hptsdk.from_wire(CreateHyperParameterTuningJobRequest, document)
    return [violation.hint for violation in raised.value.violations]


def test_only_the_first_violations_get_hints():
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/data/"}}
    channels = [{"ChannelName": "a", "DataSource": source, "CompressionType": f"Gzip{index}"} for index in range(300)]
    hints = hints_of({"TrainingJobDefinition": {"InputDataConfig": channels}})
    assert 150 < hints.count("did you mean 'Gzip'?") <= 200 < len(hints)


def too_large(start):
    return start + " " * (4 << 20)


def message_of(path):
    (finding,) = findings_in(path)
    return finding.message


@pytest.mark.parametrize("start", ["{}", "a: 1\n"])
def test_a_file_above_four_mebibytes_is_refused(tmp_path, start):
    path = tmp_path / "x"
    path.write_text(too_large(start))
    assert "expected at most 4 MiB, got more; check that the file" in message_of(path)


def test_yaml_above_one_mebibyte_is_refused_before_it_is_parsed(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("[" * 1000 + " " * (1 << 20))
    assert message_of(path) == "expected at most 1 MiB of YAML, got more; write it as JSON [unreadable]"


def test_violations_of_a_large_json_file_have_the_position_of_its_beginning(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(f'{{"Tags": 1{" " * (1 << 20)}}}')
    assert {(finding.line, finding.column) for finding in findings_in(path)} == {(1, 1)}


def test_only_the_first_unknown_members_get_similar_names():
    hints = hints_of({f"Tags{index}": 1 for index in range(300)})
    assert hints.count("did you mean 'Tags'?") == 200


def test_only_four_mebibytes_of_an_endless_file_are_read():
    assert "expected at most 4 MiB" in message_of("/dev/zero")


def test_standard_input_above_four_mebibytes_is_refused():
    done = run("validate", "-", text=too_large("{}"))
    message = "the file cannot be read: expected at most 4 MiB, got more; check that the file contains a request"
    assert (done.returncode, done.stderr) == (1, f"-:1:1: {message} [unreadable]\n")


def test_a_file_of_four_mebibytes_is_read(tmp_path):
    path = tmp_path / "x"
    path.write_text(too_large("{}")[: 4 << 20])
    assert "required" in {finding.rule for finding in findings_in(path)}
