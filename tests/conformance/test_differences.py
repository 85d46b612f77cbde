"""The comparison reports each difference between the model and hptsdk once, with the edits that correct it."""

import pytest
import service_model
from model import compare
from service_model import Model
from sources import ENUMS, INIT, SCALARS

pytestmark = pytest.mark.long

SHAPES = "src/hptsdk/shapes/"
COMPUTE, CHANNELS, JOB = f"{SHAPES}compute.py", f"{SHAPES}channels.py", f"{SHAPES}training_job.py"
INSTANCES = "src/hptsdk/instance_types.py"
DOTS = '\n    """…"""'


def differences_from(raw):
    return compare(Model(raw))


def member(raw, name, **facts):
    """Set facts of a member, which is added if it does not exist."""
    structure, wire = name.split(".")
    raw["shapes"][structure]["members"].setdefault(wire, {}).update(facts)


def shape(raw, name, **facts):
    raw["shapes"].setdefault(name, {}).update(facts)


# The change of one fact of a named type, the text of the difference, and the file and the line that correct it.
FACTS = {
    "a text may be longer": (
        ("KmsKeyId", {"max": 4096}),
        "KmsKeyId: maximum 4096, hptsdk has 2048",
        (
            SCALARS,
            'KmsKeyId = Annotated[str, Length(0, 4096), Pattern(r"[a-zA-Z0-9:/_-]*", "the id or ARN of a KMS key")]',
        ),
    ),
    "a text must be longer": (
        ("String256", {"min": 2}),
        "String256: minimum 2, hptsdk has 0",
        (SCALARS, "String256 = Annotated[str, Length(2, 256)]"),
    ),
    "a text is bounded below for the first time": (
        ("EvaluatorArn", {"min": 1}),
        "EvaluatorArn: minimum 1, hptsdk has 0",
        (SCALARS, 'EvaluatorArn = Annotated[str, Length(1), Pattern(r".*")]'),
    ),
    "a number has another minimum": (
        ("MaxResults", {"min": 2}),
        "MaxResults: minimum 2, hptsdk has 1",
        (SCALARS, "MaxResults = Annotated[int, Range(2, 100)]"),
    ),
    "a number has a maximum": (
        ("RandomSeed", {"max": 9}),
        "RandomSeed: maximum 9, hptsdk has none",
        (SCALARS, "RandomSeed = Annotated[int, Range(0, 9)]"),
    ),
    "a number becomes another kind of number": (
        ("RandomSeed", {"type": "double"}),
        "RandomSeed: number, hptsdk has integer",
        (SCALARS, "RandomSeed = Annotated[float, Range(0)]"),
    ),
    "a text has another pattern": (
        ("SubnetId", {"pattern": r'"\w+"'}),
        r'SubnetId: pattern "\w+", hptsdk has [-0-9a-zA-Z]+',
        (SCALARS, r"""SubnetId = Annotated[str, Length(0, 32), Pattern('"\\w+"')]"""),
    ),
    "a pattern of Unicode categories has more characters": (
        ("TagKey", {"pattern": r"([\p{L}\p{N}_\-]*)"}),
        r"TagKey: pattern ([\p{L}\p{N}_\-]*), hptsdk has ([\p{L}\p{Z}\p{N}_.:/=+\-@]*)",
        (SCALARS, 'TagKey = Annotated[str, Length(1, 128), Categories("LN", "_-")]'),
    ),
    "a value of a map may be longer, and stays secret": (
        ("HyperParameterValue", {"max": 5000}),
        "HyperParameterValue: maximum 5000, hptsdk has 2500",
        (SCALARS, 'HyperParameterValue = Annotated[str, Length(0, 5000), Pattern(r".*"), Secret()]'),
    ),
    "a text is secret": (
        ("KmsKeyId", {"sensitive": True}),
        "KmsKeyId: secret, hptsdk shows it",
        (
            SCALARS,
            (
                "KmsKeyId = Annotated[str, Length(0, 2048), "
                'Pattern(r"[a-zA-Z0-9:/_-]*", "the id or ARN of a KMS key"), Secret()]'
            ),
        ),
    ),
    "a map has more entries": (
        ("HyperParameters", {"max": 200}),
        "HyperParameters: maximum 200, hptsdk has 100",
        (SCALARS, "HyperParameters = Annotated[Mapping[HyperParameterKey, HyperParameterValue], Entries(0, 200)]"),
    ),
    "a map has other keys": (
        ("HookParameters", {"key": {"shape": "ConfigValue"}}),
        "HookParameters: key: minimum 0, hptsdk has 1",
        (SCALARS, "HookParameters = Annotated[Mapping[ConfigValue, ConfigValue], Entries(0, 20)]"),
    ),
    "a map has other values": (
        ("HookParameters", {"value": {"shape": "ConfigKey"}}),
        "HookParameters: value: minimum 1, hptsdk has 0",
        (SCALARS, "HookParameters = Annotated[Mapping[ConfigKey, ConfigKey], Entries(0, 20)]"),
    ),
    "a list has more items": (
        ("InstanceGroups", {"max": 9}),
        "InstanceGroups: maximum 9, hptsdk has 5",
        (COMPUTE, "InstanceGroups = Annotated[Sequence[InstanceGroup], Items(0, 9)]"),
    ),
    "a list must not be empty": (
        ("InstanceGroupNames", {"min": 1}),
        "InstanceGroupNames: minimum 1, hptsdk has 0",
        (SCALARS, "InstanceGroupNames = Annotated[Sequence[InstanceGroupName], Items(1, 5)]"),
    ),
    "a list has other items": (
        ("InstanceGroupNames", {"member": {"shape": "MetricName"}}),
        "InstanceGroupNames: item: maximum 255, hptsdk has 64",
        (SCALARS, "InstanceGroupNames = Annotated[Sequence[MetricName], Items(0, 5)]"),
    ),
    "an enumeration has a new value": (
        ("SortOrder", {"enum": ["Random", "Ascending", "Descending"]}),
        'SortOrder: "Random" is new',
        (ENUMS, 'SortOrder = Literal["Random", "Ascending", "Descending"]'),
    ),
    "an enumeration has lost a value": (
        ("SortOrder", {"enum": ["Ascending"]}),
        'SortOrder: "Descending" is gone',
        (ENUMS, 'SortOrder = Literal["Ascending"]'),
    ),
}


@pytest.mark.parametrize(("change", "text", "line"), FACTS.values(), ids=FACTS)
def test_a_named_type_is_replaced_if(raw, change, text, line):
    name, facts = change
    shape(raw, name, **facts)
    [difference] = differences_from(raw)
    assert difference.text == text
    assert [(edit.file, edit.action, edit.code) for edit in difference.edits] == [(line[0], f"replace {name}", line[1])]


# The change of one member or its type, the text of the difference, and the edits.
MEMBERS = {
    "the model has a new one": (
        lambda raw: member(raw, "ResourceConfig.NewKey", shape="KmsKeyId", documentation="<p>A <i>key</i>. So.</p>"),
        "ResourceConfig.NewKey: hptsdk lacks this member",
        [
            (
                COMPUTE,
                'in ResourceConfig, add after selected_instance_count; documented as: "A key."',
                f"    new_key: KmsKeyId | None = None{DOTS}",
            )
        ],
    ),
    "it needs a new type": (
        lambda raw: (
            shape(raw, "Color", type="string", enum=["Red", "Blue"]),
            shape(raw, "Colors", type="list", member={"shape": "Color"}, max=3),
            member(raw, "Tag.Colors", shape="Colors"),
        ),
        "Tag.Colors: hptsdk lacks this member",
        [
            (ENUMS, "add", 'Color = Literal["Red", "Blue"]'),
            (SCALARS, "add", "Colors = Annotated[Sequence[Color], Items(0, 3)]"),
            (f"{SHAPES}request.py", "in Tag, add after value", f"    colors: Colors | None = None{DOTS}"),
        ],
    ),
    "it is spelt in capitals": (
        lambda raw: member(raw, "MetricData.SourceURI", shape="S3Uri"),
        "MetricData.SourceURI: hptsdk lacks this member",
        [
            (JOB, "in MetricData, add after timestamp", f"    source_uri: S3Uri | None = None{DOTS}"),
            (
                "src/hptsdk/_validation/_members.py",
                "add words to _CAPITALS so that wire_name returns SourceURI for source_uri",
                "",
            ),
        ],
    ),
    "the model does not have it any longer": (
        lambda raw: raw["shapes"]["ResourceConfig"]["members"].pop("SelectedInstanceCount"),
        "ResourceConfig.SelectedInstanceCount: the model lacks this member",
        [(COMPUTE, "in ResourceConfig, remove selected_instance_count", "")],
    ),
    "it is required": (
        lambda raw: shape(raw, "MetricData", required=["Value"]),
        "MetricData.Value: required, hptsdk has it optional",
        [(JOB, "in MetricData, replace value", "    value: float")],
    ),
    "it is not required": (
        lambda raw: raw["shapes"]["Tag"]["required"].remove("Value"),
        "Tag.Value: optional, hptsdk has it required",
        [(f"{SHAPES}request.py", "in Tag, replace value", "    value: TagValue | None = None")],
    ),
    "it is of another kind": (
        lambda raw: member(raw, "MetricData.Value", shape="MetricName"),
        "MetricData.Value: text, hptsdk has number",
        [(JOB, "in MetricData, replace value", "    value: MetricName | None = None")],
    ),
    "it is another structure": (
        lambda raw: member(raw, "HyperParameterTuningJobSummary.ResourceLimits", shape="Autotune"),
        "HyperParameterTuningJobSummary.ResourceLimits: structure Autotune, hptsdk has ResourceLimits",
        [
            (
                f"{SHAPES}responses.py",
                "in HyperParameterTuningJobSummary, replace resource_limits",
                "    resource_limits: Autotune | None = None",
            )
        ],
    ),
    "its plain type is bounded": (
        lambda raw: shape(raw, "Seed", min=1),
        "ShuffleConfig.Seed: minimum 1, hptsdk has none",
        [
            (SCALARS, "add", "Seed = Annotated[int, Range(1)]"),
            (CHANNELS, "in ShuffleConfig, replace seed", "    seed: Seed"),
        ],
    ),
}


@pytest.mark.parametrize(("change", "text", "edits"), MEMBERS.values(), ids=MEMBERS)
def test_a_member_is_corrected_if(raw, change, text, edits):
    change(raw)
    [difference] = differences_from(raw)
    assert difference.text == text
    assert [(edit.file, edit.action, edit.code) for edit in difference.edits] == edits


def test_a_new_structure_needs_its_class_and_the_members_that_contain_it(raw):
    shape(raw, "Tint", type="float", max=1)
    shape(raw, "Paint", type="structure", required=["Tint"], members={"Tint": {"shape": "Tint"}})
    shape(raw, "Paints", type="list", member={"shape": "Paint"})
    member(raw, "DebugHookConfig.Paints", shape="Paints")
    [difference] = differences_from(raw)
    assert difference.text == "Paint: hptsdk lacks this structure"
    assert [(edit.file.rpartition("/")[2], edit.action) for edit in difference.edits] == [
        ("scalars.py", 'add below "Only in responses."'),
        ("training_options.py", "add above DebugHookConfig"),
        ("__init__.py", "list Paint under 'training_options' in _NAMES"),
        ("__init__.py", "add under TYPE_CHECKING"),
        ("training_options.py", "add below Paint"),
        ("training_options.py", "in DebugHookConfig, add after collection_configurations"),
    ]
    tint, paint, _, listing, paints, held = (edit.code for edit in difference.edits)
    assert tint == "Tint = Annotated[float, Range(maximum=1)]"
    assert paint == (
        "@attrs.frozen(kw_only=True, eq=False, repr=False)\n"
        "class Paint(Response):\n"
        '    """…\n'
        "\n"
        "    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Paint.html\n"
        '    """\n'
        "\n"
        f"    tint: Tint{DOTS}"
    )
    assert listing == "    from hptsdk.shapes.training_options import Paint as Paint"
    assert paints == "Paints = Sequence[Paint]"
    assert held == f"    paints: Paints | None = None{DOTS}"


def test_an_operation_with_a_new_response_needs_its_class(raw):
    shape(raw, "StopTrainingJobResponse", type="structure", members={})
    raw["operations"]["StopTrainingJob"]["output"] = {"shape": "StopTrainingJobResponse"}
    [difference] = differences_from(raw)
    assert difference.text == "StopTrainingJobResponse: hptsdk lacks this structure"
    assert difference.edits[0].file == "src/hptsdk/shapes/responses.py"
    assert "class StopTrainingJobResponse(Response):" in difference.edits[0].code


def test_a_structure_that_no_operation_uses_is_removed(raw):
    del raw["operations"]["DeleteTags"]["output"]
    [difference] = differences_from(raw)
    assert difference.text == "DeleteTagsOutput: no operation uses it any longer"
    assert [(edit.file, edit.action) for edit in difference.edits] == [
        ("src/hptsdk/shapes/responses.py", "remove DeleteTagsOutput"),
        (INIT, "remove DeleteTagsOutput, in both places"),
    ]


def test_a_type_that_no_operation_uses_is_removed(raw):
    del raw["shapes"]["Channel"]["members"]["ContentType"]
    assert [difference.text for difference in differences_from(raw)] == [
        "Channel.ContentType: the model lacks this member",
        "ContentType: no operation uses it any longer",
    ]


def test_a_structure_of_responses_in_a_request_is_validated(raw):
    member(raw, "Tag.Pool", shape="WarmPoolStatus")
    base = next(difference for difference in differences_from(raw) if "Pool:" not in difference.text)
    assert base.text == "WarmPoolStatus: used in requests, and hptsdk does not derive it from Shape"
    assert [(edit.file, edit.code) for edit in base.edits] == [(JOB, "class WarmPoolStatus(Shape):")]


def test_a_structure_that_no_request_contains_is_not_validated(raw):
    del raw["shapes"]["CreateHyperParameterTuningJobRequest"]["members"]["Autotune"]
    base = next(difference for difference in differences_from(raw) if "Request." not in difference.text)
    assert base.text == "Autotune: used only in responses, and hptsdk does not derive it from Response"


@pytest.mark.parametrize("name", ["TrainingInstanceType", "ProcessingInstanceType"])
def test_new_instance_types_are_added_in_the_order_of_the_model(raw, name):
    types = raw["shapes"][name]["enum"]
    types[types.index("ml.c4.2xlarge") : 0] = ["ml.c4.1xlarge"]
    types += ["ml.x9.large", "ml.x9.xlarge"]
    [difference] = differences_from(raw)
    assert difference.text == f'{name}: "ml.c4.1xlarge", "ml.x9.large", "ml.x9.xlarge" are new'
    assert [(edit.file, edit.action, edit.code) for edit in difference.edits] == [
        (INSTANCES, f'in {name}, add after "ml.c4.xlarge"', '        "ml.c4.1xlarge",'),
        (INSTANCES, f'in {name}, add after "ml.r8i-flex.16xlarge"', '        "ml.x9.large", "ml.x9.xlarge",'),
    ]


def test_instance_types_that_the_model_lacks_are_removed(raw):
    raw["shapes"]["TrainingInstanceType"]["enum"].remove("ml.p2.xlarge")
    [difference] = differences_from(raw)
    assert difference.text == 'TrainingInstanceType: "ml.p2.xlarge" is gone'
    assert [edit.action for edit in difference.edits] == ['in TrainingInstanceType, remove "ml.p2.xlarge"']


def test_only_some_enumerations_are_open(raw, monkeypatch):
    monkeypatch.setattr(service_model, "OPEN", {"TrainingInstanceType", "SortOrder"})
    assert {difference.text for difference in differences_from(raw)} == {
        "ProcessingInstanceType: should accept no other values",
        "SortOrder: should accept other values too",
    }


def test_an_operation_on_tuning_jobs_that_hptsdk_lacks_is_reported(raw):
    raw["operations"]["UpdateHyperParameterTuningJob"] = {}
    [difference] = differences_from(raw)
    assert difference.text == "UpdateHyperParameterTuningJob: hptsdk lacks this operation"


SAME = {
    "the order of an enumeration": lambda raw: raw["shapes"]["SortOrder"]["enum"].reverse(),
    "the number of bits of an integer": lambda raw: shape(raw, "RandomSeed", type="long"),
    "a length of at least 0": lambda raw: raw["shapes"]["String256"].pop("min"),
    "documentation": lambda raw: shape(raw, "Tag", documentation="Something else."),
    "another name for the same plain type": lambda raw: member(raw, "MetricData.Value", shape="MetricValue"),
    "a type that no operation uses": lambda raw: shape(raw, "CreateModelInput", required=[]),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_there_is_no_difference_for(raw, change):
    change(raw)
    assert differences_from(raw) == []
