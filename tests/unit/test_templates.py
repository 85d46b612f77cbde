"""Templates: what is known is validated, what is unknown is not, and a filled template is a request."""

import copy

import pytest
from sample_requests import training, tuning_job

import hptsdk
from hptsdk import errors, export, shapes

Request = shapes.CreateHyperParameterTuningJobRequest


@pytest.fixture
def document():
    """Return the document of a request with a channel and several kinds of members."""
    definition = (
        training().channel("train", "s3://amzn-s3-demo-bucket/train/").environment(LEVEL="info").static(rounds=10)
    )
    job = (
        tuning_job(definition=definition).continuous("lr", 0.001, 0.1).categorical("kind", ["a", "b"]).tag("team", "x")
    )
    return hptsdk.to_wire(job.build())


def template(document, syntax="airflow"):
    """Create a template of a request."""
    return hptsdk.template(Request, document, syntax=syntax)


def replaced(document, path, value):
    """Return a copy of a document with another value at a path."""
    result = copy.deepcopy(document)
    inner = result
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return result


def paths(value, path=()):
    """Yield the paths of all parts of a document."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in steps:
        yield (*path, step)
        yield from paths(item, (*path, step))


NAMES = ("HyperParameterTuningJobConfig", "ResourceLimits", "MaxNumberOfTrainingJobs")


def test_any_part_of_a_request_can_be_unknown(document):
    for path in paths(document):
        template(replaced(document, path, "{{ x }}"))


def test_any_two_parts_of_a_request_can_be_unknown(document):
    leaves = [path for path in paths(document) if path[-1] != "Regex"]
    for one, other in zip(leaves, leaves[5:], strict=False):
        if one != other[: len(one)]:
            template(replaced(replaced(document, other, "{{ y }}"), one, "{{ x }}"))


def test_a_known_part_is_validated(document):
    unknown = replaced(document, NAMES, "{{ params.jobs }}")
    with pytest.raises(errors.InvalidShapeError, match=r"TrainingJobDefinition\.RoleArn: expected"):
        template(replaced(unknown, ("TrainingJobDefinition", "RoleArn"), "nobody"))


def test_a_rule_whose_members_are_known_is_applied(document):
    unknown = replaced(document, ("HyperParameterTuningJobName",), "{{ name }}")
    static = replaced(unknown, ("TrainingJobDefinition", "StaticHyperParameters", "lr"), "0.1")
    with pytest.raises(errors.InvalidShapeError, match="static-or-tuned"):
        template(static)


def test_a_member_with_another_name_is_a_violation(document):
    with pytest.raises(errors.InvalidShapeError, match="did you mean 'Tags'"):
        template(replaced(document, ("Tag",), "{{ tags }}"))


# --- syntaxes ---

SYNTAXES = {
    "airflow": ("{{ params.jobs }}", "params.jobs"),
    "env": ("${JOBS}", "JOBS"),
    "flyte": ("{inputs.jobs}", "inputs.jobs"),
    "pipelines": ({"Get": "Parameters.Jobs"}, "Parameters.Jobs"),
    "stepfunctions": ("{% $states.input.jobs %}", "$states.input.jobs"),
}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_value_replaces_a_whole_member_with_its_own_type(document, syntax):
    written, expression = SYNTAXES[syntax]
    filled = template(replaced(document, NAMES, written), syntax).fill({expression: 7})
    assert hptsdk.to_wire(filled) == replaced(document, NAMES, 7)


@pytest.mark.parametrize(
    ("syntax", "text", "values", "name"),
    [
        ("airflow", "job-{{ ds }}", {"ds": "2026-11-27"}, "job-2026-11-27"),
        ("airflow", "{{ a }}-{{ b }}", {"a": 1, "b": 2}, "1-2"),
        ("env", "job-${RUN:-1}", {"RUN": "7"}, "job-7"),
        ("flyte", "job-{inputs.run}", {"inputs.run": "7"}, "job-7"),
    ],
)
def test_a_value_is_formatted_into_the_text_around(document, syntax, text, values, name):
    filled = template(replaced(document, ("HyperParameterTuningJobName",), text), syntax).fill(values)
    assert filled.hyper_parameter_tuning_job_name == name


def test_a_member_of_step_functions_is_named_with_its_path(document):
    del document["HyperParameterTuningJobName"]
    document["HyperParameterTuningJobName.$"] = "$.name"
    result = template(document, "stepfunctions")
    assert result.placeholders == (("HyperParameterTuningJobName", "$.name"),)
    assert result.fill({"$.name": "job"}).hyper_parameter_tuning_job_name == "job"


def test_a_joined_text_of_pipelines_is_unknown(document):
    joined = {"Std:Join": {"On": "/", "Values": ["s3:/", {"Get": "Parameters.Bucket"}]}}
    path = ("TrainingJobDefinition", "OutputDataConfig", "S3OutputPath")
    assert template(replaced(document, path, joined), "pipelines").placeholders[0].path == ".".join(path)


@pytest.mark.parametrize("syntax", ["env", "flyte", "pipelines", "stepfunctions"])
def test_a_placeholder_of_another_syntax_is_a_violation(document, syntax):
    with pytest.raises(errors.InvalidShapeError, match="MaxNumberOfTrainingJobs: expected an integer"):
        template(replaced(document, NAMES, "{{ params.jobs }}"), syntax)


def test_a_syntax_that_does_not_exist_is_an_error(document):
    with pytest.raises(ValueError, match="did you mean 'airflow'"):
        template(document, "airfow")


# --- text around a placeholder ---


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        (("HyperParameterTuningJobName",), "job_{{ ds }}", "HyperParameterTuningJobName"),
        (("HyperParameterTuningJobName",), "a" * 33 + "{{ ds }}", "HyperParameterTuningJobName"),
        (("TrainingJobDefinition", "RoleArn"), "role-{{ account }}", "RoleArn"),
        (("HyperParameterTuningJobConfig", "Strategy"), "Best{{ x }}", "Strategy"),
    ],
)
def test_text_that_cannot_become_valid_is_a_violation(document, path, text, message):
    with pytest.raises(errors.InvalidShapeError, match=f"{message}: expected .*change the text around"):
        template(replaced(document, path, text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("HyperParameterTuningJobName",), "job-{{ ds }}-x"),
        (("TrainingJobDefinition", "RoleArn"), "arn:aws:iam::{{ account }}:role/x"),
        (("HyperParameterTuningJobConfig", "Strategy"), "Ba{{ x }}an"),
    ],
)
def test_text_that_can_become_valid_is_accepted(document, path, text):
    assert template(replaced(document, path, text)).placeholders[0].text == text


# --- filling ---


def test_a_value_that_is_missing_is_an_error(document):
    with pytest.raises(ValueError, match=r"expected a value for 'params\.jobs'"):
        template(replaced(document, NAMES, "{{ params.jobs }}")).fill({})


def test_a_name_that_is_not_an_expression_is_an_error_with_the_closest_one(document):
    with pytest.raises(ValueError, match=r"no placeholder 'param\.jobs'; did you mean 'params\.jobs'"):
        template(replaced(document, NAMES, "{{ params.jobs }}")).fill({"params.jobs": 3, "param.jobs": 3})


def test_a_value_that_makes_the_request_invalid_is_a_violation(document):
    with pytest.raises(errors.InvalidShapeError, match="MaxNumberOfTrainingJobs"):
        template(replaced(document, NAMES, "{{ params.jobs }}")).fill({"params.jobs": "many"})


def test_the_document_of_a_template_is_a_copy(document):
    result = template(document)
    document["HyperParameterTuningJobName"] = "other"
    assert result.document["HyperParameterTuningJobName"] == "job"


def test_the_representation_has_no_values(document):
    result = template(replaced(document, NAMES, "{{ params.jobs }}"))
    assert repr(result) == "<Template of CreateHyperParameterTuningJobRequest, open: params.jobs>"


# --- a template is no request ---


def test_create_refuses_a_template_with_what_is_open(document):
    client = hptsdk.TuningClient(region_name="us-east-1")
    with pytest.raises(TypeError, match=r"MaxNumberOfTrainingJobs \(\{\{ params.jobs \}\}\)"):
        client.create(template(replaced(document, NAMES, "{{ params.jobs }}")))


def test_create_refuses_a_template_in_which_nothing_is_open(document):
    client = hptsdk.TuningClient(region_name="us-east-1")
    with pytest.raises(TypeError, match=r"got a Template; use its fill\(\{\}\)$"):
        client.create(template(document))


@pytest.mark.parametrize("function", [hptsdk.advise, hptsdk.to_wire, hptsdk.dumps, export.stepfunctions_policy])
def test_functions_of_requests_refuse_a_template(document, function):
    with pytest.raises(TypeError, match=r"expected a \w+, got a Template; call its fill\(\) first"):
        function(template(replaced(document, NAMES, "{{ params.jobs }}")))


def test_airflow_takes_a_template_as_it_is(document):
    unknown = replaced(document, NAMES, "{{ params.jobs }}")
    assert export.airflow(template(unknown)) == unknown


def test_step_functions_takes_a_template_as_it_is(document):
    document["HyperParameterTuningJobName.$"] = document.pop("HyperParameterTuningJobName") and "$.name"
    assert export.stepfunctions(template(document, "stepfunctions"))["Parameters"] == document


def test_a_template_with_jsonata_is_a_state_with_jsonata(document):
    unknown = replaced(document, NAMES, "{% $states.input.jobs %}")
    state = export.stepfunctions(template(unknown, "stepfunctions"))
    assert (state["QueryLanguage"], state["Arguments"]) == ("JSONata", unknown)


@pytest.mark.parametrize(("jobs", "language"), [(9, "JSONata"), ("{% $states.input.jobs %}", "JSONPath")])
def test_a_path_in_a_state_with_jsonata_is_an_error(document, jobs, language):
    document = replaced(document, NAMES, jobs) | {"Tags.$": "$.tags"}
    del document["Tags"]
    with pytest.raises(ValueError, match=r"expected only placeholders of JSONata, got the path \$\.tags"):
        export.stepfunctions(template(document, "stepfunctions"), query_language=language)


def test_pipelines_takes_a_template_without_the_name_of_the_job(document):
    unknown = replaced(document, NAMES, {"Get": "Parameters.Jobs"})
    arguments = export.pipelines_step(template(unknown, "pipelines"), "Tune")["Arguments"]
    assert arguments == {name: value for name, value in unknown.items() if name != "HyperParameterTuningJobName"}


def test_a_template_with_the_syntax_of_another_target_is_an_error(document):
    with pytest.raises(ValueError, match="expected a template with the syntax airflow, got env"):
        export.airflow(template(document, "env"))


@pytest.mark.parametrize("target", ["python", "terraform", "ack", "json", "yaml"])
def test_other_targets_need_a_request(document, target):
    with pytest.raises(ValueError, match=r"expected a request, got a template; .*, or convert it to airflow$"):
        export.convert_request(template(document), target)


def test_a_template_that_no_target_takes_must_be_filled(document):
    with pytest.raises(ValueError, match=r"got a template; replace its placeholders, as \.fill\(\.\.\.\) .* does$"):
        export.convert_request(template(document, "env"), "terraform")


@pytest.mark.parametrize("other", [3, Request, shapes.Tag(key="a", value="b")], ids=["number", "class", "shape"])
def test_a_value_that_is_not_a_document_is_a_type_error(other):
    with pytest.raises(TypeError, match="template: expected a mapping"):
        template(other)


def test_the_error_for_json_text_does_not_show_it():
    text = '{"Environment": {"PASSWORD": "hunter2"}}'
    with pytest.raises(TypeError, match=r"got text of 40 characters; parse JSON text with json\.loads$"):
        template(text)
