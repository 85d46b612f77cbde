"""The command `validate` as a real process: each mistake with its place, and in the forms that others read."""

import json

import pytest
from command_line import request, run

import hptsdk
from hptsdk.cli._findings import findings_in


def test_a_good_file_says_nothing(good):
    done = run("validate", good)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_each_mistake_has_its_place(bad):
    done = run("validate", bad)
    assert done.returncode == 1
    places = [line.removeprefix(str(bad)).split(" ")[:2] for line in done.stderr.splitlines()]
    assert places == [
        [":2:1:", "HyperParameterTuningJobName:"],
        [":10:9:", "HyperParameterTuningJobConfig.ParameterRanges.ContinuousParameterRanges[0].MinValue:"],
        [":13:3:", "TrainingJobDefinition.Envirnment:"],
    ]
    assert "did you mean 'Environment'? [unknown-member]" in done.stderr


def test_json_has_its_places_too(tmp_path):
    document = hptsdk.to_wire(request())
    document["TrainingJobDefinition"]["RoleArn"] = "nobody"
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document, indent="\t"))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "RoleArn" in text)
    assert f"bad.json:{line}:3: TrainingJobDefinition.RoleArn: " in run("validate", path).stderr


def test_what_is_missing_is_placed_at_what_lacks_it(tmp_path):
    document = hptsdk.to_wire(request())
    del document["TrainingJobDefinition"]["RoleArn"]
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document, indent=1))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if '"TrainingJobDefinition"' in text)
    assert f"bad.json:{line}:2: " in run("validate", path).stderr


def test_a_file_may_begin_with_a_mark_of_its_encoding(good, tmp_path):
    marked = tmp_path / "marked.json"
    marked.write_bytes(b"\xef\xbb\xbf" + good.read_bytes())
    done = run("validate", marked)
    assert (done.returncode, done.stderr) == (0, "")


def test_standard_input_is_a_file_too(bad, good):
    assert run("validate", "-", text=good.read_text()).returncode == 0
    assert run("validate", "-", text=bad.read_text()).stderr.startswith("-:2:1: ")


def test_several_files_are_all_looked_at(good, bad):
    done = run("validate", bad, good, bad)
    assert len(done.stderr.splitlines()) == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", ":1:2: it is not JSON: "),
        ('{"a": 1, "a": 2}', "expected each name once"),
        ("a: [1\n", "it is not YAML"),
        ("- 1\n", "expected the members of a request, got a list of 1 item"),
        ("a request\n", "expected the members of a request, got text"),
        ("", "got nothing"),
    ],
)
def test_what_is_no_document_is_told_with_its_place(tmp_path, text, said):
    path = tmp_path / ("x.json" if text.startswith("{") else "x.yaml")
    path.write_text(text)
    done = run("validate", path)
    assert done.returncode == 1
    assert said in done.stderr


def test_an_absent_file_is_told(tmp_path):
    done = run("validate", tmp_path / "absent.json")
    assert (done.returncode, "No such file or directory" in done.stderr) == (1, True)


def test_advice_is_told_but_fails_only_where_strict(tmp_path):
    text = hptsdk.dumps(request()).replace("[-+0-9.eE]+", "[0-9.]+")
    assert "advice: " in run("validate", "-", text=text).stderr
    codes = [run("validate", "-", *option, text=text).returncode for option in ((), ("--strict",), ("--no-advice",))]
    assert codes == [0, 1, 0]


def test_findings_as_json(bad):
    done = run("validate", bad, "--output", "json")
    found = json.loads(done.stdout)
    assert [(f["line"], f["rule"], f["level"]) for f in found] == [
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
    """Return level, path and rule of what is found in a request with advice that is changed."""
    document = json.loads(hptsdk.dumps(request()).replace("[-+0-9.eE]+", "[0-9.]+"))
    change(document)
    path = tmp_path / name
    path.write_text(json.dumps(document))  # JSON is YAML too
    return [(finding.level, finding.path, finding.rule) for finding in findings_in([str(path)])]


METRIC = "TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions[0].Regex"


@pytest.mark.parametrize("name", ["advised.json", "advised.yaml"])
def test_advice_about_valid_parts_stands_beside_errors(tmp_path, name):
    def change(document):
        document["TrainingJobDefinition"]["RoleArn"] = "nobody"

    assert advised(tmp_path, change, name) == [
        ("advice", METRIC, "metric-group-takes-any-number"),
        ("error", "TrainingJobDefinition.RoleArn", "length"),
    ]


def test_no_advice_is_given_about_an_invalid_value(tmp_path):
    def change(document):
        document["TrainingJobDefinition"]["AlgorithmSpecification"]["MetricDefinitions"][0]["Regex"] = ["[0-9.]+"]

    assert advised(tmp_path, change) == [("error", METRIC, "type")]


def test_no_advice_is_given_beside_an_error_of_the_same_member(tmp_path):
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


def test_advice_beside_errors_can_be_left_out(tmp_path):
    text = hptsdk.dumps(request()).replace("[-+0-9.eE]+", "[0-9.]+").replace("role/", "rule/")
    done = run("validate", "-", "--no-advice", text=text)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_a_document_that_is_no_request_at_all_gets_no_advice(tmp_path):
    path = tmp_path / "list.json"
    path.write_text('{"HyperParameterTuningJobName": {}, "HyperParameterTuningJobConfig": [], "Tags": 1}')
    assert {finding.level for finding in findings_in([str(path)])} == {"error"}
