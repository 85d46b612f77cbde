"""Conversion of requests to documents and back, with all violations in one error."""

from collections import UserDict
from types import MappingProxyType

import pytest

import hptsdk
from hptsdk import schema, shapes

pytestmark = pytest.mark.usefixtures("no_rules")

Request = shapes.CreateHyperParameterTuningJobRequest

EXTRA = "remove it; if it is new in AWS, only TuningClient.create(..., extra_body=...) can send it"

# Each member that a falsy value may stand in, as attribute and value, then as wire name.
FALSY = [
    (shapes.ShuffleConfig, "seed", 0, "Seed"),
    (shapes.TuningJobCompletionCriteria, "target_objective_metric_value", 0.0, "TargetObjectiveMetricValue"),
    (shapes.TuningJobCompletionCriteria, "target_objective_metric_value", 0, "TargetObjectiveMetricValue"),
    (shapes.ModelAccessConfig, "accept_eula", False, "AcceptEula"),
    (shapes.Tag, "value", "", "Value"),
    (shapes.S3DataSource, "attribute_names", [], "AttributeNames"),
    (shapes.ParameterRanges, "auto_parameters", [], "AutoParameters"),
    (shapes.HyperParameterTrainingJobDefinition, "environment", {}, "Environment"),
    (shapes.MetricData, "value", 0.0, "Value"),
    (shapes.ListTagsOutput, "tags", [], "Tags"),
]


def reachable(cls, visited):
    """Collect the classes that an instance of a class can hold."""
    if cls not in visited:
        visited.add(cls)
        for member in schema.of(cls).members:
            kind = member.type
            while kind.item:
                kind = kind.item
            if kind.shape:
                reachable(kind.shape, visited)
    return visited


IN_REQUESTS = sorted(reachable(Request, set()), key=lambda cls: cls.__name__)


@pytest.fixture(scope="module")
def full_shapes(valid, no_rules):
    """Return an instance of each class with all its members."""
    return [valid(cls, full=True) for cls in schema.all_shapes()]


@pytest.fixture
def document(valid):
    """Return the document of a valid request with four definitions."""
    definition = valid(
        shapes.HyperParameterTrainingJobDefinition,
        input_data_config=[valid(shapes.Channel)],
        resource_config=valid(shapes.ResourceConfig, instance_type="ml.m5.large"),
        static_hyper_parameters={"eta": "0.1"},
    )
    tags = [shapes.Tag(key="team", value="growth")]
    return hptsdk.to_wire(valid(Request, training_job_definitions=[definition] * 4, tags=tags))


def test_the_structures_of_a_request_are_found_at_any_depth():
    assert {shapes.Tag, shapes.ShuffleConfig, shapes.HyperbandStrategyConfig} <= set(IN_REQUESTS)


def test_every_member_of_a_request_structure_is_written(valid):
    for cls in IN_REQUESTS:
        wire = hptsdk.to_wire(valid(cls, full=True))
        assert [*wire] == [member.wire_name for member in schema.of(cls).members]


def test_a_full_shape_round_trips_through_a_document(full_shapes):
    for shape in full_shapes:
        assert hptsdk.from_wire(type(shape), hptsdk.to_wire(shape)) == shape


def test_a_full_shape_round_trips_through_json(full_shapes):
    for shape in full_shapes:
        assert hptsdk.loads(type(shape), hptsdk.dumps(shape)) == shape


@pytest.mark.parametrize(("cls", "member", "value", "wire"), FALSY)
def test_a_falsy_value_is_written(cls, member, value, wire, valid):
    written = hptsdk.to_wire(valid(cls, **{member: value}))[wire]
    assert (type(written), written) == (type(value), value)


@pytest.mark.parametrize(("cls", "member", "value", "wire"), FALSY)
def test_a_falsy_value_is_structured(cls, member, value, wire, valid):
    document = hptsdk.to_wire(valid(cls)) | {wire: value}
    assert hptsdk.from_wire(cls, document) == valid(cls, **{member: value})


def test_a_member_that_is_not_set_is_left_out(valid):
    assert hptsdk.to_wire(valid(shapes.CheckpointConfig)) == {"S3Uri": "s3://bucket/key"}


def test_the_enum_value_none_is_written(valid):
    assert hptsdk.to_wire(valid(shapes.Channel, compression_type="None"))["CompressionType"] == "None"


def test_changing_the_result_of_to_wire_does_not_change_the_shape(document):
    shape = hptsdk.from_wire(Request, document)
    written = hptsdk.to_wire(shape)
    written["TrainingJobDefinitions"][0]["StaticHyperParameters"]["eta"] = "9"
    written["Tags"].clear()
    assert hptsdk.to_wire(shape) == document


def test_changing_the_document_later_does_not_change_the_shape(document):
    shape = hptsdk.from_wire(Request, document)
    before = hptsdk.to_wire(shape)
    document["TrainingJobDefinitions"][0]["StaticHyperParameters"]["eta"] = "9"
    document["Tags"].clear()
    assert hptsdk.to_wire(shape) == before


@pytest.mark.parametrize("mapping", [UserDict, MappingProxyType, dict])
def test_from_wire_accepts_any_mapping(mapping):
    assert hptsdk.from_wire(shapes.Tag, mapping({"Key": "a", "Value": ""})) == shapes.Tag(key="a", value="")


@pytest.mark.parametrize("cls", [shapes.HyperParameterAlgorithmSpecification, shapes.AlgorithmSpecification])
def test_from_wire_accepts_a_subclass_of_list(cls):
    class Items(list):
        """A list such as those of ruamel.yaml, which have the positions of their items."""

    metrics = [{"Name": "loss", "Regex": "loss=(.+);"}]
    members = {"TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1", "TrainingInputMode": "File"}
    read = hptsdk.from_wire(cls, members | {"MetricDefinitions": Items(metrics)})
    assert read == hptsdk.from_wire(cls, members | {"MetricDefinitions": metrics})


def test_from_wire_accepts_a_tuple_for_a_list():
    assert hptsdk.from_wire(shapes.ListTagsOutput, {"Tags": ()}) == shapes.ListTagsOutput(tags=[])


def test_the_error_of_an_unknown_member_suggests_a_similar_name(messages):
    assert messages(hptsdk.from_wire, shapes.Tag, {"Key": "a", "Value": "b", "Vale": "c"}) == [
        "Tag.Vale: expected a member of Tag, got 'Vale'; did you mean 'Value'? [unknown-member]"
    ]


def test_the_error_of_an_unknown_member_without_a_similar_name_suggests_extra_body(messages):
    assert messages(hptsdk.from_wire, shapes.Tag, {"Key": "a", "Value": "b", "Propagate": True}) == [
        f"Tag.Propagate: expected a member of Tag, got 'Propagate'; {EXTRA} [unknown-member]"
    ]


def test_the_python_name_of_a_member_is_an_unknown_member(messages):
    assert messages(hptsdk.from_wire, shapes.ShuffleConfig, {"Seed": 1, "seed": 2}) == [
        "ShuffleConfig.seed: expected a member of ShuffleConfig, got 'seed'; did you mean 'Seed'? [unknown-member]"
    ]


def test_an_unknown_member_that_is_not_an_identifier_is_in_brackets(messages):
    assert messages(hptsdk.from_wire, shapes.Tag, {"Key": "a", "Value": "b", "Val ue": ""}) == [
        "Tag[\"Val ue\"]: expected a member of Tag, got 'Val ue'; did you mean 'Value'? [unknown-member]"
    ]


def test_a_key_that_is_not_text_is_an_unknown_member(messages):
    assert messages(hptsdk.from_wire, shapes.Tag, {"Key": "a", "Value": "b", 3: "", None: "", ("x",): ""}) == [
        "Tag[3]: expected a member of Tag, got 3; remove it [unknown-member]",
        "Tag[None]: expected a member of Tag, got None; remove it [unknown-member]",
        "Tag[a list of 1 item]: expected a member of Tag, got a list of 1 item; remove it [unknown-member]",
    ]


def test_a_missing_required_member_is_reported(messages):
    assert messages(hptsdk.from_wire, shapes.Tag, {"Key": "a"}) == ["Tag.Value: expected text, got nothing [required]"]


def test_a_null_is_refused(messages):
    assert messages(hptsdk.from_wire, shapes.CheckpointConfig, {"S3Uri": "s3://bucket", "LocalPath": None}) == [
        "CheckpointConfig.LocalPath: expected text, got null; omit the member [null]"
    ]


def test_a_null_for_a_required_member_is_one_violation(refused):
    assert [v.path for v in refused(hptsdk.from_wire, shapes.Tag, {"Key": "a", "Value": None})] == ["Value"]


def test_a_null_in_a_list_is_refused(refused):
    [violation] = refused(hptsdk.from_wire, shapes.VpcConfig, {"SecurityGroupIds": ["a"], "Subnets": ["a", None]})
    assert (violation.path, violation.got) == ("Subnets[1]", "null")


def test_a_null_in_a_map_is_refused(valid, refused):
    wire = hptsdk.to_wire(valid(shapes.HyperParameterTrainingJobDefinition)) | {"Environment": {"A": None}}
    [violation] = refused(hptsdk.from_wire, shapes.HyperParameterTrainingJobDefinition, wire)
    assert (violation.path, violation.got) == ('Environment["A"]', "null")


def test_a_message_about_a_document_writes_booleans_as_json_does(messages):
    assert messages(hptsdk.from_wire, shapes.ModelAccessConfig, {"AcceptEula": 1}) == [
        "ModelAccessConfig.AcceptEula: expected true or false, got 1 [type]"
    ]


def test_a_null_for_a_required_member_has_no_hint(messages):
    assert messages(hptsdk.from_wire, shapes.Tag, {"Key": "a", "Value": None}) == [
        "Tag.Value: expected text, got null [null]"
    ]


def test_a_message_about_a_document_names_no_python_type(messages):
    assert messages(hptsdk.from_wire, shapes.Tag, {"Key": "a", "Value": ("a",) * 35}) == [
        "Tag.Value: expected text, got a list of 35 items [type]"
    ]


def test_the_error_of_a_misplaced_member_names_its_correct_place(document, messages):
    document["HyperParameterTuningJobConfig"]["MaxResource"] = 9
    [message] = messages(hptsdk.from_wire, Request, document)
    assert "; move it to StrategyConfig.HyperbandStrategyConfig [unknown-member]" in message


def test_one_error_has_all_violations_with_their_full_paths(document, refused):
    document["Tag"] = []
    document["HyperParameterTuningJobName"] = "a_b"
    document["Tags"][0]["Key"] = ""
    definitions = document["TrainingJobDefinitions"]
    definitions[0]["StaticHyperParameters"]["eta"] = 0.1
    definitions[1]["RetryStrategy"] = {"MaximumRetryAttempts": None}
    definitions[2]["ResourceConfig"]["InstanceType"] = "m5.large"
    definitions[3]["InputDataConfig"][0]["ChannelName"] = ""
    definitions[3]["InputDataConfig"][0]["DataSource"] = {"S3DataSource": {"S3Uri": "s3://bucket", "Uri": ""}}
    violations = refused(hptsdk.from_wire, Request, document)
    assert list(dict.fromkeys(violation.path for violation in violations)) == [
        "Tag",
        "HyperParameterTuningJobName",
        'TrainingJobDefinitions[0].StaticHyperParameters["eta"]',
        "TrainingJobDefinitions[1].RetryStrategy.MaximumRetryAttempts",
        "TrainingJobDefinitions[2].ResourceConfig.InstanceType",
        "TrainingJobDefinitions[3].InputDataConfig[0].ChannelName",
        "TrainingJobDefinitions[3].InputDataConfig[0].DataSource.S3DataSource.Uri",
        "TrainingJobDefinitions[3].InputDataConfig[0].DataSource.S3DataSource.S3DataType",
        "Tags[0].Key",
    ]


def test_a_violation_has_the_path_from_the_root_and_the_page_of_its_structure(document, refused):
    document["TrainingJobDefinitions"][3]["InputDataConfig"][0]["InputMode"] = "Files"
    [violation] = refused(hptsdk.from_wire, Request, document)
    assert (violation.message.partition(":")[0], violation.source.rpartition("/")[2]) == (
        "CreateHyperParameterTuningJobRequest.TrainingJobDefinitions[3].InputDataConfig[0].InputMode",
        "API_Channel.html",
    )


def test_violations_of_a_structure_and_of_its_parts_are_reported_together(document, refused):
    document["TrainingJobDefinitions"][0]["InputDataConfig"] = [{"ChannelName": "a"}] * 21
    paths = [violation.path for violation in refused(hptsdk.from_wire, Request, document)]
    inner = [f"TrainingJobDefinitions[0].InputDataConfig[{n}].DataSource" for n in range(21)]
    assert paths == ["TrainingJobDefinitions[0].InputDataConfig", *inner]


@pytest.mark.parametrize(
    ("root", "got"),
    [
        ([], "a list of 0 items"),
        ("{}", "text"),
        (None, "null"),
        (3, "3"),
        (0.5, "0.5"),
        (b"{}", "a bytes"),
        ({"Key"}, "a set of 1 item"),
        ([("Key", "a")], "a list of 1 item"),
    ],
)
@pytest.mark.parametrize("cls", [shapes.Tag, shapes.ListTagsOutput])
def test_a_root_that_is_not_a_mapping_is_refused(cls, root, got, messages):
    name = cls.__name__
    assert messages(hptsdk.from_wire, cls, root) == [
        f"{name}: expected a mapping of the members of {name}, got {got} [type]"
    ]


def test_a_document_that_contains_itself_is_refused(document, refused):
    document["TrainingJobDefinition"] = document
    assert {violation.rule for violation in refused(hptsdk.from_wire, Request, document)} <= {
        "unknown-member",
        "required",
    }


def test_a_document_that_is_nested_too_deeply_is_refused(refused):
    deep = {}
    for _ in range(100_000):
        deep = {"DataSource": deep}
    [violation] = refused(hptsdk.from_wire, shapes.Tag, {"Key": "a", "Value": deep})
    assert violation.got == "a mapping of 1 entry"


@pytest.mark.parametrize("read", [hptsdk.from_wire, hptsdk.loads])
@pytest.mark.parametrize(("cls", "got"), [(int, "int"), (1, "1"), (None, "None")])
def test_the_first_argument_must_be_a_class_of_shapes(read, cls, got):
    with pytest.raises(TypeError, match=rf"^expected a class of hptsdk\.shapes as the first argument, got {got}$"):
        read(cls, "{}")


@pytest.mark.parametrize(("cls", "got"), [(int, "int"), ("Tag", "'Tag'")])
def test_only_a_class_of_shapes_has_a_description(cls, got):
    with pytest.raises(TypeError, match=rf"^expected a class of hptsdk\.shapes as the first argument, got {got}$"):
        schema.of(cls)


def test_to_wire_refuses_anything_but_a_shape():
    with pytest.raises(TypeError, match=r"^expected a shape, got an int$"):
        hptsdk.to_wire(1)


def test_the_error_for_a_dict_in_place_of_a_shape_names_from_wire():
    with pytest.raises(
        TypeError, match=r"^expected a shape, got a dict; create one with hptsdk\.from_wire\(CLASS, \.\.\.\)$"
    ):
        hptsdk.to_wire({"Key": "a"})


def test_the_error_for_a_builder_says_to_call_build():
    class Builder:
        def build(self): ...

    with pytest.raises(TypeError, match=r"^expected a shape, got a Builder; call its build\(\) first$"):
        hptsdk.to_wire(Builder())
