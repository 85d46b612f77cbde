"""Files that are not requests: each is an error with its position, and the files after it are validated too."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import HPTSDK, PLAIN, findings_in, run


def refusal(tmp_path, text, name="x.yaml"):
    """Validate a file that is not a request, and return the position and the message of the finding."""
    path = tmp_path / name
    path.write_text(text)
    (finding,) = findings_in(path)
    assert finding.rule == "unreadable"
    return (finding.line, finding.column), finding.message.removesuffix(" [unreadable]")


def rules_of(path):
    return {finding.rule for finding in findings_in(path)}


def nested_aliases(count):
    channels = ", ".join(["*c"] * count)
    definitions = ", ".join(["*d"] * count)
    return (
        f"TrainingJobDefinition: &d {{InputDataConfig: [&c {{ChannelName: a}}, {channels}]}}\n"
        f"TrainingJobDefinitions: [{definitions}]\n"
    )


def test_aliases_that_resolve_to_millions_of_values_are_refused(tmp_path):
    position, message = refusal(tmp_path, nested_aliases(2000))
    assert position == (2, 25)
    assert message == "expected at most 200,000 values after aliases are resolved, got more"


def test_aliases_of_aliases_count_as_the_values_that_they_resolve_to(tmp_path):
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    assert refusal(tmp_path, "\n".join(lines))[1].startswith("expected at most 200,000 values")


def test_merged_members_count_as_the_values_that_they_resolve_to(tmp_path):
    lines = ["a0: &a0 {x: 1}", *(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60))]
    assert refusal(tmp_path, "\n".join(lines))[1].startswith("expected at most 200,000 values")


def test_a_value_that_contains_itself_is_refused(tmp_path):
    assert refusal(tmp_path, "a: 1\nb: &b [*b]\n") == (
        (2, 4),
        "expected at most 200,000 values after aliases are resolved, got more",
    )


def test_a_few_aliases_are_allowed(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text(nested_aliases(3))
    assert {"required", "one-kind-of-definition"} <= rules_of(path)


def test_a_repeated_anchor_is_not_a_warning(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("A: &a 1\nB: &a 2\n")
    assert "unknown-member" in rules_of(path)


@pytest.mark.parametrize(
    ("text", "position", "kind"),
    [
        ("a: 1\nb: !!bool x\n", (2, 4), "bool"),
        ("a: !!int ''", (1, 4), "int"),
        ("a: !!int x", (1, 4), "int"),
        ("a: " + "1" * 5000, (1, 4), "int"),
        ("a: !!float ''", (1, 4), "float"),
        ("a: !!timestamp x", (1, 4), "timestamp"),
        ("a: 2026-13-45", (1, 4), "timestamp"),
        ("a: !!binary x", (1, 4), "binary"),
    ],
)
def test_a_value_that_does_not_match_its_tag_is_an_error_at_its_position(tmp_path, text, position, kind):
    assert refusal(tmp_path, text) == (position, f"expected a value of !!{kind}, got another type")


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("a: !mine x", (1, 4), "invalid YAML: unknown tag; put text that begins with ! in quotes"),
        ("a: *mine", (1, 4), "invalid YAML: undefined alias; put text that begins with * in quotes"),
        ("a: !!map x", (1, 4), "invalid YAML: expected a mapping node"),
        ("a: {<<: x}", (1, 9), "invalid YAML: expected a mapping or list of mappings for merging"),
        ("a: 1\n? [b]\n: 2", (2, 3), "expected the name of a member, got a structure"),
        ("a: \x01", (1, 1), "invalid YAML: unacceptable character #x0001"),
        ('a: "\\U00110000"', (1, 1), "invalid YAML: "),
    ],
)
def test_unsupported_yaml_is_an_error_in_one_line(tmp_path, text, position, expected):
    actual_position, message = refusal(tmp_path, text)
    assert (actual_position, message[: len(expected)], message.count("\n")) == (position, expected, 0)


@pytest.mark.parametrize(
    "text",
    [
        "TOKEN: !hunter2",
        "TOKEN: !hunter2 x",
        "TOKEN: !!hunter2 x",
        "TOKEN: !<hunter2> x",
        "TOKEN: !hunter2!x y",
        "TOKEN: *hunter2",
        "TOKEN: &hunter2 *hunter3",
        "TOKEN: !hunter2,x",
        "TOKEN: !hunter2\n  A: b",
        "%TAG !hunter2! tag:a\n%TAG !hunter2! tag:b\n---\na: b",
        "TOKEN: hunter2: x",
        "TOKEN: @hunter2",
        "TOKEN: `hunter2",
        "TOKEN: %hunter2\n",
        "TOKEN: [hunter2",
        "TOKEN: {hunter2",
        "TOKEN: 'hunter2",
        'TOKEN: "hunter2\\q"',
        "TOKEN: |hunter2",
        "TOKEN: >hunter2",
        "TOKEN: ? hunter2",
    ],
)
def test_messages_show_no_part_of_a_value_that_yaml_reads_as_another_type(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    assert "hunter" not in run("validate", path).stderr


def test_the_message_for_a_repeated_name_does_not_show_its_values(tmp_path):
    text = "a: 1\ntoken: hunter2\ntoken: hunter3\n"
    assert refusal(tmp_path, text) == ((3, 1), "expected each name once, got 'token' again")


@pytest.mark.long
@pytest.mark.parametrize("text", ["a: " + "[" * 5000, "a: " + "[" * 5000 + "]" * 5000, "- " * 5000])
def test_deep_yaml_is_refused(tmp_path, text):
    assert refusal(tmp_path, text)[1].startswith("expected at most 100 levels, got more")


def test_deep_json_is_refused(tmp_path):
    text = '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert refusal(tmp_path, text, "x.json")[1].startswith("expected JSON that is not nested too deeply")


@pytest.mark.long
def test_a_chain_of_aliases_is_not_nested(tmp_path):
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 500))]
    path = tmp_path / "x.yaml"
    path.write_text("\n".join(lines))
    assert "unknown-member" in rules_of(path)


def test_the_message_for_a_python_file_has_the_command_that_converts_it(tmp_path):
    _, message = refusal(tmp_path, "request = 1\n", "job.py")
    command = f"hptsdk convert {tmp_path / 'job.py'} --to yaml > job.yaml"
    assert message == f"expected JSON or YAML, got Python; run it and write its request as YAML with: {command}"


def test_the_message_for_a_missing_python_file_has_no_command(tmp_path):
    (finding,) = findings_in(tmp_path / "job.py")
    assert finding.message == "the file cannot be read: No such file or directory [unreadable]"


def test_the_command_for_a_python_file_whose_name_begins_with_a_hyphen_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("-job.py").write_text("raise SystemExit(1)\n")
    message = run("validate", "--", "-job.py").stderr.removesuffix(" [unreadable]\n")
    done = run(*shlex.split(message.partition("with: hptsdk ")[2].partition(" > ")[0]))
    assert done.stderr == "hptsdk: ./-job.py:1: SystemExit: 1\n"


def test_findings_are_sorted_by_their_position(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text(
        "TrainingJobDefinition:\n"
        "  RoleARN: a\n"
        "  StoppingCondition: {MaxRuntimeInSeconds: 0}\n"
        "HyperParameterTuningJobName: my_job\n"
        "Tag: []\n"
    )
    positions = [(finding.line, finding.column) for finding in findings_in(path)]
    assert len(positions) > 4
    assert positions == sorted(positions)


def test_a_member_that_overrides_a_merged_one_has_its_own_position(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("Tags:\n- &a {Key: a, Value: b}\n- <<: *a\n  Value: 1\n")
    (overriding,) = [finding for finding in findings_in(path) if finding.path == "Tags[1].Value"]
    assert (overriding.line, overriding.column) == (4, 3)


def test_an_unreadable_file_does_not_hide_findings_of_other_files(tmp_path):
    (tmp_path / "deep.yaml").write_text("a: " + "[" * 500)
    (tmp_path / "tag.yaml").write_text("a: !!bool x")
    (tmp_path / "empty.yaml").write_text("")
    done = run("validate", "deep.yaml", "tag.yaml", "empty.yaml", cwd=tmp_path)
    assert done.returncode == 1
    names = [line.partition(":")[0] for line in done.stderr.splitlines()]
    assert names == ["deep.yaml", "tag.yaml", "empty.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes the input")
def test_closed_standard_input_is_an_error():
    done = subprocess.run(  # noqa: S603 - the command itself
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *HPTSDK, "validate", "-"],
        env=PLAIN,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "-:1:1: the file cannot be read: standard input is closed [unreadable]\n",
    )
