"""`hptsdk.placeholder` in shapes and builders: everything else is validated, and the whole is a template."""

import copy
import pickle

import attrs
import pytest
from sample_requests import REQUIRED, tuning_job

import hptsdk
from hptsdk import errors, export, shapes
from hptsdk.schema import all_shapes
from hptsdk.wire import OpenMember

DS = hptsdk.placeholder("{{ ds }}")
Request = shapes.CreateHyperParameterTuningJobRequest


def training(**others):
    """Return the builder of a definition, of which some arguments are placeholders."""
    return hptsdk.training(**{**REQUIRED, "algorithm": "mine", **others})


def job(definition=None, **others):
    """Return the builder of a job, of which some arguments are placeholders."""
    arguments = {"name": "job", "minimize": "rmse", "max_jobs": 9, "max_parallel_jobs": 2, **others}
    return hptsdk.tuning_job(arguments.pop("name"), definition or training(), **arguments).continuous("eta", 0.1, 0.5)


# --- shapes ---


def structures_in(value):
    """Yield the shapes in a shape, from the leaves."""
    if isinstance(value, tuple):
        for item in value:
            yield from structures_in(item)
    if attrs.has(type(value)):
        for member in attrs.fields(type(value)):
            yield from structures_in(getattr(value, member.name))
        yield value


def many_parts():
    """Return the parts of a request with most structures, without the request."""
    definition = (
        training()
        .metric("rmse", "rmse=(.*)")
        .channel("train", "s3://amzn-s3-demo-bucket/train/", shuffle_seed=1, input_mode="Pipe")
        .file_system("efs", "fs-0123456789", directory="/data", file_system_type="EFS")
        .environment(LEVEL="info")
        .vpc(subnets=["subnet-1"], security_group_ids=["sg-1"])
        .spot(max_wait_in_seconds=7200)
        .checkpoints("s3://amzn-s3-demo-bucket/checkpoints/")
        .retries(3)
    )
    request = job(definition).integer("depth", 1, 9).categorical("kind", ["a", "b"]).stop_at(0.5).tag("a", "b").build()
    return list(structures_in(request))[:-1]


@pytest.mark.parametrize("part", many_parts(), ids=lambda part: type(part).__name__)
def test_a_placeholder_stands_for_each_member_of_a_part(part):
    members = [member.name for member in attrs.fields(type(part))]
    if isinstance(part, shapes.ResourceConfig):  # its other members exclude an instance type
        members = [name for name in members if getattr(part, name) is not None]
    for name in members:
        with_placeholder = attrs.evolve(part, **{name: DS})
        assert "{{ ds }}" in hptsdk.to_wire(with_placeholder).values()


def test_a_placeholder_is_an_item_of_a_list_and_a_value_of_a_map():
    vpc = shapes.VpcConfig(security_group_ids=["sg-1", DS], subnets=["subnet-1"])
    assert hptsdk.to_wire(vpc)["SecurityGroupIds"] == ["sg-1", "{{ ds }}"]
    assert job(training().environment(RUN=DS)).template().document["TrainingJobDefinition"]["Environment"] == {
        "RUN": "{{ ds }}"
    }


def test_the_other_members_of_a_part_are_validated():
    with pytest.raises(errors.InvalidShapeError, match=r"^Tag\.Value: expected text, got 3") as raised:
        shapes.Tag(key=DS, value=3)
    assert len(raised.value.violations) == 1


def test_a_rule_about_members_that_are_known_is_applied():
    with pytest.raises(errors.InvalidShapeError, match="MinValue"):
        shapes.IntegerParameterRange(name=DS, min_value="2", max_value="1")


def test_a_rule_about_a_member_that_is_not_known_is_not_applied():
    assert shapes.IntegerParameterRange(name="depth", min_value=DS, max_value="1").max_value == "1"


def test_the_request_of_an_operation_has_no_placeholders():
    parts = {member.name: getattr(job().build(), member.name) for member in attrs.fields(Request)}
    with pytest.raises(errors.InvalidShapeError, match=r"got the placeholder '\{\{ ds \}\}'; use \.template\(\)"):
        Request(**parts | {"hyper_parameter_tuning_job_name": DS})


def test_every_request_of_an_operation_refuses_placeholders():
    for cls in (cls for cls in all_shapes() if cls.__name__.endswith("Request")):
        with pytest.raises(errors.InvalidShapeError):
            cls(**dict.fromkeys([member.name for member in attrs.fields(cls)], DS))


@pytest.mark.parametrize("copied", [copy.deepcopy, attrs.evolve, lambda part: pickle.loads(pickle.dumps(part))])  # noqa: S301 - ours
def test_a_part_with_a_placeholder_can_be_copied(copied):
    tag = shapes.Tag(key="run", value=DS)
    assert copied(tag) == tag
    assert hptsdk.to_wire(copied(tag)) == {"Key": "run", "Value": "{{ ds }}"}


def test_the_representation_of_a_part_is_code():
    tag = shapes.Tag(key="run", value=DS)
    assert repr(tag) == "Tag(key='run', value=placeholder('{{ ds }}'))"
    assert eval(repr(tag), {"Tag": shapes.Tag, "placeholder": hptsdk.placeholder}) == tag  # noqa: S307 - that it is code is the test


def test_a_part_with_a_placeholder_is_not_valid_as_a_document():
    with pytest.raises(errors.InvalidShapeError, match="placeholder"):
        hptsdk.from_wire(shapes.Tag, {"Key": "run", "Value": DS})


# --- the forms of a placeholder ---


@pytest.mark.parametrize("written", ["ds", "", "s3://amzn-s3-demo-bucket/", "$100", {"Role": "x"}, {}, 3, None])
def test_what_has_no_form_of_a_placeholder_is_an_error(written):
    with pytest.raises(ValueError, match=r"placeholder: expected text or a mapping such as '\{\{"):
        hptsdk.placeholder(written)


@pytest.mark.parametrize(
    ("written", "syntax"),
    [
        ("{{ ds }}", "airflow"),
        ("{% if x %}a{% else %}b{% endif %}", "airflow"),
        ("$.name", "stepfunctions"),
        ("$$.Execution.Name", "stepfunctions"),
        ("States.Format('job-{}', $.name)", "stepfunctions"),
        ("{% $states.input.name %}", "stepfunctions"),
        ({"Get": "Parameters.Name"}, "pipelines"),
        ({"Std:Join": {"On": "-", "Values": ["job", {"Get": "Parameters.N"}]}}, "pipelines"),
        ("job-${NAME}", "env"),
        ("{inputs.name}", "flyte"),
        ("{images.name}", "flyte"),
    ],
)
def test_the_form_decides_the_syntax(written, syntax):
    template = job(name=hptsdk.placeholder(written)).template()
    assert template.syntax == syntax
    assert [member.path for member in template.placeholders] == ["HyperParameterTuningJobName"]


def test_placeholders_of_two_syntaxes_are_an_error():
    both = job(name=DS).tag("run", hptsdk.placeholder("${RUN}"))
    with pytest.raises(ValueError, match=r"expected placeholders of airflow, got 'RUN' of env"):
        both.template()


def test_a_text_with_the_form_of_two_syntaxes_has_the_one_that_is_passed():
    jinja = job(name=hptsdk.placeholder("{% raw %}"))
    assert jinja.template(syntax="airflow").syntax == "airflow"


def test_without_a_placeholder_the_syntax_is_an_argument():
    with pytest.raises(ValueError, match="pass syntax=, because the document has no result"):
        job().template()
    assert job().template(syntax="env").placeholders == ()


def test_text_with_the_syntax_of_a_template_is_a_placeholder():
    template = job(training().static(date="{{ ds }}"), name=DS).template()
    assert [member.path for member in template.placeholders] == [
        "HyperParameterTuningJobName",
        'TrainingJobDefinition.StaticHyperParameters["date"]',
    ]


# --- builders ---


PLACES = {
    "role_arn": (lambda p: job(training(role_arn=p)), REQUIRED["role_arn"]),
    "output": (lambda p: job(training(output=p)), "s3://amzn-s3-demo-bucket/other/"),
    "instance_type": (lambda p: job(training(instance_type=p)), "ml.c5.xlarge"),
    "instance_count": (lambda p: job(training(instance_count=p)), 2),
    "image": (lambda p: job(training(algorithm=None, image=p).metric("rmse", "rmse=(.*)")), "a.b/c:1"),
    "metric": (lambda p: job(training().metric("rmse", p)), "rmse=(.*)"),
    "static": (lambda p: job(training().static(rounds=p)), "3"),
    "all of static": (lambda p: job(training().static(p)), {"rounds": "3"}),
    "environment": (lambda p: job(training().environment(LEVEL=p)), "info"),
    "channel": (lambda p: job(training().channel("train", p)), "s3://amzn-s3-demo-bucket/train/"),
    "subnet": (lambda p: job(training().vpc(subnets=[p], security_group_ids=["sg-1"])), "subnet-1"),
    "subnets": (lambda p: job(training().vpc(subnets=p, security_group_ids=["sg-1"])), ["subnet-1"]),
    "spot": (lambda p: job(training().spot(max_wait_in_seconds=p)), 7200),
    "max_pending_time": (lambda p: job(training().max_pending_time(p)), 7200),
    "retries": (lambda p: job(training().retries(p)), 3),
    "checkpoints": (lambda p: job(training().checkpoints(p)), "s3://amzn-s3-demo-bucket/checkpoints/"),
    "name": (lambda p: job(name=p), "other"),
    "minimize": (lambda p: job(training().metric("loss", "loss=(.*)"), minimize=p), "loss"),
    "max_jobs": (lambda p: job(max_jobs=p), 7),
    "max_parallel_jobs": (lambda p: job(max_parallel_jobs=p), 3),
    "hint": (lambda p: job().autotune().auto("alpha", p), "0.5"),
    "range": (lambda p: job().continuous(p, 1, 9), "alpha"),
    "choice": (lambda p: job().categorical("kind", ["a", p]), "b"),
    "choices": (lambda p: job().categorical("kind", p), ["a", "b"]),
    "scaling": (lambda p: job().continuous("alpha", 1, 9, scaling=p), "Linear"),
    "seed": (lambda p: job().random(random_seed=p), 7),
    "stop_at": (lambda p: job().stop_at(p), 0.5),
    "stop_when_not_improving": (lambda p: job().stop_when_not_improving(p), 5),
    "max_runtime": (lambda p: job().max_runtime(p), 7200),
    "parent": (lambda p: job().warm_start(p, kind="TransferLearning"), "parent"),
    "tag": (lambda p: job().tag("team", p), "x"),
    "with_": (lambda p: job().with_(training_job_early_stopping_type=p), "Auto"),
}


@pytest.mark.parametrize(("build", "value"), PLACES.values(), ids=PLACES)
def test_a_filled_template_is_the_request_with_the_value(build, value):
    assert build(DS).template().fill({"ds": value}) == build(value).build()


def test_a_bound_is_filled_with_text():
    template = job().integer("depth", hptsdk.placeholder("{{ low }}"), 9).template()
    assert template.fill({"low": "1"}) == job().integer("depth", 1, 9).build()


def test_all_tags_are_one_placeholder():
    template = job().tags(DS).template()
    assert template.fill({"ds": [{"Key": "team", "Value": "x"}]}) == job().tag("team", "x").build()


@pytest.mark.parametrize(("build", "value"), PLACES.values(), ids=PLACES)
def test_build_names_the_method_that_takes_placeholders(build, value):
    with pytest.raises(errors.InvalidShapeError) as raised:
        build(DS).build()
    assert [violation.rule for violation in raised.value.violations] == ["placeholder"]
    assert "use .template() of the builder" in str(raised.value)


def test_a_definition_of_several_can_have_placeholders():
    definitions = [
        training().named(name, minimize="rmse").continuous("eta", hptsdk.placeholder("{{ low }}"), 1)
        for name in ("one", "two")
    ]
    template = hptsdk.tuning_job("job", definitions, max_jobs=9, max_parallel_jobs=2).template()
    assert [member.path for member in template.placeholders] == [
        f"TrainingJobDefinitions[{index}].HyperParameterRanges.ContinuousParameterRanges[0].MinValue"
        for index in range(2)
    ]


def test_a_template_reports_everything_that_can_be_decided():
    invalid = job(training().spot(max_wait_in_seconds=60), name=DS)
    with pytest.raises(errors.InvalidShapeError) as raised:
        invalid.template()
    assert "placeholder" not in [violation.rule for violation in raised.value.violations]
    assert "MaxWaitTimeInSeconds" in str(raised.value)


@pytest.mark.parametrize(
    "add",
    [
        lambda: job().tags(DS).tag("a", "b"),
        lambda: training().static(DS).static(a=1),
        lambda: training().channels(DS).channel("train", "s3://amzn-s3-demo-bucket/"),
        lambda: training().metrics(DS).metric("rmse", "rmse=(.*)"),
        lambda: job().with_(parameter_ranges=DS).integer("depth", 1, 9),
        lambda: job().with_(resource_limits=DS).max_runtime(600),
    ],
)
def test_nothing_is_added_to_a_placeholder_for_a_whole_member(add):
    with pytest.raises(TypeError, match=r"added to placeholder\('\{\{ ds \}\}'\); remove this call or the placeholder"):
        add()


def test_the_representation_of_a_builder_shows_placeholders():
    assert "limits: {{ ds }} training jobs" in repr(job(max_jobs=DS))


def test_a_range_that_is_not_known_replaces_no_static_hyperparameter():
    definition = hptsdk.training_from(
        {
            "TrainingJobName": "a",
            "HyperParameters": {"eta": "0.3"},
            **hptsdk.to_wire(job(training().metric("rmse", "rmse=(.*)")).build().training_job_definition),
        }
    )
    unknown = tuning_job(definition=definition).with_(parameter_ranges=DS).template()
    assert unknown.document["TrainingJobDefinition"]["StaticHyperParameters"] == {"eta": "0.3"}


# --- keys ---


def test_the_key_of_a_map_is_no_placeholder():
    with pytest.raises(errors.InvalidShapeError, match="write the key itself; a placeholder can only be a value"):
        training().static({DS: 3})


@pytest.mark.parametrize("members", [{"Tag": {}, "{{ tags }}": []}, {"{{ tags }}": []}])
def test_the_name_of_a_member_is_no_placeholder(members):
    document = hptsdk.to_wire(job().build()) | members
    with pytest.raises(errors.InvalidShapeError) as raised:
        hptsdk.template(Request, document, syntax="airflow")
    [violation] = [violation for violation in raised.value.violations if "{{ tags }}" in violation.path]
    assert violation.hint == "write the key itself; a placeholder can only be a value"


def test_the_key_of_a_map_in_a_document_is_no_placeholder():
    document = hptsdk.to_wire(job(training().static({"{{ name }}": "1"})).build())
    with pytest.raises(errors.InvalidShapeError, match=r'StaticHyperParameters\["\{\{ name \}\}"\]: expected a key'):
        hptsdk.template(Request, document, syntax="airflow")


# --- Jinja ---


@pytest.mark.parametrize(
    "text",
    [
        "{% if a %}" + "a" * 20 + "{% else %}" + "b" * 20 + "{% endif %}",
        "job{# the job of today #}",
        "job {{- ds }}",
        "{{ ds -}} job",
    ],
)
def test_a_text_of_which_jinja_removes_parts_is_not_known(text):
    template = job(name=hptsdk.placeholder(text)).template(syntax="airflow")
    assert template.fill({text: "job"}).hyper_parameter_tuning_job_name == "job"


# --- Step Functions ---


def test_the_name_of_a_member_with_a_path_ends_as_step_functions_reads_it():
    template = job(
        training().environment(RUN=hptsdk.placeholder("$.run")), max_jobs=hptsdk.placeholder("$.n")
    ).template()
    assert template.document["TrainingJobDefinition"]["Environment"] == {"RUN.$": "$.run"}
    assert template.document["HyperParameterTuningJobConfig"]["ResourceLimits"] == {
        "MaxNumberOfTrainingJobs.$": "$.n",
        "MaxParallelTrainingJobs": 2,
    }
    assert template.placeholders == (
        OpenMember("HyperParameterTuningJobConfig.ResourceLimits.MaxNumberOfTrainingJobs", "$.n"),
        OpenMember('TrainingJobDefinition.Environment["RUN"]', "$.run"),
    )


def test_a_path_as_an_item_of_a_list_is_an_error():
    paths = job(training().vpc(subnets=[hptsdk.placeholder("$.subnet")], security_group_ids=["sg-1"]))
    with pytest.raises(ValueError, match=r"no path in an item of a list, got '\$\.subnet'; pass a path"):
        paths.template()


@pytest.mark.parametrize(
    "members",
    [
        {"HyperParameterTuningJobName.$": "$.name"},
        {"Tags.$": "a text that is no path"},
        {"Tags.$": [{"Key.$": "$.key", "Value": "a"}]},
    ],
)
def test_a_name_that_step_functions_refuses_is_a_violation(members):
    document = hptsdk.to_wire(job().build()) | members
    with pytest.raises(errors.InvalidShapeError, match=r"\$") as raised:
        hptsdk.template(Request, document, syntax="stepfunctions")
    assert "--template" not in str(raised.value)


# --- secrets ---


def test_the_text_around_a_placeholder_is_not_shown_if_it_may_be_secret():
    unknown = job(training().environment(KEY=hptsdk.placeholder("secret-{{ key }}")))
    with pytest.raises(errors.InvalidShapeError) as raised:
        unknown.build()
    client = hptsdk.TuningClient(region_name="us-east-1")
    with pytest.raises(TypeError) as refused:
        client.create(unknown.template())
    texts = [str(raised.value), str(refused.value), repr(unknown), repr(unknown.template())]
    assert "secret" not in " ".join([*texts, *map(str, unknown.template().placeholders)])


def test_the_text_around_jinja_statements_is_not_shown_if_it_may_be_secret():
    value = hptsdk.placeholder("secret-{% if x %}secret{% endif %}")
    unknown = job(training().environment(KEY=value))
    template = unknown.template()
    with pytest.raises(errors.InvalidShapeError) as invalid:
        unknown.build()
    with pytest.raises(ValueError, match=r"expected a value for '…{% if x %}…{% endif %}…'") as missing:
        template.fill({})
    with pytest.raises(ValueError, match="no placeholder") as unknown_name:
        template.fill({value.value: "a", value.value[1:-1].replace("secret", ""): "a"})
    with pytest.raises(
        ValueError, match=r"expected placeholders of env, got '…{% if x %}…{% endif %}…' of airflow"
    ) as other_syntax:
        hptsdk.template(Request, template.document | {"Tags": [{"Key": "a", "Value": value}]}, syntax="env")
    assert template.placeholders[0].text == "…{% if x %}…{% endif %}…"
    shown = [repr(template), *(str(error.value) for error in (invalid, missing, unknown_name, other_syntax))]
    assert "secret" not in " ".join(shown)
    assert template.fill({value.value: "a"}).training_job_definition.environment == {"KEY": "a"}


def test_the_arguments_of_a_function_are_not_shown_if_they_may_be_secret():
    join = hptsdk.placeholder({"Std:Join": {"On": "", "Values": ["secret", {"Get": "Parameters.Key"}]}})
    unknown = job(training().environment(KEY=join))
    template = unknown.template()
    with pytest.raises(errors.InvalidShapeError) as invalid:
        unknown.build()
    with pytest.raises(ValueError, match="expected a value for 'Std:Join'") as missing:
        template.fill({})
    assert template.placeholders[0].text == "Std:Join"
    assert "secret" not in " ".join([repr(template), str(invalid.value), str(missing.value)])


# --- exports ---


def test_the_template_of_a_builder_is_exported_to_its_target():
    with_channel = training().channel("train", "s3://amzn-s3-demo-bucket/train/")
    airflow = export.airflow(job(with_channel, name=DS).template())
    state = export.stepfunctions(job(name=hptsdk.placeholder("$.name")).template())
    step = export.pipelines_step(job(max_jobs=hptsdk.placeholder({"Get": "Parameters.N"})).template(), "Tune")
    assert airflow["HyperParameterTuningJobName"] == "{{ ds }}"
    assert state["Parameters"]["HyperParameterTuningJobName.$"] == "$.name"
    limits = step["Arguments"]["HyperParameterTuningJobConfig"]["ResourceLimits"]
    assert limits["MaxNumberOfTrainingJobs"] == {"Get": "Parameters.N"}


def test_a_template_of_shapes_is_the_template_of_the_builder():
    request = job(name=DS)
    whole = job().build()
    document = {
        "HyperParameterTuningJobName": DS,
        "HyperParameterTuningJobConfig": whole.hyper_parameter_tuning_job_config,
        "TrainingJobDefinition": whole.training_job_definition,
    }
    assert hptsdk.template(Request, document).document == request.template().document
