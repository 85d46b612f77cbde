"""Invalid arguments of constructors, each with its complete message."""

from collections import UserDict
from datetime import UTC, date, datetime
from pathlib import PurePosixPath

import pytest

from hptsdk import errors, schema, shapes

pytestmark = pytest.mark.usefixtures("no_rules")

DEFINITION = "HyperParameterTrainingJobDefinition"

NAN, INF = float("nan"), float("inf")
BUILD_IT = "build it with hptsdk.shapes.DataSource(...) or hptsdk.from_wire(hptsdk.shapes.DataSource, ...)"


def local_directory(path, quoted=""):
    return (
        "write s3://BUCKET/PREFIX; with the local service a folder can replace a bucket: "
        f'LocalService("runs", buckets={{"BUCKET": "{path}"}}), '
        f"or hptsdk local serve --root runs --bucket {quoted}BUCKET={path}{quoted}"
    )


# By class and member: the expectation, and for each invalid value the rest of the message.
REFUSED = {
    (shapes.ShuffleConfig, "seed", "Seed: expected an integer"): [
        (True, "got True [type]"),
        (3.0, "got 3.0; write 3 [type]"),
        (3.5, "got 3.5 [type]"),
        (1e300, "got 1e+300 [type]"),
        (NAN, "got nan [type]"),
        (INF, "got inf [type]"),
        ("3", "got '3'; write 3 [type]"),
        (" 3.0 ", "got ' 3.0 '; write 3 [type]"),
        ("3.5", "got '3.5' [type]"),
        ("9" * 20, f"got '{'9' * 20}' [type]"),
        ("", "got '' [type]"),
        (2**63, "got 9223372036854775808; use at most 64 bits [type]"),
        (10**5000, "got an integer of 16610 bits; use at most 64 bits [type]"),
        (None, "got None [required]"),
    ],
    (shapes.RetryStrategy, "maximum_retry_attempts", "MaximumRetryAttempts: expected 1 to 30"): [
        (0, "got 0 [range]"),
        (31, "got 31 [range]"),
        (2**63 - 1, "got 9223372036854775807 [range]"),
    ],
    # a value that would also be invalid is not suggested
    (shapes.RetryStrategy, "maximum_retry_attempts", "MaximumRetryAttempts: expected an integer"): [
        (0.0, "got 0.0 [type]"),
        (30.0, "got 30.0; write 30 [type]"),
        ("31", "got '31' [type]"),
    ],
    (shapes.VpcConfig, "security_group_ids", "SecurityGroupIds[0]: expected text"): [
        ([1.5], "got 1.5 [type]"),
        ([True], "got True; put it in quotes [type]"),
        ([PurePosixPath("a/b")], "got a PurePosixPath [type]"),
    ],
    (
        shapes.TuningJobCompletionCriteria,
        "target_objective_metric_value",
        "TargetObjectiveMetricValue: expected a finite number",
    ): [
        (NAN, "got nan [type]"),
        (INF, "got inf [type]"),
        (-INF, "got -inf [type]"),
        (True, "got True [type]"),
        ("0.5", "got '0.5'; write 0.5 [type]"),
        ("-1e-7", "got '-1e-7'; write -1e-07 [type]"),
        ("1e999", "got '1e999' [type]"),
        ("nan", "got 'nan' [type]"),
        (1j, "got a complex [type]"),
    ],
    (shapes.ModelAccessConfig, "accept_eula", "AcceptEula: expected True or False"): [
        (1, "got 1 [type]"),
        ("true", "got 'true' [type]"),
    ],
    (shapes.Tag, "key", "Key: expected text of 1 to 128 characters"): [("", "got '' [length]")],
    (shapes.Channel, "channel_name", "ChannelName: expected text of 1 to 64 characters"): [
        ("", "got ''; use letters, digits, periods, hyphens and underscores [length]"),
        ("a" * 65, f"got '{'a' * 59}\u2026' of 65 characters [length]"),
    ],
    (shapes.Tag, "value", "Value: expected text of 0 to 256 characters"): [
        ("x" * 257, f"got '{'x' * 59}\u2026' of 257 characters [length]")
    ],
    (shapes.Tag, "value", "Value: expected letters, spaces, digits and _.:/=+-@"): [("a!", "got 'a!' [pattern]")],
    (shapes.Tag, "value", "Value: expected text without lone surrogates"): [("a\ud800", r"got 'a\ud800' [encoding]")],
    (shapes.Tag, "value", "Value: expected text"): [
        (b"a", "got a bytes [type]"),
        (3, 'got 3; write "3" [type]'),
        (True, "got True; put it in quotes [type]"),
        (NAN, "got nan [type]"),
        (10**400, "got an integer of 1329 bits [type]"),
        (["a"], "got a list of 1 item [type]"),
    ],
    (
        shapes.CheckpointConfig,
        "s3_uri",
        "S3Uri: expected an address like s3://BUCKET/PREFIX (pattern (https|s3)://([^/]+)/?(.*))",
    ): [
        *((path, f"got {path!r}; {local_directory(path)} [pattern]") for path in ("./data", "/home/me/data", "data")),
        ("data/train", f"got 'data/train'; {local_directory('data/train')} [pattern]"),
        ("file:///home/me/data", f"got 'file:///home/me/data'; {local_directory('/home/me/data')} [pattern]"),
        ("file:data", f"got 'file:data'; {local_directory('data')} [pattern]"),
        ("my data", f"got 'my data'; {local_directory('my data', quoted=chr(39))} [pattern]"),
        ("d" * 61, f"got '{'d' * 59}\u2026'; {local_directory('DIRECTORY')} [pattern]"),
        ("S3://bucket/key", "got 'S3://bucket/key'; write s3://bucket/key [pattern]"),
        ("s3:/bucket/key", "got 's3:/bucket/key'; write s3://bucket/key [pattern]"),
        ("s3://", "got 's3://' [pattern]"),
        ("gs://bucket/key", "got 'gs://bucket/key' [pattern]"),
        ("", "got '' [pattern]"),
    ],
    (shapes.CheckpointConfig, "s3_uri", "S3Uri: expected text"): [
        (PurePosixPath("./data"), f"got a PurePosixPath; {local_directory('data')} [type]")
    ],
    (shapes.CheckpointConfig, "local_path", "LocalPath: expected text"): [
        (PurePosixPath("/opt/ml"), "got a PurePosixPath; use os.fspath(...) [type]")
    ],
    (shapes.DataSource, "s3_data_source", "S3DataSource: expected an S3DataSource"): [
        (PurePosixPath("data"), f"got a PurePosixPath; {local_directory('data')} [type]")
    ],
    (shapes.HubAccessConfig, "hub_content_arn", "HubContentArn: expected text on one line"): [
        ("a\nb", r"got 'a\nb' [pattern]")
    ],
    (
        shapes.StopTrainingJobRequest,
        "training_job_name",
        (
            "TrainingJobName: expected letters and digits, with hyphens between them "
            "(pattern [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62})"
        ),
    ): [
        ("a_b", "got 'a_b'; did you mean 'a-b'? [pattern]"),
        ("a-", "got 'a-'; did you mean 'a'? [pattern]"),
        ("a\n", r"got 'a\n' [pattern]"),
    ],
    (shapes.VpcConfig, "subnets", "Subnets: expected a list"): [
        ("subnet-1", "got text; put it in a list [type]"),
        (b"subnet-1", "got a bytes [type]"),
        ({"subnet-1"}, "got a set of 1 item [type]"),
        ({"a": 1, "b": 2}, "got a mapping of 2 entries [type]"),
        (iter(["a"]), "got a list_iterator [type]"),
    ],
    (shapes.VpcConfig, "subnets", "Subnets[1]: expected text"): [
        (["a", 3], 'got 3; write "3" [type]'),
        (("a", None), "got None [type]"),
    ],
    (shapes.Channel, "data_source", "DataSource: expected a DataSource"): [
        ({"S3DataSource": {}}, f"got a mapping of 1 entry; {BUILD_IT} [type]"),
        (UserDict(), f"got an UserDict; {BUILD_IT} [type]"),
        ("s3://bucket/", "got text [type]"),
        (shapes.Tag(key="a", value=""), "got a Tag [type]"),
        (shapes.DataSource, "got a type [type]"),
    ],
    (shapes.AddTagsInput, "tags", "Tags: expected a list"): [(shapes.Tag(key="a", value=""), "got a Tag [type]")],
    (
        shapes.ListTrainingJobsRequest,
        "creation_time_after",
        "CreationTimeAfter: expected a datetime with a time zone, epoch seconds, or ISO 8601 text with an offset",
    ): [
        (
            datetime(2026, 11, 3),  # noqa: DTZ001 - a naive datetime is invalid
            (
                "got a datetime without a time zone; "
                "use its replace(tzinfo=datetime.UTC) for UTC, or its astimezone() for local time [type]"
            ),
        ),
        (1764100800000, "got 1764100800000; use seconds, not milliseconds [type]"),
        (1e20, "got 1e+20 [type]"),
        ("yesterday", "got 'yesterday' [type]"),
        ("2026-11-03T12:30:00", "got '2026-11-03T12:30:00' [type]"),
        (True, "got True [type]"),
        (NAN, "got nan [type]"),
        (10**400, "got an integer of 1329 bits [type]"),
        (date(2026, 11, 3), "got a date [type]"),
    ],
    (shapes.HyperParameterTuningJobObjective, "type", "Type: expected one of Maximize, Minimize"): [
        ("Minimise", "got 'Minimise'; did you mean 'Minimize'? [enum]"),
        ("maximize", "got 'maximize'; did you mean 'Maximize'? [enum]"),
        ("best", "got 'best' [enum]"),
        (True, "got True [type]"),
        (None, "got None [required]"),
    ],
    (shapes.Autotune, "mode", "Mode: expected Enabled"): [("enabled", "got 'enabled'; did you mean 'Enabled'? [enum]")],
}
CASES = [
    pytest.param(cls, {member: value}, f"{cls.__name__}.{expected}, {got}", id=f"{cls.__name__}-{got}")
    for (cls, member, expected), values in REFUSED.items()
    for value, got in values
]

FORM = r"an instance type of the form ml.FAMILY.SIZE (pattern ml\.[a-z0-9-]+\.[a-z0-9-]+)"

INSTANCE_TYPES = [
    (cls, member.attribute, name)
    for cls in schema.all_shapes()
    if not schema.of(cls).is_response
    for member in schema.of(cls).members
    if member.attribute.endswith("instance_type")
    for name in (*member.type.known_values[::20], "ml.q9.nano", "ml.m5.xlarg", "ml.p9e-gb900.36xlarge")
]


@pytest.mark.parametrize(("cls", "member", "message"), CASES)
def test_an_invalid_value_is_refused(cls, member, message, valid, messages):
    assert messages(valid, cls, **member) == [message]


@pytest.mark.parametrize(("cls", "member", "name"), INSTANCE_TYPES)
def test_an_instance_type_of_the_right_format_is_accepted(cls, member, name, valid):
    assert getattr(valid(cls, **{member: name}), member) == name


@pytest.mark.parametrize(
    "name", ["ml.m5", "ml.M5.xlarge", "ml..xlarge", "ml.m5.xlarge ", "ml.m5.xlarge\n", "", "m5.xlarge"]
)
def test_an_instance_type_of_another_format_is_refused(name, valid, refused):
    [violation] = refused(valid, shapes.InstancePreference, instance_type=name)
    assert (violation.path, violation.rule, violation.expected) == ("InstanceType", "pattern", FORM)


def test_a_missing_prefix_of_an_instance_type_is_suggested(messages):
    assert messages(shapes.InstancePreference, instance_type="m5.xlarge") == [
        f"InstancePreference.InstanceType: expected {FORM}, got 'm5.xlarge'; did you mean 'ml.m5.xlarge'? [pattern]"
    ]


def test_a_list_of_pairs_is_not_a_map(valid, messages):
    assert messages(valid, shapes.HyperParameterTrainingJobDefinition, environment=[("A", "1")]) == [
        f"{DEFINITION}.Environment: expected a mapping of text to text, got a list of 1 item [type]"
    ]


def test_the_path_of_an_invalid_key_has_it_in_brackets(valid, messages):
    expected = "a key that is letters, digits and underscores, no digit first (pattern [a-zA-Z_][a-zA-Z0-9_]*)"
    assert messages(valid, shapes.HyperParameterTrainingJobDefinition, environment={"1A": "1"}) == [
        f"{DEFINITION}.Environment[\"1A\"]: expected {expected}, got '1A' [pattern]"
    ]


def test_a_key_that_is_not_text_is_refused(valid, messages):
    assert messages(valid, shapes.HyperParameterTrainingJobDefinition, static_hyper_parameters={3: "1"}) == [
        f'{DEFINITION}.StaticHyperParameters[3]: expected a key that is text, got 3; write "3" [type]'
    ]


def test_too_many_entries_are_counted(valid, refused):
    [violation] = refused(
        valid, shapes.HyperParameterTrainingJobDefinition, environment={f"A{n}": "" for n in range(49)}
    )
    assert (violation.rule, violation.expected, "49" in violation.got) == ("entries", "a map of 0 to 48 entries", True)


def test_too_many_items_are_counted(valid, refused):
    [violation] = refused(valid, shapes.VpcConfig, subnets=["a"] * 17)
    assert (violation.rule, violation.expected, "17" in violation.got) == ("items", "a list of 1 to 16 items", True)


def test_violations_are_in_the_order_of_the_members(messages):
    types = "ManifestFile, S3Prefix, AugmentedManifestFile, Converse"
    assert messages(shapes.S3DataSource, s3_uri="bucket", s3_data_type="File", attribute_names=["", "a\n"]) == [
        f"S3DataSource.S3DataType: expected one of {types}, got 'File' [enum]",
        (
            "S3DataSource.S3Uri: expected an address like s3://BUCKET/PREFIX "
            f"(pattern (https|s3)://([^/]+)/?(.*)), got 'bucket'; {local_directory('bucket')} [pattern]"
        ),
        "S3DataSource.AttributeNames[0]: expected text of 1 to 256 characters, got '' [length]",
        r"S3DataSource.AttributeNames[1]: expected text on one line, not empty, got 'a\n' [pattern]",
    ]


@pytest.mark.parametrize("name", ["", "a" * 64, "a" * 62 + "-b"])
def test_a_wrong_length_is_one_violation(name, refused):
    assert [v.rule for v in refused(shapes.StopTrainingJobRequest, training_job_name=name)] == ["length"]


def test_text_that_is_too_long_with_invalid_characters_is_two_violations(refused):
    assert [v.rule for v in refused(shapes.Tag, key="a", value="!" * 257)] == ["length", "pattern"]


def test_the_source_of_a_violation_is_the_api_page(refused):
    [violation] = refused(shapes.Tag, key="", value="")
    assert violation.source == "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html"


def test_an_invalid_shape_error_is_a_value_error():
    with pytest.raises(ValueError, match="Tag") as raised:
        shapes.Tag(key="", value="")
    assert type(raised.value) is errors.InvalidShapeError


def test_an_invalid_argument_is_not_changed(valid):
    environment = {"1A": "1"}
    with pytest.raises(errors.InvalidShapeError):
        valid(shapes.HyperParameterTrainingJobDefinition, environment=environment)
    assert environment == {"1A": "1"}


def test_an_aware_time_is_accepted():
    moment = datetime(2026, 11, 3, tzinfo=UTC)
    assert shapes.ListTrainingJobsRequest(creation_time_after=moment).creation_time_after is moment


def test_a_message_that_quotes_a_lone_surrogate_can_be_printed():
    with pytest.raises(ValueError, match="InstanceType") as raised:
        shapes.ResourceConfig(instance_type="ml.m5.xlar\udcffge", instance_count=1)
    assert str(raised.value).encode()
