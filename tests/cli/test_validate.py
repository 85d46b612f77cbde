"""The command `validate`: each violation with its position, as text, JSON and SARIF."""

import json

import pytest
from command_line import findings_in, request, run

import hptsdk


def test_a_valid_file_prints_nothing(good):
    done = run("validate", good)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_each_violation_has_its_position(bad):
    done = run("validate", bad)
    assert done.returncode == 1
    positions = [line.removeprefix(str(bad)).split(" ")[:2] for line in done.stderr.splitlines()]
    assert positions == [
        [":2:1:", "HyperParameterTuningJobName:"],
        [":10:9:", "HyperParameterTuningJobConfig.ParameterRanges.ContinuousParameterRanges[0].MinValue:"],
        [":13:3:", "TrainingJobDefinition.Envirnment:"],
    ]
    assert "did you mean 'Environment'? [unknown-member]" in done.stderr


def test_violations_in_json_have_their_positions(tmp_path):
    document = hptsdk.to_wire(request())
    document["TrainingJobDefinition"]["RoleArn"] = "nobody"
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document, indent="\t"))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "RoleArn" in text)
    assert f"bad.json:{line}:3: TrainingJobDefinition.RoleArn: " in run("validate", path).stderr


def test_a_missing_member_has_the_position_of_its_parent(tmp_path):
    document = hptsdk.to_wire(request())
    del document["TrainingJobDefinition"]["RoleArn"]
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document, indent=1))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if '"TrainingJobDefinition"' in text)
    assert f"bad.json:{line}:2: " in run("validate", path).stderr


def test_a_file_can_begin_with_a_byte_order_mark(good, tmp_path):
    marked = tmp_path / "marked.json"
    marked.write_bytes(b"\xef\xbb\xbf" + good.read_bytes())
    done = run("validate", marked)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_hyphen_is_standard_input(bad, good):
    assert run("validate", "-", text=good.read_text()).returncode == 0
    assert run("validate", "-", text=bad.read_text()).stderr.startswith("-:2:1: ")


def test_all_of_several_files_are_validated(good, bad):
    done = run("validate", bad, good, bad)
    assert len(done.stderr.splitlines()) == 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", ":1:2: invalid JSON: "),
        ('{"a": 1, "a": 2}', "expected each name once"),
        ("a: [1\n", "invalid YAML"),
        ("- 1\n", "expected a mapping of members, got a list of 1 item"),
        ("a request\n", "expected a mapping of members, got text"),
        ("", "got nothing"),
    ],
)
def test_a_file_that_is_not_a_document_is_an_error_with_its_position(tmp_path, text, expected):
    path = tmp_path / ("x.json" if text.startswith("{") else "x.yaml")
    path.write_text(text)
    done = run("validate", path)
    assert done.returncode == 1
    assert expected in done.stderr


def test_a_missing_file_is_an_error(tmp_path):
    done = run("validate", tmp_path / "absent.json")
    assert (done.returncode, "No such file or directory" in done.stderr) == (1, True)


def test_advice_is_printed_but_fails_only_with_strict(tmp_path):
    text = hptsdk.dumps(request()).replace("[-+0-9.eE]+", "[0-9.]+")
    assert "advice: " in run("validate", "-", text=text).stderr
    codes = [run("validate", "-", *option, text=text).returncode for option in ((), ("--strict",), ("--no-advice",))]
    assert codes == [0, 1, 0]


def test_findings_as_json(bad):
    done = run("validate", bad, "--output", "json")
    findings = json.loads(done.stdout)
    assert [(f["line"], f["rule"], f["level"]) for f in findings] == [
        (2, "pattern", "error"),
        (10, "type", "error"),
        (13, "unknown-member", "error"),
    ]


def test_findings_as_sarif(bad):
    log = json.loads(run("validate", bad, "--output", "sarif").stdout)["runs"][0]
    assert {result["ruleId"] for result in log["results"]} == {rule["id"] for rule in log["tool"]["driver"]["rules"]}
    regions = [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in log["results"]]
    assert regions == [2, 10, 13]


def advised(tmp_path, change, name="advised.json"):
    """Return level, path and rule of the findings in a changed request with advice."""
    document = json.loads(hptsdk.dumps(request()).replace("[-+0-9.eE]+", "[0-9.]+"))
    change(document)
    path = tmp_path / name
    path.write_text(json.dumps(document))  # JSON is YAML too
    return [(finding.level, finding.path, finding.rule) for finding in findings_in(path)]


METRIC = "TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions[0].Regex"


@pytest.mark.parametrize("name", ["advised.json", "advised.yaml"])
def test_advice_about_valid_parts_is_listed_with_errors(tmp_path, name):
    def change(document):
        document["TrainingJobDefinition"]["RoleArn"] = "nobody"

    assert advised(tmp_path, change, name) == [
        ("advice", METRIC, "metric-group-takes-any-number"),
        ("error", "TrainingJobDefinition.RoleArn", "length"),
    ]


def test_an_invalid_value_gets_no_advice(tmp_path):
    def change(document):
        document["TrainingJobDefinition"]["AlgorithmSpecification"]["MetricDefinitions"][0]["Regex"] = ["[0-9.]+"]

    assert advised(tmp_path, change) == [("error", METRIC, "type")]


def test_a_member_with_an_error_gets_no_advice(tmp_path):
    def change(document):
        ranges = document["HyperParameterTuningJobConfig"]["ParameterRanges"]
        ranges["ContinuousParameterRanges"] *= 2
        for item in ranges["ContinuousParameterRanges"]:
            item["Name"] = ""

    rule_at = {path: (level, rule) for level, path, rule in advised(tmp_path, change)}
    name = "HyperParameterTuningJobConfig.ParameterRanges.ContinuousParameterRanges[{}].Name"
    assert (rule_at[name.format(0)], rule_at[name.format(1)]) == (
        ("advice", "range-has-a-name"),
        ("error", "range-names-differ"),
    )


def test_advice_with_errors_can_be_turned_off(tmp_path):
    text = hptsdk.dumps(request()).replace("[-+0-9.eE]+", "[0-9.]+").replace("role/", "rule/")
    done = run("validate", "-", "--no-advice", text=text)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_a_document_that_is_not_a_request_gets_no_advice(tmp_path):
    path = tmp_path / "list.json"
    path.write_text('{"HyperParameterTuningJobName": {}, "HyperParameterTuningJobConfig": [], "Tags": 1}')
    assert {finding.level for finding in findings_in(path)} == {"error"}
