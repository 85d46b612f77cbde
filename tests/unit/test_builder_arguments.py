"""Errors of the builders name the invalid argument, and suggest an argument for a misspelled one."""

import inspect
import re
from pathlib import PurePosixPath

import pytest

import hptsdk
from hptsdk import builder, shapes
from hptsdk.testing import StubTransport

REQUIRED = {
    "algorithm": "mine",
    "role_arn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "output": "s3://amzn-s3-demo-bucket/out/",
    "instance_type": "ml.m5.xlarge",
    "instance_count": 1,
    "max_runtime_in_seconds": 3600,
}
TRAINING = hptsdk.training(**REQUIRED)
DEFINITION = TRAINING.named("xgb", minimize="rmse")
JOB = hptsdk.tuning_job("job", TRAINING, minimize="rmse", max_jobs=9, max_parallel_jobs=2)
BYTES = b"neither text nor a number"


def training(**others):
    return hptsdk.training(**{**REQUIRED, **others})


def job(name="job", **others):
    return hptsdk.tuning_job(name, TRAINING, **{"max_parallel_jobs": 2, **(others or {"minimize": "rmse"})})


# Functions with valid arguments. Each argument is replaced by BYTES in turn.
CALLS = [
    (hptsdk.training, REQUIRED),
    (hptsdk.training, {**REQUIRED, "algorithm": None, "image": "mine:1", "volume_size_in_gb": 30}),
    (
        hptsdk.tuning_job,
        {"name": "job", "training": TRAINING, "minimize": "rmse", "max_jobs": 9, "max_parallel_jobs": 2},
    ),
    (hptsdk.tuning_job, {"name": "job", "training": TRAINING, "maximize": "auc", "max_parallel_jobs": 2}),
    (hptsdk.unique_name, {"prefix": "job"}),
    (TRAINING.named, {"name": "xgb", "minimize": "rmse"}),
    (TRAINING.named, {"name": "xgb", "maximize": "auc"}),
    (TRAINING.metric, {"name": "rmse", "regex": "rmse=(.*)"}),
    (TRAINING.metrics, {"metrics": []}),
    (TRAINING.input_mode, {"mode": "Pipe"}),
    (
        TRAINING.channel,
        {
            "name": "train",
            "source": "s3://amzn-s3-demo-bucket/train/",
            "content_type": "text/csv",
            "input_mode": "Pipe",
            "compression": "Gzip",
            "record_wrapper": "RecordIO",
            "shuffle_seed": 1,
            "data_type": "S3Prefix",
            "distribution": "FullyReplicated",
            "attribute_names": ["label"],
            "instance_groups": ["workers"],
        },
    ),
    (
        TRAINING.file_system,
        {
            "name": "train",
            "file_system_id": "fs-0123456789",
            "directory": "/data",
            "file_system_type": "EFS",
            "access_mode": "ro",
            "content_type": "text/csv",
            "input_mode": "File",
        },
    ),
    (TRAINING.channels, {"channels": []}),
    (TRAINING.vpc, {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}),
    (TRAINING.spot, {"max_wait_in_seconds": 7200}),
    (TRAINING.max_pending_time, {"seconds": 7200}),
    (TRAINING.checkpoints, {"s3_uri": "s3://amzn-s3-demo-bucket/checkpoints/", "local_path": "/opt/ml/checkpoints"}),
    (TRAINING.retries, {"attempts": 3}),
    (TRAINING.instances, {"instances": []}),
    (JOB.continuous, {"name": "eta", "low": 0.1, "high": 0.2, "scaling": "Linear"}),
    (DEFINITION.continuous, {"name": "eta", "low": 0.1, "high": 0.2, "scaling": "Linear"}),
    (JOB.integer, {"name": "depth", "low": 1, "high": 2, "scaling": "Linear"}),
    (JOB.categorical, {"name": "kind", "values": ["a", "b"]}),
    (JOB.auto, {"name": "alpha", "hint": 0.5}),
    (JOB.bayesian, {"random_seed": 7}),
    (JOB.random, {"random_seed": 7}),
    (JOB.hyperband, {"min_resource": 1, "max_resource": 9, "random_seed": 7}),
    (JOB.stop_at, {"objective": 0.9}),
    (JOB.stop_when_not_improving, {"jobs": 3}),
    (JOB.max_runtime, {"seconds": 600}),
    (JOB.tag, {"key": "team", "value": "growth"}),
]
ARGUMENTS = [
    pytest.param(call, {**right, argument: BYTES}, f"{call.__name__}({argument}=…)", id=f"{call.__name__}-{argument}")
    for call, right in CALLS
    for argument in right
    if right[argument] is not None and right[argument] is not TRAINING
]


@pytest.mark.parametrize(("call", "arguments", "named"), ARGUMENTS)
def test_the_error_names_an_invalid_argument(call, arguments, named, refused):
    assert [v.argument for v in refused(call, **arguments)] == [named]


def test_every_argument_with_a_name_is_tried_above():
    tried = {(call.__name__, argument) for call, right in CALLS for argument in right}
    functions = [hptsdk.training, hptsdk.tuning_job, hptsdk.unique_name]
    functions += [
        method
        for cls in (builder.TrainingBuilder, builder.DefinitionBuilder, builder.TuningJobBuilder)
        for name, method in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith("_")
    ]
    everything = {
        (function.__name__, parameter.name)
        for function in functions
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name != "self" and parameter.kind in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}
    }
    below = {("tags", "tags"), ("warm_start", "kind")}
    of_no_member = {("template", "syntax")}
    assert everything - tried == below | of_no_member


NAMED = {
    "an argument by position": (lambda: JOB.continuous("eta", "a", 1), "continuous(low=…)"),
    "a static hyperparameter by keyword": (lambda: TRAINING.static(num_round=None), "static(num_round=…)"),
    "a static hyperparameter in a map": (lambda: TRAINING.static({"num-round": None}), 'static({"num-round": …})'),
    "a keyword like the member's name": (
        lambda: TRAINING.static(static_hyper_parameters="text", b=None),
        "static(b=…)",
    ),
    "something that is no map": (lambda: TRAINING.environment(3), "environment(…)"),
    "a key that is no text": (lambda: TRAINING.static({b"p": "right"}), "static(…)"),
    "a key with brackets": (lambda: TRAINING.static({'a["b"].c': None}), r'static({"a[\"b\"].c": …})'),
    "a variable of the environment": (lambda: TRAINING.environment(LEVEL=None), "environment(LEVEL=…)"),
    "a value that is no JSON": (lambda: TRAINING.static_json(sizes={1}), "static_json(sizes=…)"),
    "a member": (lambda: TRAINING.with_(vpc_config=3), "with_(vpc_config=…)"),
    "an entry of a member": (lambda: TRAINING.with_(environment={"P": 3}), "with_(environment=…)"),
    "a member of the request": (lambda: JOB.with_(autotune=3), "with_(autotune=…)"),
    "a member of the configuration": (lambda: JOB.with_(random_seed=-1), "with_(random_seed=…)"),
    "a parent": (lambda: JOB.warm_start("first", "my_job", kind="TransferLearning"), "warm_start(*parents)"),
    "a kind of warm start": (lambda: JOB.warm_start("first", kind="Transfer"), "warm_start(kind=…)"),
    "a value of a tag": (lambda: JOB.tags({"cost": 7}), "tags(tags=…)"),
    "a bound below the other": (lambda: JOB.continuous("eta", 2, 1), "continuous(high=…)"),
    "a second range of a name": (lambda: JOB.integer("x", 0, 1).integer("x", 0, 1), "integer(name=…)"),
    "one of the values": (lambda: JOB.categorical("kind", ["a", None]), "categorical(values=…)"),
    "an objective with None beside it": (
        lambda: hptsdk.tuning_job("job", TRAINING, minimize="", maximize=None, max_parallel_jobs=2),
        "tuning_job(minimize=…)",
    ),
    "an objective with None before it": (
        lambda: hptsdk.tuning_job("job", TRAINING, minimize=None, maximize="", max_parallel_jobs=2),
        "tuning_job(maximize=…)",
    ),
}


@pytest.mark.parametrize(("call", "named"), NAMED.values(), ids=NAMED)
def test_the_error_names_the_argument_as_in_the_call(call, named, refused):
    assert [v.argument for v in refused(call)] == [named]


def test_each_of_several_wrong_arguments_is_named(refused):
    violations = refused(training, role_arn=BYTES, instance_count=True)
    assert [v.argument for v in violations] == ["training(role_arn=…)", "training(instance_count=…)"]


def test_the_message_starts_with_the_argument(messages):
    assert messages(JOB.integer, "depth", True, 9) == [  # noqa: FBT003 - that is what is refused
        "integer(low=…): IntegerParameterRange.MinValue: expected a finite number, got True [type]"
    ]


def test_a_violation_of_no_single_argument_names_the_call(refused):
    full = TRAINING.channels([channel(f"c{i}") for i in range(20)])
    assert [v.argument for v in refused(full.channel, "more", "s3://amzn-s3-demo-bucket/more/")] == ["channel(…)"]


def channel(name):
    source = shapes.S3DataSource(s3_data_type="S3Prefix", s3_uri="s3://amzn-s3-demo-bucket/c/")
    return shapes.Channel(channel_name=name, data_source=shapes.DataSource(s3_data_source=source))


def test_violations_found_by_build_name_no_argument(refused):
    assert {v.argument for v in refused(JOB.with_(resource_limits=None).build)} == {""}


def test_the_error_of_a_constructor_names_no_argument(refused):
    assert {v.argument for v in refused(shapes.Tag, key="", value="")} == {""}


# --- the value in the error ---


@pytest.mark.parametrize("argument", sorted(set(REQUIRED) - {"algorithm"}))
def test_none_is_shown_as_none(argument, refused):
    assert [v.got for v in refused(training, **{argument: None})] == ["None"]


NONE_GIVEN = {
    "a bound": lambda: JOB.continuous("x", None, 1),
    "a name": lambda: JOB.categorical(None, ["a"]),
    "a category": lambda: JOB.categorical("x", ["a", None]),
    "a source": lambda: TRAINING.channel("train", None),
    "a prefix": lambda: hptsdk.unique_name(None),
    "a static hyperparameter": lambda: TRAINING.static(p=None),
    "a variable in a map": lambda: TRAINING.environment({"P": None}),
    "a kind of warm start": lambda: JOB.warm_start("first", kind=None),
}


@pytest.mark.parametrize("call", NONE_GIVEN.values(), ids=NONE_GIVEN)
def test_none_is_shown_as_none_by_the_methods(call, refused):
    assert [v.got for v in refused(call)] == ["None"]


@pytest.mark.parametrize(
    ("text", "number"), [("0.1", "0.1"), ("10", "10"), ("1e-3", "0.001"), (" 7 ", "7"), ("-.5", "-0.5")]
)
def test_a_number_as_text_gets_a_hint(text, number, refused):
    assert [v.hint for v in refused(JOB.continuous, "x", text, 2000)] == [f"write {number}"]


NUMBERS_AS_TEXT = {
    "a seed": (lambda: JOB.bayesian(random_seed="7"), "write 7"),
    "a fraction for an integer": (lambda: JOB.bayesian(random_seed="7.5"), ""),
    "a target": (lambda: JOB.stop_at("0.90"), "write 0.9"),
    "a count": (lambda: training(instance_count="2"), "write 2"),
    "the seed of a shuffle": (lambda: TRAINING.channel("train", "s3://b/c", shuffle_seed="1"), "write 1"),
    "a bound of integers": (lambda: JOB.integer("x", 1, "9"), "write 9"),
}


@pytest.mark.parametrize(("call", "hint"), NUMBERS_AS_TEXT.values(), ids=NUMBERS_AS_TEXT)
def test_a_number_as_text_gets_a_hint_in_each_argument(call, hint, refused):
    assert [v.hint for v in refused(call)] == [hint]


@pytest.mark.parametrize("text", ["", "low", "nan", "inf", "0x10", "9" * 400, "1e999"], ids=lambda text: text[:5])
def test_other_text_for_a_number_gets_no_hint(text, refused):
    assert [v.hint for v in refused(JOB.continuous, "x", text, 1)] == [""]


@pytest.mark.parametrize("values", ["abc", "banana", b"banana"], ids=["letters", "letters twice", "bytes"])
def test_one_text_for_the_values_is_one_violation(values, refused):
    assert [v.path for v in refused(JOB.categorical, "x", values)] == ["Values"]


def test_one_text_for_the_values_of_a_shape_is_one_violation(refused):
    assert [v.path for v in refused(shapes.CategoricalParameterRange, name="x", values="banana")] == ["Values"]


@pytest.mark.parametrize("source", ["./data", PurePosixPath("data")], ids=["text", "path"])
def test_a_local_path_for_a_channel_is_one_violation_of_the_address(source, refused):
    assert [v.path.rpartition(".")[2] for v in refused(TRAINING.channel, "train", source)] == ["S3Uri"]


# --- misspelled and missing arguments ---

MISSPELLED = {
    "training": (lambda: hptsdk.training(image="mine:1", rol_arn="arn"), "training", "rol_arn", "role_arn"),
    "tuning_job": (lambda: job(maximise="auc"), "tuning_job", "maximise", "maximize"),
    "channel": (
        lambda: TRAINING.channel("train", "s3://b/c", contenttype="text/csv"),
        "TrainingBuilder.channel",
        "contenttype",
        "content_type",
    ),
    "vpc": (lambda: DEFINITION.vpc(subnet=[]), "DefinitionBuilder.vpc", "subnet", "subnets"),
    "continuous": (
        lambda: JOB.continuous("x", 0, 1, scale="Linear"),
        "TuningJobBuilder.continuous",
        "scale",
        "scaling",
    ),
    "of a definition": (
        lambda: DEFINITION.integer("x", 0, 1, scalling="Linear"),
        "DefinitionBuilder.integer",
        "scalling",
        "scaling",
    ),
    "named": (lambda: TRAINING.named("xgb", minimise="rmse"), "TrainingBuilder.named", "minimise", "minimize"),
    "unique_name": (lambda: hptsdk.unique_name(prefx="a"), "unique_name", "prefx", "prefix"),
}


@pytest.mark.parametrize(("call", "function", "written", "meant"), MISSPELLED.values(), ids=MISSPELLED)
def test_a_misspelled_argument_gets_a_suggestion(call, function, written, meant):
    with pytest.raises(TypeError) as raised:
        call()
    expected_text = f"{function}() got an unexpected keyword argument {written!r}; did you mean {meant!r}?"
    assert str(raised.value) == expected_text


CLIENT = hptsdk.TuningClient(transport=StubTransport())
OTHERWISE = {
    "a role": (lambda: hptsdk.training(role="arn"), "training", "role", "did you mean 'role_arn'?"),
    "a part of a name": (
        lambda: hptsdk.training(instance_typ="ml.m5.large"),
        "training",
        "instance_typ",
        "did you mean 'instance_type'?",
    ),
    "an image": (lambda: hptsdk.training(image_uri="mine:1"), "training", "image_uri", "did you mean 'image'?"),
    "static hyperparameters": (
        lambda: hptsdk.training(hyperparameters={}),
        "training",
        "hyperparameters",
        "add them with .static(name=value)",
    ),
    "a seed": (lambda: JOB.bayesian(seed=7), "TuningJobBuilder.bayesian", "seed", "did you mean 'random_seed'?"),
    "a bound": (
        lambda: JOB.integer("x", min_value=1, high=2),
        "TuningJobBuilder.integer",
        "min_value",
        "did you mean 'low'?",
    ),
    "a region": (
        lambda: hptsdk.TuningClient(region="us-east-1"),
        "TuningClient",
        "region",
        "did you mean 'region_name'?",
    ),
    "a profile": (
        lambda: hptsdk.TuningClient(profile_name="mine"),
        "TuningClient",
        "profile_name",
        "use session=boto3.Session(profile_name=...)",
    ),
    "a status": (lambda: CLIENT.list(status="Failed"), "TuningClient.list", "status", "did you mean 'status_equals'?"),
    "a status of training jobs": (
        lambda: CLIENT.get("job").training_jobs(status="Failed"),
        "TuningJob.training_jobs",
        "status",
        "did you mean 'status_equals'?",
    ),
    "a callback": (lambda: CLIENT.get("job").wait(callback=print), "TuningJob.wait", "callback", ""),
    "an existing job": (
        lambda: CLIENT.create(if_exist="return"),
        "TuningClient.create",
        "if_exist",
        "did you mean 'if_exists'?",
    ),
}


@pytest.mark.parametrize(("call", "function", "written", "hint"), OTHERWISE.values(), ids=OTHERWISE)
def test_an_argument_with_the_name_of_another_library_gets_a_hint(call, function, written, hint):
    with pytest.raises(TypeError) as raised:
        call()
    expected_text = f"{function}() got an unexpected keyword argument {written!r}"
    assert str(raised.value) == (f"{expected_text}; {hint}" if hint else expected_text)


@pytest.mark.parametrize(
    "argument",
    [
        "channels",
        "environment",
        "hyperparameters",
        "inputs",
        "max_wait",
        "metric_definitions",
        "metrics",
        "security_group_ids",
        "static_hyperparameters",
        "subnets",
        "use_spot_instances",
    ],
)
def test_the_hint_for_an_argument_of_another_library_names_a_method(argument):
    with pytest.raises(TypeError) as raised:
        hptsdk.training(**{argument: 1})
    [method] = re.findall(r" \.(\w+)\(", str(raised.value))
    assert hasattr(builder.TrainingBuilder, method)


@pytest.mark.parametrize(
    ("written", "meant"), [("max", "high"), ("max_value", "high"), ("min", "low"), ("min_value", "low")]
)
def test_another_name_of_a_bound_leads_to_its_argument(written, meant):
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{written}'; did you mean '{meant}'"):
        JOB.continuous("eta", **{written: 1})


def test_the_error_for_too_many_positional_arguments_has_the_names():
    with pytest.raises(TypeError) as raised:
        hptsdk.tuning_job("job", TRAINING, "loss", max_parallel_jobs=2)
    assert str(raised.value) == (
        "tuning_job() takes 2 positional arguments, got 3; pass the others by name: minimize=, maximize=, max_jobs="
    )


def test_the_error_for_an_invalid_filter_names_the_argument(refused):
    assert [v.argument for v in refused(CLIENT.list, page_size=101)] == ["list(page_size=…)"]


def test_an_argument_that_is_set_is_not_suggested():
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'subnet'$"):
        TRAINING.vpc(subnets=["subnet-1"], security_group_ids=["sg-1"], subnet="subnet-2")


def test_an_argument_unlike_any_other_gets_no_suggestion():
    with pytest.raises(TypeError, match=r"^TrainingBuilder\.retries\(\) got an unexpected keyword argument 'colour'$"):
        TRAINING.retries(3, colour="red")


PUBLIC = {
    "a missing argument": (TRAINING.vpc, "TrainingBuilder.vpc() missing 2 required keyword-only arguments"),
    "one of a definition": (DEFINITION.spot, "DefinitionBuilder.spot() missing 1 required"),
    "one of a channel": (lambda: TRAINING.channel("a"), "TrainingBuilder.channel() missing 1 required"),
    "one of a range": (lambda: JOB.continuous("a", 1), "TuningJobBuilder.continuous() missing 1 required"),
    "one too many": (
        lambda: DEFINITION.retries(1, 2),
        "DefinitionBuilder.retries() takes 1 positional argument, got 2",
    ),
    "one where there is none": (lambda: JOB.grid(1), "TuningJobBuilder.grid() takes 0 positional arguments, got 1"),
    "one of build": (lambda: JOB.build(1), "TuningJobBuilder.build() takes 0 positional arguments, got 1"),
    "no builder": (builder.TrainingBuilder.vpc, "vpc() missing 1 required positional argument"),
}


@pytest.mark.parametrize(("call", "expected_text"), PUBLIC.values(), ids=PUBLIC)
def test_the_error_of_an_invalid_call_has_the_name_of_the_public_class(call, expected_text):
    with pytest.raises(TypeError) as raised:
        call()
    assert str(raised.value)[: len(expected_text)] == expected_text


@pytest.mark.parametrize("cls", [builder.TrainingBuilder, builder.DefinitionBuilder, builder.TuningJobBuilder])
def test_each_method_reports_a_misspelled_argument_with_the_name_of_the_public_class(cls):
    wrong = {name for name, method in inspect.getmembers(cls, inspect.isfunction) if not name.startswith("_")}
    instance = {builder.TrainingBuilder: TRAINING, builder.DefinitionBuilder: DEFINITION}.get(cls, JOB)
    for name in sorted(wrong - {"static", "static_json", "environment", "with_"}):
        with pytest.raises(TypeError, match=rf"^{cls.__name__}\.{name}\(\) got an unexpected keyword argument 'zz'$"):
            getattr(instance, name)(zz=1)
