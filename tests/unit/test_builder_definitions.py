"""Jobs with several named definitions, each with its own objective and ranges."""

import pytest
from sample_requests import REQUIRED, XGBOOST_IMAGE

import hptsdk

TRAINING = hptsdk.training(image=XGBOOST_IMAGE, **REQUIRED)
XGB = TRAINING.named("xgb", maximize="validation:auc").integer("rounds", 1, 99)
LINEAR = TRAINING.named("linear", minimize="validation:loss").integer("rounds", 1, 9)
ROUNDS = {"Name": "rounds", "MinValue": "1", "MaxValue": "99"}
DEFINITIONS = "CreateHyperParameterTuningJobRequest.TrainingJobDefinitions"


def job(*definitions):
    return hptsdk.tuning_job("job", list(definitions), max_jobs=9, max_parallel_jobs=2)


def wires(*definitions):
    return hptsdk.to_wire(job(*definitions).build())["TrainingJobDefinitions"]


def test_definitions_are_in_the_request_in_order():
    assert [d["DefinitionName"] for d in wires(XGB, LINEAR)] == ["xgb", "linear"]


def test_each_definition_has_its_own_objective():
    assert [d["TuningObjective"] for d in wires(XGB, LINEAR)] == [
        {"Type": "Maximize", "MetricName": "validation:auc"},
        {"Type": "Minimize", "MetricName": "validation:loss"},
    ]


def test_the_job_itself_has_no_objective():
    assert job(XGB, LINEAR).build().hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective is None


def test_the_single_definition_is_missing():
    assert job(XGB, LINEAR).build().training_job_definition is None


def test_the_other_members_of_a_definition_are_those_of_the_training():
    job = hptsdk.tuning_job("job", TRAINING, minimize="rmse", max_jobs=9, max_parallel_jobs=2).integer("rounds", 1, 99)
    assert wires(XGB) == [
        {
            **hptsdk.to_wire(job.build().training_job_definition),
            "DefinitionName": "xgb",
            "TuningObjective": {"Type": "Maximize", "MetricName": "validation:auc"},
            "HyperParameterRanges": {"IntegerParameterRanges": [ROUNDS]},
        }
    ]


@pytest.mark.parametrize(
    ("call", "ranges"),
    [
        (
            lambda d: d.continuous("eta", 0.01, 0.3, scaling="Logarithmic"),
            {
                "ContinuousParameterRanges": [
                    {"Name": "eta", "MinValue": "0.01", "MaxValue": "0.3", "ScalingType": "Logarithmic"}
                ]
            },
        ),
        (
            lambda d: d.integer("depth", 3, 10),
            {"IntegerParameterRanges": [ROUNDS, {"Name": "depth", "MinValue": "3", "MaxValue": "10"}]},
        ),
        (
            lambda d: d.categorical("kind", ["a", 1]),
            {"CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "1"]}]},
        ),
    ],
    ids=["continuous", "integer", "categorical"],
)
def test_ranges_belong_to_the_definition(call, ranges):
    assert wires(call(XGB))[0]["HyperParameterRanges"] == {"IntegerParameterRanges": [ROUNDS], **ranges}


def test_hints_for_autotune_belong_to_the_definition():
    definition = job(XGB.auto("alpha", 0.5)).autotune().build().training_job_definitions[0]
    assert hptsdk.to_wire(definition)["HyperParameterRanges"]["AutoParameters"] == [
        {"Name": "alpha", "ValueHint": "0.5"}
    ]


def test_ranges_of_all_kinds_add_up():
    definition = XGB.continuous("a", 0, 1).categorical("c", ["x", "y"]).auto("d", 1)
    built = job(definition).autotune().build().training_job_definitions[0]
    assert set(hptsdk.to_wire(built)["HyperParameterRanges"]) == {
        "ContinuousParameterRanges",
        "IntegerParameterRanges",
        "CategoricalParameterRanges",
        "AutoParameters",
    }


def test_a_range_does_not_change_the_earlier_builder():
    XGB.integer("depth", 3, 10)
    assert wires(XGB)[0]["HyperParameterRanges"] == {"IntegerParameterRanges": [ROUNDS]}


def test_two_definitions_may_search_a_hyperparameter_of_the_same_name():
    definitions = wires(XGB, LINEAR)
    assert [d["HyperParameterRanges"]["IntegerParameterRanges"][0]["MaxValue"] for d in definitions] == ["99", "9"]


def test_a_method_of_a_named_definition_keeps_its_name():
    assert wires(XGB.retries(3))[0]["RetryStrategy"] == {"MaximumRetryAttempts": 3}


def test_several_definitions_can_share_a_prefix():
    prefix = TRAINING.static(seed=1)
    first, second = prefix.named("a", minimize="m"), prefix.static(more=2).named("b", minimize="m")
    both = wires(first.integer("rounds", 1, 9), second.integer("rounds", 1, 9))
    assert [d["StaticHyperParameters"] for d in both] == [{"seed": "1"}, {"seed": "1", "more": "2"}]


def test_a_later_change_of_the_list_of_definitions_has_no_effect():
    definitions = [XGB]
    builder = hptsdk.tuning_job("job", definitions, max_parallel_jobs=1)
    definitions.append(LINEAR)
    assert len(builder.build().training_job_definitions) == 1


def test_definitions_can_be_a_tuple():
    assert hptsdk.tuning_job("job", (XGB,), max_jobs=9, max_parallel_jobs=2).build() == job(XGB).build()


def test_a_list_may_have_shapes_and_builders():
    ready = job(LINEAR).build().training_job_definitions[0]
    assert [d["DefinitionName"] for d in wires(XGB, ready)] == ["xgb", "linear"]


def test_the_ranges_of_the_job_are_not_on_a_training_without_a_name():
    assert not {"continuous", "integer", "categorical", "auto"} & set(dir(TRAINING))


# --- errors ---


def test_an_objective_with_several_definitions_is_an_error():
    with pytest.raises(TypeError, match=r"to each definition, with training\(\.\.\.\)\.named\(name, "):
        hptsdk.tuning_job("job", [XGB, LINEAR], minimize="m", max_parallel_jobs=1)


@pytest.mark.parametrize("objective", [{}, {"minimize": "a", "maximize": "b"}], ids=["neither", "both"])
def test_a_definition_has_exactly_one_objective(objective):
    with pytest.raises(TypeError, match="exactly one of minimize= and maximize="):
        TRAINING.named("xgb", **objective)


def test_the_name_of_a_definition_is_checked_in_the_call(messages):
    assert messages(TRAINING.named, "a_b", minimize="m") == [
        (
            "named(name=…): HyperParameterTrainingJobDefinition.DefinitionName: expected letters and digits, with "
            "hyphens between them (pattern [a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}), got 'a_b'; did you mean "
            "'a-b'? [pattern]"
        )
    ]


def test_a_range_twice_in_a_definition_is_refused_in_the_call(refused):
    assert [v.got for v in refused(XGB.auto, "rounds", 1)] == ["'rounds'"]


def test_more_definitions_than_ten_are_refused(messages):
    definitions = [TRAINING.named(f"d{i}", minimize="m").integer("rounds", 1, 9) for i in range(11)]
    assert messages(lambda: job(*definitions).build()) == [
        f"{DEFINITIONS}: expected a list of 1 to 10 items, got 11 items [items]"
    ]


def test_no_definition_at_all_is_refused(refused):
    assert "TrainingJobDefinitions" in [v.path for v in refused(lambda: job().build())]


@pytest.mark.parametrize("wrong", [None, "xgb", {}, 3], ids=["None", "text", "dict", "number"])
def test_something_else_among_the_definitions_is_refused_by_its_place(wrong):
    with pytest.raises((hptsdk.errors.InvalidShapeError, TypeError), match=r"\[1\]|definition"):
        job(XGB, wrong).build()


def test_a_training_without_a_name_among_the_definitions_is_refused():
    with pytest.raises((hptsdk.errors.InvalidShapeError, TypeError), match=r"DefinitionName|named\("):
        job(XGB, TRAINING).build()


def test_a_violation_in_a_definition_has_its_path(messages):
    assert messages(lambda: job(XGB, LINEAR.with_(role_arn=None)).build()) == [
        f"{DEFINITIONS}[1].RoleArn: expected text, got nothing [required]"
    ]
