"""Requests as JSON, YAML, Terraform and ACK: they read back equal, and what a format cannot hold is a note."""

import json
import re

import attrs
import pytest
import yaml
from hypothesis import HealthCheck, given, settings, strategies as st
from ruamel.yaml import YAML

import hptsdk
from hptsdk import shapes
from hptsdk.export import convert_request
from hptsdk.testing import strategies

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

# Parsers of YAML 1.2 and of YAML 1.1.
READERS = {"1.2": lambda text: YAML(typ="safe", pure=True).load(text), "1.1": yaml.safe_load}
EITHER = pytest.mark.parametrize("version", READERS)


def with_members(request, **members):
    """Return a request with other members of its definition."""
    return attrs.evolve(request, training_job_definition=attrs.evolve(request.training_job_definition, **members))


# --- JSON and YAML ---


@settings(suppress_health_check=SLOW)
@given(request=strategies.requests(extreme=True))
def test_json_reads_back_equal(request):
    assert hptsdk.loads(type(request), convert_request(request, "json")[0]) == request


@pytest.mark.long
@EITHER
@settings(suppress_health_check=SLOW)
@given(request=strategies.requests(extreme=True))
def test_yaml_reads_back_equal(version, request):
    assert READERS[version](convert_request(request, "yaml")[0]) == hptsdk.to_wire(request)


def test_each_member_of_yaml_has_a_line_of_its_own(request_of_one):
    lines = "  OutputDataConfig:\n    S3OutputPath: s3://amzn-s3-demo-bucket/out/\n"
    assert lines in convert_request(request_of_one, "yaml").text


def in_yaml(request, version, **members):
    """Return members of the definition as a parser reads them from YAML."""
    text = convert_request(with_members(request, **members), "yaml").text
    return READERS[version](text)["TrainingJobDefinition"]


@EITHER
@given(text=st.text(max_size=99))
def test_any_text_stays_text(request_of_one, version, text):
    assert in_yaml(request_of_one, version, environment={"IT": text})["Environment"] == {"IT": text}


@EITHER
@pytest.mark.parametrize(
    "text",
    ["0.10", "yes", "No", "null", "~", "1e3", "0o7", "1:30", "2026-01-01", "=", "<<", "- a", "a: b", "#", " a", "é"],
)
def test_a_text_that_looks_like_another_type_stays_text(request_of_one, version, text):
    static = {text: text}
    assert in_yaml(request_of_one, version, static_hyper_parameters=static)["StaticHyperParameters"] == static


@EITHER
@pytest.mark.parametrize("text", ["a\nb\n", "a\r\nb", "\u2028", "\x85", "\ufeff", "\x1b", "a\tb ", "𝄞" * 200])
def test_line_breaks_and_rare_characters_are_preserved(request_of_one, version, text):
    assert in_yaml(request_of_one, version, environment={"IT": text})["Environment"] == {"IT": text}


@EITHER
@given(number=st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_stays_the_same_number(request_of_one, version, number):
    config = request_of_one.hyper_parameter_tuning_job_config
    criteria = shapes.TuningJobCompletionCriteria(target_objective_metric_value=number)
    request = attrs.evolve(
        request_of_one, hyper_parameter_tuning_job_config=attrs.evolve(config, tuning_job_completion_criteria=criteria)
    )
    config = READERS[version](convert_request(request, "yaml").text)["HyperParameterTuningJobConfig"]
    result = config["TuningJobCompletionCriteria"]["TargetObjectiveMetricValue"]
    assert (result, type(result)) == (number, float)


@pytest.mark.parametrize("target", ["json", "yaml"])
def test_members_are_in_the_order_of_the_model(request_of_one, target):
    names = re.findall(r"^(?: {2})?\"?(\w+)\"?:", convert_request(request_of_one, target).text, re.MULTILINE)
    assert [name for name in names if name in hptsdk.to_wire(request_of_one)] == list(hptsdk.to_wire(request_of_one))


@pytest.mark.parametrize("target", ["json", "yaml"])
def test_json_and_yaml_need_no_notes(request_of_one, target):
    assert convert_request(request_of_one, target).notes == ()


# --- what other documents cannot hold ---


def leaves(value, path=""):
    """Yield the texts and numbers of a document, each with its path."""
    match value:
        case dict():
            return [leaf for key, part in value.items() for leaf in leaves(part, f"{path}.{key}" if path else key)]
        case list():
            return [leaf for place, part in enumerate(value) for leaf in leaves(part, f"{path}[{place}]")]
        case _:
            return [(path, value)]


def without_note(request, notes):
    """Return the texts and numbers of a request, without the members that a note names as omitted."""
    gone = tuple(note.partition(":")[0] for note in notes if "omitted" in note)
    return [value for path, value in leaves(hptsdk.to_wire(request)) if not path.startswith(gone)]


@pytest.mark.long
@settings(suppress_health_check=SLOW)
@given(request=strategies.requests(extreme=True))
def test_ack_has_all_values_without_a_note(request):
    text, notes = convert_request(request, "ack")
    assert [value for _, value in leaves(yaml.safe_load(text)["spec"])] == without_note(request, notes)


@pytest.mark.long
@settings(suppress_health_check=SLOW)
@given(request=strategies.requests(extreme=True))
def test_terraform_has_all_values_without_a_note(request):
    text, notes = convert_request(request, "terraform")
    texts = {read_hcl(quoted) for quoted in re.findall(r'"(?:[^"\\]|\\.)*"', text)}
    values = without_note(request, notes)
    assert [value for value in values if isinstance(value, str) and value not in texts] == []
    assert [value for value in values if not isinstance(value, str) and json.dumps(value) not in text] == []


# --- ACK ---


def test_ack_has_its_own_member_names(request_of_one):
    spec = yaml.safe_load(convert_request(request_of_one, "ack")[0])["spec"]
    definition = spec["trainingJobDefinition"]
    assert (
        spec["hyperParameterTuningJobConfig"]["hyperParameterTuningJobObjective"],
        definition["roleARN"],
        definition["inputDataConfig"][0]["dataSource"]["s3DataSource"]["s3URI"],
        definition["resourceConfig"]["volumeSizeInGB"],
    ) == (
        {"type_": "Minimize", "metricName": "loss"},
        "arn:aws:iam::123456789012:role/SageMakerRole",
        "s3://amzn-s3-demo-bucket/train/",
        30,
    )


def test_an_ack_manifest_has_its_api_version_and_kind(request_of_one):
    manifest = yaml.safe_load(convert_request(request_of_one, "ack")[0])
    assert (manifest["apiVersion"], manifest["kind"]) == (
        "sagemaker.services.k8s.aws/v1alpha1",
        "HyperParameterTuningJob",
    )


def test_ack_keeps_the_case_of_the_name_in_the_spec(request_of_one):
    assert (
        yaml.safe_load(convert_request(request_of_one, "ack")[0])["spec"]["hyperParameterTuningJobName"] == "Example-1"
    )


@pytest.mark.parametrize("name", ["A", "Example-1", "1-" + "A" * 30])
def test_the_name_of_the_manifest_is_valid_in_kubernetes(request_of_one, name):
    text, _ = convert_request(attrs.evolve(request_of_one, hyper_parameter_tuning_job_name=name), "ack")
    name = yaml.safe_load(text)["metadata"]["name"]
    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name)


def test_members_that_ack_does_not_have_are_notes(request_of_one):
    assert convert_request(request_of_one, "ack")[1] == (
        "HyperParameterTuningJobConfig.RandomSeed: omitted, because the controller has no such member",
        "TrainingJobDefinition.Environment: omitted, because the controller has no such member",
    )


# --- Terraform ---

RESOURCE = """\
resource "aws_sagemaker_hyper_parameter_tuning_job" "example_1" {
  name = "Example-1"

  tags = {
    "team" = "forecasting"
  }

  config {
    strategy                         = "Random"
    training_job_early_stopping_type = "Auto"
    random_seed                      = 7

    objective {
      type        = "Minimize"
      metric_name = "loss"
    }

    resource_limits {
      max_number_of_training_jobs = 20
      max_parallel_training_jobs  = 2
    }

    parameter_ranges {
      integer_parameter_ranges {
        name      = "depth"
        min_value = "1"
        max_value = "10"
      }

      continuous_parameter_ranges {
        name         = "eta"
        min_value    = "0.001"
        max_value    = "0.5"
        scaling_type = "Logarithmic"
      }

      categorical_parameter_ranges {
        name   = "booster"
        values = ["gbtree", "dart"]
      }
    }

    tuning_job_completion_criteria {
      target_objective_metric_value = 0.1
    }
  }

  training_job_definition {
    role_arn                     = "arn:aws:iam::123456789012:role/SageMakerRole"
    enable_managed_spot_training = true
    retry_strategy               = [{ maximum_retry_attempts = 2 }]

    static_hyper_parameters = {
      "batch" = "32"
      "note"  = "10% of $${total}"
    }

    environment = {
      "LEVEL" = "debug"
    }

    algorithm_specification {
      training_image      = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
      training_input_mode = "File"

      metric_definitions {
        name  = "loss"
        regex = "loss=([0-9.]+)"
      }
    }

    input_data_config {
      channel_name = "train"
      content_type = "text/csv"

      data_source {
        s3_data_source {
          s3_data_type = "S3Prefix"
          s3_uri       = "s3://amzn-s3-demo-bucket/train/"
        }
      }
    }

    output_data_config {
      s3_output_path = "s3://amzn-s3-demo-bucket/out/"
    }

    resource_config {
      instance_type     = "ml.m5.xlarge"
      instance_count    = 1
      volume_size_in_gb = 30
    }

    stopping_condition {
      max_runtime_in_seconds   = 3600
      max_wait_time_in_seconds = 7200
    }
  }

  warm_start_config {
    warm_start_type = "TransferLearning"

    parent_hyper_parameter_tuning_jobs {
      name = "earlier"
    }
  }
}
"""


def test_a_request_as_a_terraform_resource(request_of_one):
    assert convert_request(request_of_one, "terraform") == (RESOURCE, ())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a", '"a"'),
        ('a "b"', r'"a \"b\""'),
        ("a\\b", r'"a\\b"'),
        ("a\r\n\tb", r'"a\r\n\tb"'),
        ("${a}", '"$${a}"'),
        ("%{ if a }", '"%%{ if a }"'),
        ("$5 and 10%", '"$5 and 10%"'),
        ("$${a}", r'"$\u0024{a}"'),
        ("%%{a}", r'"%\u0025{a}"'),
        ("é\x7f\u00a0", r'"é\u007f\u00a0"'),
        ("\U000e30dd", r'"\U000e30dd"'),
    ],
)
def test_text_is_escaped_for_terraform(request_of_one, text, written):
    assert in_terraform(request_of_one, text) == written


def in_terraform(request, text):
    """Return the line of a text in Terraform's language without the name of its variable."""
    document = convert_request(with_members(request, environment={"IT": text}), "terraform").text
    (line,) = [line.strip() for line in document.splitlines() if line.strip().startswith('"IT"')]
    return line.removeprefix('"IT" = ')


def read_hcl(quoted):
    """Read a quoted template that has no template in it."""
    plain = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}

    def part(match):
        sign = match[0]
        if sign[1] in "uU":
            return chr(int(f"0x{sign[2:]}", 0))
        return sign[0] + "{" if sign[0] in "$%" else plain[sign[1]]

    assert not re.search(r"(?<![$%])[$%]\{", quoted)
    return re.sub(r"\\u[0-9a-f]{4}|\\U[0-9a-f]{8}|\\.|\$\$\{|%%\{", part, quoted[1:-1])


@given(text=st.text(max_size=99) | st.text('${%"\\n\n', max_size=99))
def test_any_text_can_be_read_back_from_one_line_of_terraform(request_of_one, text):
    assert read_hcl(in_terraform(request_of_one, text)) == text


def notes_of(request, **members):
    return convert_request(with_members(request, **members), "terraform").notes


def test_instance_preferences_are_a_note_of_terraform(request_of_one):
    preferences = [
        shapes.InstancePreference(instance_type="ml.m5.large"),
        shapes.InstancePreference(instance_type="ml.m5.xlarge"),
    ]
    resources = shapes.ResourceConfig(instance_count=1, volume_size_in_gb=30, instance_preferences=preferences)
    condition = shapes.StoppingCondition(max_runtime_in_seconds=1)
    notes = notes_of(
        request_of_one, resource_config=resources, stopping_condition=condition, enable_managed_spot_training=None
    )
    where = "TrainingJobDefinition.ResourceConfig.InstancePreferences"
    assert notes == (f"{where}: omitted, because the provider has no such argument",)


def test_text_that_terraform_normalizes_is_a_note(request_of_one):
    notes = notes_of(request_of_one, static_hyper_parameters={"name": "e\u0301"})
    where = "TrainingJobDefinition.StaticHyperParameters"
    assert notes == (f"{where}: Terraform normalizes this text to NFC",)


def test_the_lost_order_of_attribute_names_is_a_note_of_terraform(request_of_one):
    source = shapes.S3DataSource(
        s3_data_type="AugmentedManifestFile", s3_uri="s3://amzn-s3-demo-bucket/train/", attribute_names=["b", "a"]
    )
    channel = shapes.Channel(
        channel_name="train", data_source=shapes.DataSource(s3_data_source=source), input_mode="Pipe"
    )
    where = "TrainingJobDefinition.InputDataConfig[0].DataSource.S3DataSource.AttributeNames"
    assert notes_of(request_of_one, input_data_config=[channel]) == (
        f"{where}: the provider stores a set, so their order is lost",
    )


def test_an_image_together_with_an_algorithm_is_a_note_of_terraform(request_of_one):
    algorithm = shapes.HyperParameterAlgorithmSpecification(
        training_image="", algorithm_name="mine", training_input_mode="File"
    )
    where = "TrainingJobDefinition.AlgorithmSpecification"
    assert notes_of(request_of_one, algorithm_specification=algorithm) == (
        f"{where}: the provider does not accept both an image and an algorithm",
    )


def test_an_empty_list_of_blocks_is_a_note_of_terraform(request_of_one):
    ranges = shapes.ParameterRanges(integer_parameter_ranges=[])
    where = "TrainingJobDefinition.HyperParameterRanges.IntegerParameterRanges"
    assert notes_of(request_of_one, hyper_parameter_ranges=ranges) == (
        f"{where}: omitted, because Terraform has no empty list of blocks",
    )


def test_an_empty_list_of_tags_is_an_empty_map_in_terraform(request_of_one):
    assert "tags = {}" in convert_request(attrs.evolve(request_of_one, tags=[]), "terraform")[0]


def test_a_structure_without_members_is_an_empty_block_in_terraform(request_of_one):
    definition = attrs.evolve(request_of_one.training_job_definition, hyper_parameter_ranges=shapes.ParameterRanges())
    text, _ = convert_request(attrs.evolve(request_of_one, training_job_definition=definition), "terraform")
    assert "    hyper_parameter_ranges {}\n" in text


def test_the_label_of_a_name_that_begins_with_a_digit_has_a_prefix(request_of_one):
    text, _ = convert_request(attrs.evolve(request_of_one, hyper_parameter_tuning_job_name="1-a"), "terraform")
    assert text.startswith('resource "aws_sagemaker_hyper_parameter_tuning_job" "job_1_a" {')
