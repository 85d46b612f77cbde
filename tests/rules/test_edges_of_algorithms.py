"""Values at the limits of the rules of algorithms that the tables do not contain."""

import attrs
import pytest
import table_jumpstart
from algorithm_bases import BASES, CHANNELS, CONFIG, COUNT, IMAGE, OBJECTIVE, REALS, STATIC, TYPE, channel
from bases import BUILTIN, SEVERAL, changed
from test_messages import reported_messages
from test_tables import reported

import hptsdk
from hptsdk import shapes
from hptsdk.rules.facts.algorithms import algorithm_facts

XGBOOST = BUILTIN["TrainingJobDefinition"]["AlgorithmSpecification"]
DATA = BUILTIN["TrainingJobDefinition"]["InputDataConfig"]
MODE = "TrainingJobDefinition.AlgorithmSpecification.TrainingInputMode"
CHANNEL = CHANNELS.replace("InputDataConfig", "InputDataConfig[{}]")


def image(tag):
    return f"683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:{tag}"


def problems(algorithm, changes):
    """Return the rules and paths that the request of an algorithm violates after more changes."""
    return reported(changed(BUILTIN, BASES[algorithm] | changes))


def paths(rule, algorithm, changes):
    return [path for each, path in problems(algorithm, changes) if each == rule]


def several(*definitions):
    """Return a request whose definitions are those of XGBoost with some changes, each with its objective."""
    document = {key: value for key, value in SEVERAL.items() if key != "TrainingJobDefinitions"}
    document["TrainingJobDefinitions"] = [
        changed(
            BUILTIN["TrainingJobDefinition"]
            | {
                "DefinitionName": f"d{number}",
                "TuningObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
                "HyperParameterRanges": {REALS: [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.5"}]},
            },
            changes,
        )
        for number, changes in enumerate(definitions)
    ]
    return document


CUSTOM = {
    "AlgorithmSpecification.TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
    "AlgorithmSpecification.MetricDefinitions": [{"Name": "validation:rmse", "Regex": "rmse=([-+0-9.e]+);"}],
}
MAXIMIZE = {"TuningObjective.Type": "Maximize"}
WITHOUT_VALIDATION = {"InputDataConfig.1": None}


# --- each definition of several --------------------------------------------------------------------------------------


def test_the_objective_after_a_definition_with_a_custom_image_is_checked():
    assert reported(several(CUSTOM, MAXIMIZE)) == [
        ("objective-type-of-the-algorithm", "TrainingJobDefinitions[1].TuningObjective.Type")
    ]


def test_the_objective_after_one_with_an_unknown_metric_is_checked():
    unknown = {"TuningObjective.MetricName": "validation:mine"}
    found = [path for rule, path in reported(several(unknown, MAXIMIZE)) if rule == "objective-type-of-the-algorithm"]
    assert found == ["TrainingJobDefinitions[1].TuningObjective.Type"]


@pytest.mark.parametrize(
    "first", [{}, {"InputDataConfig": None}, WITHOUT_VALIDATION | {"StaticHyperParameters._kfold": "3"}]
)
def test_the_channel_of_a_later_objective_is_checked(first):
    document = several(first, WITHOUT_VALIDATION)
    found = [path for rule, path in reported(document) if rule == "objective-needs-its-channel"]
    assert found == ["TrainingJobDefinitions[1].TuningObjective.MetricName"]


def test_the_channels_of_two_objectives_are_checked():
    found = reported(several(WITHOUT_VALIDATION, WITHOUT_VALIDATION))
    assert [path for rule, path in found if rule == "objective-needs-its-channel"] == [
        "TrainingJobDefinitions[0].TuningObjective.MetricName",
        "TrainingJobDefinitions[1].TuningObjective.MetricName",
    ]


def test_the_objective_of_a_definition_has_its_own_ranges():
    tuned = {"HyperParameterRanges.CategoricalParameterRanges": [{"Name": "objective", "Values": ["multi:softmax"]}]}
    others = {"StaticHyperParameters.objective": None}
    found = reported(several(others, others | tuned))
    assert [path for rule, path in found if rule == "objective-fits-the-hyperparameters"] == [
        "TrainingJobDefinitions[1].TuningObjective.MetricName"
    ]


@pytest.mark.parametrize("name", ["zzz", "aaa"])
def test_the_definition_of_another_metric_does_not_replace_the_metric_of_the_algorithm(name):
    metrics = "TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions"
    changes = {metrics: [{"Name": name, "Regex": "x=([-+0-9.eE]+)"}], f"{OBJECTIVE}.Type": "Maximize"}
    assert problems("xgboost", changes) == [("objective-type-of-the-algorithm", f"{OBJECTIVE}.Type")]
    replaced = changes | {f"{metrics}.0.Name": "validation:rmse"}
    assert paths("objective-type-of-the-algorithm", "xgboost", replaced) == []


def test_the_objective_of_a_definition_may_equal_that_of_the_job():
    document = several(MAXIMIZE, MAXIMIZE)
    objective = {"Type": "Maximize", "MetricName": "validation:rmse"}
    document[CONFIG] = document[CONFIG] | {"HyperParameterTuningJobObjective": objective}
    found = [path for rule, path in reported(document) if rule == "objective-type-of-the-algorithm"]
    assert found == [f"TrainingJobDefinitions[{number}].TuningObjective.Type" for number in (0, 1)]


def test_the_objective_of_the_job_is_not_that_of_one_of_several_definitions():
    document = several({}, {"TuningObjective.MetricName": "validation:mine"})
    objective = {"Type": "Minimize", "MetricName": "validation:rmse"}
    document[CONFIG] = document[CONFIG] | {"HyperParameterTuningJobObjective": objective}
    found = [path for rule, path in reported(document) if rule == "objective-is-a-metric-of-the-algorithm"]
    assert found == ["TrainingJobDefinitions[1].TuningObjective.MetricName"]


def test_the_metric_of_the_algorithm_after_a_known_one_is_checked():
    found = reported(several({}, {"TuningObjective.MetricName": "validation:mine"}))
    assert found == [("objective-is-a-metric-of-the-algorithm", "TrainingJobDefinitions[1].TuningObjective.MetricName")]


# --- channels --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first",
    [
        {},
        {"ContentType": "text/csv"},
        {"ContentType": "text/csv;label_size=1"},
        {"ContentType": "text/html"},
        {"ContentType": "text/csv;label_size=5"},
    ],
)
def test_the_content_type_of_each_channel_is_checked(first):
    wrong = {f"{CHANNELS}.0.{member}": value for member, value in first.items()}
    expected = [0, 1] if first.get("ContentType", "").endswith(("html", "5")) else [1]
    found = paths("content-type-is-read", "xgboost", wrong | {f"{CHANNELS}.1.ContentType": "application/json"})
    assert found == [f"{CHANNEL.format(number)}.ContentType" for number in expected]


def test_the_content_type_of_a_channel_with_code_is_not_that_of_data():
    code = {f"{CHANNELS}.2": channel("code", "text/python")}
    assert problems("xgboost", code) == []
    assert paths("content-type-is-read", "xgboost", {f"{CHANNELS}.2": channel("code", "text/csv")}) == [
        f"{CHANNEL.format(2)}.ContentType"
    ]


@pytest.mark.parametrize("value", ["TEXT/CSV", " text/csv ", "text/csv; label_size=1", 'text/csv;LABEL_SIZE="1"'])
def test_the_case_and_the_blanks_of_a_content_type_are_ignored(value):
    assert problems("xgboost", {f"{CHANNELS}.0.ContentType": value}) == []


def test_another_parameter_of_a_content_type_is_accepted():
    assert problems("xgboost", {f"{CHANNELS}.0.ContentType": "text/csv;charset=utf8"}) == []


def test_the_input_mode_after_a_channel_without_data_is_checked():
    code = {f"{CHANNELS}.0": channel("code"), f"{CHANNELS}.1": channel("train", "text/libsvm")}
    changes = code | {f"{CHANNELS}.1.InputMode": "Pipe", f"{CHANNELS}.2": channel("validation")}
    assert paths("input-mode-is-supported", "xgboost", changes) == [f"{CHANNEL.format(1)}.InputMode"]


def test_the_input_mode_after_a_channel_with_another_content_type_is_checked():
    changes = {f"{CHANNELS}.0.ContentType": "text/csv", f"{CHANNELS}.1.ContentType": "text/libsvm", MODE: "Pipe"}
    assert paths("input-mode-is-supported", "xgboost", changes) == [MODE]


def test_the_input_modes_of_two_channels_are_both_reported():
    changes = {f"{CHANNELS}.{number}.ContentType": "text/libsvm" for number in (0, 1)}
    changes |= {f"{CHANNELS}.{number}.InputMode": "Pipe" for number in (0, 1)}
    found = paths("input-mode-is-supported", "xgboost", changes)
    assert found == [f"{CHANNEL.format(number)}.InputMode" for number in (0, 1)]


def test_one_input_mode_of_two_channels_is_reported_once():
    changes = {f"{CHANNELS}.{number}.ContentType": "text/libsvm" for number in (0, 1)} | {MODE: "Pipe"}
    assert paths("input-mode-is-supported", "xgboost", changes) == [MODE]


@pytest.mark.parametrize(("algorithm", "supported"), [("kmeans", True), ("deepar", False)])
def test_an_algorithm_that_reads_files_also_reads_them_as_fast_files(algorithm, supported):
    assert paths("input-mode-is-supported", algorithm, {MODE: "FastFile"}) == []
    assert (paths("input-mode-is-supported", algorithm, {MODE: "Pipe"}) == []) is supported


def test_two_channels_that_are_missing_are_both_reported():
    channels = {CHANNELS: [channel(name, "application/x-image") for name in ("train", "validation")]}
    assert paths("algorithm-has-its-channels", "image-classification", channels) == [CHANNELS, CHANNELS]


def test_the_list_of_the_images_is_needed_for_their_content_type_only():
    record = {f"{CHANNELS}.0.ContentType": "application/x-recordio"}
    assert paths("algorithm-has-its-channels", "image-classification", record) == []
    image = {f"{CHANNELS}.0.ContentType": "IMAGE/JPEG; q=1"}
    assert paths("algorithm-has-its-channels", "image-classification", image) == [CHANNELS, CHANNELS]


def test_a_misspelled_channel_is_reported_once():
    changes = {f"{CHANNELS}.0.ChannelName": "trian"}
    rules = {rule for rule, _ in problems("xgboost", changes)}
    assert "channel-is-read" in rules
    assert "algorithm-has-its-channels" not in rules


def test_a_channel_that_is_read_in_one_mode_is_not_reported_without_a_mode():
    changes = {f"{CHANNELS}.1": channel("validation"), f"{STATIC}.mode": "skipgram"}
    assert paths("channel-is-read", "blazingtext", changes) == [f"{CHANNEL.format(1)}.ChannelName"]
    assert paths("channel-is-read", "blazingtext", changes | {f"{STATIC}.mode": None}) == []
    assert paths("channel-is-read", "blazingtext", changes | {f"{STATIC}.mode": "supervised"}) == []


def test_only_the_channel_code_has_the_script_of_jumpstart():
    changes = table_jumpstart.ISOLATED
    code = changes[f"{CHANNELS}.2"]
    others = {f"{CHANNELS}.2": channel("a"), f"{CHANNELS}.3": code, f"{CHANNELS}.4": channel("z")}
    found = [path for rule, path in reported(changed(BUILTIN, changes | others)) if rule == "channel-is-read"]
    assert found == [f"{CHANNEL.format(number)}.ChannelName" for number in (2, 4)]


@pytest.mark.parametrize(
    ("algorithm", "changes", "words"),
    [
        ("xgboost", {CHANNELS: None}, "the channel 'train', because XGBoost needs it, got no channel; add the channel"),
        (
            "image-classification",
            {f"{CHANNELS}.0.ContentType": "image/jpeg"},
            "needs it with the content type image/jpeg, got only 'train', 'validation'; add the channel",
        ),
        (
            "randomcutforest",
            {f"{CHANNELS}.0.ContentType": "text/csv;label_size=5"},
            "got 'text/csv;label_size=5'; use label_size=0, or remove the parameter",
        ),
    ],
)
def test_the_message_about_a_channel_names_what_the_algorithm_reads(algorithm, changes, words):
    assert words in reported_messages("builtin", BASES[algorithm] | changes)


# --- instances -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tag", "used"), [("1.0-1", False), ("1.2-1", True), ("1.7-1", True), ("latest", True)])
def test_a_gpu_is_idle_before_the_first_version_that_uses_it(tag, used):
    found = paths("processor-is-supported", "xgboost", {IMAGE: image(tag), TYPE: "ml.g5.xlarge"})
    assert found == ([] if used else [TYPE])


@pytest.mark.parametrize(
    ("algorithm", "instance_type", "words"),
    [
        ("image-classification", "ml.m5.xlarge", "expected an instance type with a GPU, because Image Classification"),
        ("image-classification", "ml.m5.xlarge", "got 'ml.m5.xlarge'; use a type such as ml.g5.xlarge"),
        ("lda", "ml.g5.xlarge", "expected an instance type without a GPU, because"),
        ("lda", "ml.g5.xlarge", "got 'ml.g5.xlarge'; use a type such as ml.m5.xlarge"),
    ],
)
def test_the_message_about_a_processor_names_the_reason(algorithm, instance_type, words):
    assert words in reported_messages("builtin", BASES[algorithm] | {TYPE: instance_type})


def test_the_first_group_of_instances_without_a_gpu_is_reported():
    groups = [
        {"InstanceGroupName": name, "InstanceType": name, "InstanceCount": 1}
        for name in ("ml.c5.xlarge", "ml.m5.xlarge")
    ]
    resources = "TrainingJobDefinition.ResourceConfig"
    changes = BASES["image-classification"] | {resources: {"InstanceGroups": groups, "VolumeSizeInGB": 30}}
    del changes[TYPE]
    assert "needs one, got 'ml.c5.xlarge'" in reported_messages("builtin", changes)
    assert ("processor-is-supported", f"{resources}.InstanceGroups[0].InstanceType") in reported(
        changed(BUILTIN, changes)
    )


def test_the_instances_of_all_groups_count():
    groups = [
        {"InstanceGroupName": name, "InstanceType": "ml.m5.xlarge", "InstanceCount": 1} for name in ("one", "two")
    ]
    resources = "TrainingJobDefinition.ResourceConfig"
    changes = {resources: {"InstanceGroups": groups, "VolumeSizeInGB": 30}}
    assert paths("instance-count-is-supported", "lda", changes) == [f"{resources}.InstanceGroups"]
    assert "got 2; use at most 1 instance in total [" in reported_messages("builtin", BASES["lda"] | changes)
    one = {resources: {"InstanceGroups": groups[:1], "VolumeSizeInGB": 30}}
    assert paths("instance-count-is-supported", "lda", one) == []


@pytest.mark.parametrize("mode", ["skipgram", "cbow", "supervised"])
def test_a_value_of_a_hyperparameter_limits_the_instances(mode):
    changes = {f"{STATIC}.mode": mode, COUNT: 2}
    assert paths("instance-count-is-supported", "blazingtext", changes) == [COUNT]
    assert paths("instance-count-is-supported", "blazingtext", changes | {COUNT: 1}) == []
    assert paths("instance-count-is-supported", "blazingtext", changes | {f"{STATIC}.mode": "batch_skipgram"}) == []


def test_a_value_after_an_unknown_hyperparameter_is_compared_with_the_others():
    static = {f"{STATIC}.zzz": "1", f"{STATIC}.updater": "shotgun", f"{STATIC}.booster": "gbtree"}
    assert paths("hyperparameter-values-fit-together", "xgboost", static) == [f'{STATIC}["updater"]']


def test_a_value_that_belongs_to_another_value_is_reported_only_for_its_hyperparameter():
    rule = "hyperparameter-values-fit-together"
    assert paths(rule, "xgboost", {f"{STATIC}.zzz": "shotgun", f"{STATIC}.booster": "gbtree"}) == []


def test_an_algorithm_runs_with_network_isolation():
    assert problems("xgboost", {"TrainingJobDefinition.EnableNetworkIsolation": True}) == []


def test_network_isolation_is_not_reported_if_aws_documents_nothing_about_it():
    assert algorithm_facts("tabtransformer").network_isolation is None
    changes = table_jumpstart.TABTRANSFORMER | {"TrainingJobDefinition.EnableNetworkIsolation": True}
    assert "network-isolation-is-supported" not in [rule for rule, _ in reported(changed(BUILTIN, changes))]


def test_no_instances_are_not_more_than_an_algorithm_uses():
    assert problems("lda", {COUNT: 0}) == [("at-least-one-instance", COUNT)]


def test_an_algorithm_resource_runs_with_network_isolation():
    named = {
        "TrainingJobDefinition.AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"},
        "TrainingJobDefinition.EnableNetworkIsolation": True,
    }
    assert problems("xgboost", named) == []


def test_an_algorithm_resource_may_have_an_empty_list_of_metrics():
    named = {"AlgorithmName": "mine", "TrainingInputMode": "File", "MetricDefinitions": []}
    assert problems("xgboost", {"TrainingJobDefinition.AlgorithmSpecification": named}) == []


def test_an_objective_that_a_job_and_a_definition_share_is_reported_in_the_definition(refused):
    objective = shapes.HyperParameterTuningJobObjective(type="Maximize", metric_name="validation:rmse")
    request = hptsdk.from_wire(shapes.CreateHyperParameterTuningJobRequest, several({}))
    config = attrs.evolve(request.hyper_parameter_tuning_job_config, hyper_parameter_tuning_job_objective=objective)
    definitions = [attrs.evolve(each, tuning_objective=objective) for each in request.training_job_definitions]
    [violation] = refused(
        attrs.evolve, request, hyper_parameter_tuning_job_config=config, training_job_definitions=definitions
    )
    assert violation.path == "TrainingJobDefinitions[0].TuningObjective.Type"
