"""Values at the limits of the rules of images, addresses, regions and script mode that the tables do not contain."""

import pytest
from bases import CUSTOM, SEVERAL, changed
from table_images import FOR_CPU, FOR_GPU, FRAMEWORKS, GROUPS, OWN, RESOURCES, TYPE
from table_places import ALGORITHM, CHINA, KEY, OTHER_IMAGE, ROLE, URI, dataset, image, key, role
from table_script_mode import ARCHIVE, CHANNEL, PROGRAM, SOURCE, SOURCE_PATH
from test_messages import reported_messages
from test_tables import reported

from hptsdk.rules.facts.accounts import is_custom_image, is_from_marketplace, regions_of, repository_of

IMAGE = "TrainingJobDefinition.AlgorithmSpecification.TrainingImage"
METRICS = "TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions"
DATA = "TrainingJobDefinition.InputDataConfig"
OUTPUT = "TrainingJobDefinition.OutputDataConfig.S3OutputPath"
ENVIRONMENT = "TrainingJobDefinition.Environment"


def paths(rule, changes, base=CUSTOM):
    return [path for each, path in reported(changed(base, changes)) if each == rule]


# --- accounts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ["000000000000", "999999999999", "400000000000"])
def test_an_account_that_is_not_of_aws_has_no_regions(account):
    assert regions_of(account) == frozenset()


def test_an_account_has_the_regions_of_all_its_repositories():
    assert regions_of("746614075791") == {"us-west-1"}
    assert regions_of("727897471807") == {"cn-north-1", "cn-northwest-1"}


@pytest.mark.parametrize("name", ["mine", "arn", "xrn:aws:sagemaker:us-east-1:865070037744:algorithm/x", "arn:aws:x"])
def test_a_name_is_not_from_marketplace(name):
    assert not is_from_marketplace(name)


def test_the_arn_of_an_account_of_marketplace_is_from_marketplace():
    assert is_from_marketplace("arn:aws:sagemaker:us-east-1:865070037744:algorithm/x")


@pytest.mark.parametrize(
    ("name", "repository"),
    [
        ("mine", "mine"),
        ("mine:1", "mine"),
        ("mine@sha256:aa", "mine"),
        (f"{FRAMEWORKS}/team/mine:1", "team/mine"),
        (f"{FRAMEWORKS}/mine:1@sha256:aa", "mine"),
    ],
)
def test_an_image_has_a_repository(name, repository):
    assert repository_of(name) == repository


@pytest.mark.parametrize(
    ("name", "custom"),
    [
        (OWN, True),
        ("kmeans:1", False),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/kmeans:1", False),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/new:1", False),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1", True),
        ("683313688378.example.com/new:1", True),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com", True),
    ],
)
def test_an_image_is_custom_if_neither_its_account_nor_its_repository_is_of_an_algorithm(name, custom):
    assert is_custom_image(name) is custom


# --- images ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({IMAGE: f"https://{OWN}"}, f"got 'https://{OWN}'; remove 'https://'"),
        ({IMAGE: "12345.dkr.ecr.us-east-1.amazonaws.com/mine:1"}, "use the URI that Amazon ECR shows for the image"),
        ({IMAGE: "docker.io/team/mine:1"}, "push the image to Amazon ECR, and use its URI"),
        ({IMAGE: "https://docker.io/team/mine:1"}, "push the image to Amazon ECR, and use its URI"),
        (
            {IMAGE: image("cn-north-1")},
            "expected the domain amazonaws.com.cn in the region cn-north-1, got 'amazonaws.com'; replace it with amazo",
        ),
        (
            {IMAGE: "683313688378.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"},
            "sagemaker-xgboost in eu-west-1, got 683313688378, which is for us-east-1; use 141502667606",
        ),
        (
            {IMAGE: "763104351884.dkr.ecr.me-south-1.amazonaws.com/pytorch-training:2.1"},
            "got 763104351884, which is for other regions; use 217643126080",
        ),
        (
            {IMAGE: "683313688378.dkr.ecr.xx-west-9.amazonaws.com/sagemaker-xgboost:1.7-1"},
            "which is for us-east-1; use the one that image_uris.retrieve of the SageMaker Python SDK returns",
        ),
        ({IMAGE: FOR_GPU}, "with a GPU for the tag of the image, got 'ml.m5.xlarge'; use a type such as ml.g5.xlarge,"),
        (
            {IMAGE: FOR_CPU, TYPE: "ml.g5.xlarge"},
            "without a GPU for the tag of the image, got 'ml.g5.xlarge'; use a type such as ml.m5.xlarge,",
        ),
        (
            {IMAGE: FOR_GPU, RESOURCES: {"InstanceGroups": GROUPS, "VolumeSizeInGB": 30}},
            "with a GPU for the tag of the image, got 'ml.c5.xlarge'; use a type such as",
        ),
    ],
)
def test_the_message_about_an_image_names_the_correction(changes, words):
    assert words in reported_messages("custom", changes)


@pytest.mark.parametrize(
    "tag", ["2.1", "gpuless", "cpu-gpu", "2.1@sha256:aa-gpu", "2.1-gpux", "latest@sha256:" + "a" * 64]
)
def test_a_tag_without_one_processor_fits_every_instance(tag):
    assert paths("image-tag-fits-the-processor", {IMAGE: f"{FRAMEWORKS}/pytorch-training:{tag}"}) == []


@pytest.mark.parametrize("tag", ["gpu", "2.1_gpu", "2.1.gpu.py3", "gpu-2.1", f"2.1-gpu@sha256:{'a' * 64}"])
def test_a_processor_is_a_word_of_the_tag(tag):
    assert paths("image-tag-fits-the-processor", {IMAGE: f"{FRAMEWORKS}/pytorch-training:{tag}"}) == [TYPE]


def test_the_name_of_a_repository_does_not_name_a_processor():
    assert paths("image-tag-fits-the-processor", {IMAGE: f"{FRAMEWORKS}/mine-gpu:1"}) == []


def test_each_alternative_with_the_wrong_processor_is_reported():
    preferences = [{"InstanceType": name} for name in ("ml.m5.xlarge", "ml.g5.xlarge", "ml.c5.xlarge")]
    resources = {"InstancePreferences": preferences, "InstanceCount": 1, "VolumeSizeInGB": 30}
    assert paths("image-tag-fits-the-processor", {IMAGE: FOR_GPU, RESOURCES: resources}) == [
        f"{RESOURCES}.InstancePreferences[{number}].InstanceType" for number in (0, 2)
    ]


@pytest.mark.parametrize("region", ["xx-west-9", "us-east-1"])
def test_an_account_of_two_regions_may_have_images_in_a_third_one(region):
    image_of_two = f"727897471807.dkr.ecr.{region}.amazonaws.com/pytorch-training:2.1"
    assert len(regions_of("727897471807")) == 2
    expected = [] if region == "xx-west-9" else [IMAGE]
    assert paths("image-account-serves-the-region", {IMAGE: image_of_two}) == expected


# --- regions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({ROLE: role("aws-cn")}, "us-east-1.amazonaws.com/mine:1', got 'arn:aws-cn:iam::123456789012:role/SageMaker"),
        (
            {URI: "s3://sagemaker-us-west-2-123456789012/"},
            "got 's3://sagemaker-us-west-2-123456789012/'; use a resource in us-east-1",
        ),
    ],
)
def test_the_message_about_a_place_names_the_reference(changes, words):
    assert words in reported_messages("custom", changes)


def test_each_name_in_another_region_is_reported():
    changes = {URI: "s3://sagemaker-us-west-2-123456789012/", KEY: key("eu-west-1"), ROLE: role("aws")}
    assert sorted(paths("regions-agree", changes)) == sorted([URI, KEY])


def test_a_name_in_another_partition_is_not_also_in_another_region():
    rules = [rule for rule, _ in reported(changed(CUSTOM, {KEY: key("cn-north-1", "aws-cn")}))]
    assert rules == ["partitions-agree"]


def test_a_name_in_an_earlier_partition_in_alphabetical_order_is_not_also_in_another_region():
    found = reported(changed(CUSTOM, {IMAGE: CHINA, ROLE: role("aws-cn"), KEY: key("us-east-1")}))
    assert [rule for rule, _ in found] == ["partitions-agree"]


def test_an_image_in_the_domain_of_another_partition_has_no_certain_region():
    wrong = {IMAGE: image("us-east-1").replace("amazonaws.com", "amazonaws.com.cn")}
    assert paths("regions-agree", wrong | {URI: "s3://sagemaker-us-west-2-123456789012/"}) == []


def test_definitions_without_a_region_are_not_compared():
    local = {f"TrainingJobDefinitions.{number}.AlgorithmSpecification.TrainingImage": "mine:1" for number in (0, 1)}
    assert reported(changed(SEVERAL, local)) == []


def test_names_of_other_partitions_regions_and_accounts_are_all_reported():
    changes = {ROLE: role("aws-cn"), URI: "s3://sagemaker-us-west-2-210987654321/"}
    assert sorted(reported(changed(CUSTOM, changes))) == [
        ("default-bucket-is-of-the-account", URI),
        ("partitions-agree", ROLE),
        ("regions-agree", URI),
    ]


def test_only_the_first_name_of_a_definition_is_compared_with_those_of_others():
    uri = "TrainingJobDefinitions.0.OutputDataConfig.S3OutputPath"
    found = reported(changed(SEVERAL, {uri: "s3://sagemaker-us-west-2-123456789012/"}))
    assert found == [("regions-agree", "TrainingJobDefinitions[0].OutputDataConfig.S3OutputPath")]


def test_a_region_with_several_names_is_compared_with_the_first_one():
    changes = {IMAGE: CHINA, ROLE: role("aws-cn"), KEY: key("cn-northwest-1", "aws-cn")}
    assert paths("regions-agree", changes) == [KEY]


def test_a_bucket_of_another_account_is_reported_although_a_role_is_not_regional():
    bucket = {URI: "s3://sagemaker-us-east-1-210987654321/"}
    assert paths("default-bucket-is-of-the-account", bucket) == [URI]
    assert paths("default-bucket-is-of-the-account", bucket | {KEY: key("us-east-1")}) == [URI]
    lower = {URI: "s3://sagemaker-us-east-1-023456789012/"}
    assert paths("default-bucket-is-of-the-account", lower) == [URI]


@pytest.mark.parametrize("uri", ["s3://sagemaker-us-west-2-123456789012x/", "s3://sagemaker-us-west-2-12345678901/"])
def test_only_the_whole_name_of_a_default_bucket_has_a_region(uri):
    assert paths("regions-agree", {URI: uri}) == []


def test_the_address_of_data_after_a_channel_without_one_is_compared():
    arn = {f"{DATA}.0.DataSource": {"DatasetSource": {"DatasetArn": dataset("us-east-1")}}}
    other = {f"{DATA}.1": CHANNEL, f"{DATA}.1.DataSource.S3DataSource.S3Uri": "s3://sagemaker-us-west-2-123456789012/"}
    assert paths("regions-agree", arn | other) == [
        "TrainingJobDefinition.InputDataConfig[1].DataSource.S3DataSource.S3Uri"
    ]


def test_the_first_names_of_three_definitions_are_compared():
    third = {"TrainingJobDefinitions.2": SEVERAL["TrainingJobDefinitions"][0] | {"DefinitionName": "third"}}
    changes = third | {OTHER_IMAGE: image("us-west-2")}
    changes |= {OTHER_IMAGE.replace("1", "2"): image("eu-west-1")}
    assert paths("regions-agree", changes, SEVERAL) == [
        f"TrainingJobDefinitions[{number}].AlgorithmSpecification.TrainingImage" for number in (1, 2)
    ]


def test_an_algorithm_is_compared_with_the_region_of_the_key():
    assert paths("regions-agree", {**ALGORITHM, KEY: key("us-east-1")}) == [KEY]
    assert paths("regions-agree", {**ALGORITHM, KEY: key("us-west-2")}) == []


# --- addresses in S3 -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("https://s3.console.aws.amazon.com/s3/buckets/mine", "use s3://mine/PREFIX"),
        ("https://s3.console.aws.amazon.com/s3/object/mine?x", "use s3://mine/PREFIX"),
        ("https://mine.s3-website-us-east-1.amazonaws.com/x", "use s3://mine/PREFIX"),
        ("https://example.com/s3/buckets/mine", "use s3://BUCKET/PREFIX"),
        ("https://console.aws.amazon.com/mine", "use s3://BUCKET/PREFIX"),
        ("s3://bucket/s3://other/x", "expected one scheme, got 's3://bucket/s3://other/x'; use 's3://other/x'"),
        ("s3://bucket/x*", "expected a prefix without wildcards, got 's3://bucket/x*'; use the text before the *"),
    ],
)
def test_the_message_about_an_address_names_the_correction(uri, words):
    assert words in reported_messages("custom", {OUTPUT: uri})


@pytest.mark.parametrize("uri", ["s3://a*b/x", "s3://bucket/a/b", "s3://bucket", "s3://bucket/"])
def test_only_the_key_has_a_wildcard(uri):
    assert paths("s3-address-has-no-wildcard", {OUTPUT: uri}) == []


# --- script mode -----------------------------------------------------------------------------------------------------


def test_a_source_has_the_name_of_one_of_several_channels():
    channels = {f"{DATA}.1": CHANNEL, f"{DATA}.2": CHANNEL | {"ChannelName": "other"}}
    rule = "source-channel-exists"
    for name in ("train", "code", "other", "other/src"):
        assert paths(rule, channels | {SOURCE: f"/opt/ml/input/data/{name}"}) == [], name
    assert paths(rule, channels | {SOURCE: "/opt/ml/input/data/others"}) == [SOURCE_PATH]


def test_both_paths_of_another_computer_are_reported():
    static = SOURCE.rpartition(".")[0]
    changes = {SOURCE: "/Users/me/src", PROGRAM: "/Users/me/train.py"}
    found = paths("source-is-not-local", changes)
    assert found == [f'{static}["{name}"]' for name in ("sagemaker_submit_directory", "sagemaker_program")]


@pytest.mark.parametrize("program", ["./train.py", "../train.py", "train.py", '"src/train.py"'])
def test_a_program_is_a_path_in_the_source_directory(program):
    assert paths("source-is-not-local", {PROGRAM: program, SOURCE: ARCHIVE}) == []


@pytest.mark.parametrize("variable", ["SAGEMAKER_SUBMIT_DIRECTORY", "SAGEMAKER_PROGRAM", "SAGEMAKER_BASE_DIR", "X"])
def test_a_variable_may_have_the_source(variable):
    framework = {IMAGE: f"{FRAMEWORKS}/pytorch-training:2.1", PROGRAM: "train.py", ENVIRONMENT: {variable: "x"}}
    assert paths("program-has-a-source", framework) == ([SOURCE_PATH] if variable == "X" else [])


@pytest.mark.parametrize(("channel", "found"), [("assets", [SOURCE_PATH]), ("code", []), ("data", [SOURCE_PATH])])
def test_only_the_channel_code_may_have_the_source(channel, found):
    framework = {IMAGE: f"{FRAMEWORKS}/pytorch-training:2.1", PROGRAM: "train.py"}
    assert paths("program-has-a-source", framework | {f"{DATA}.1": CHANNEL | {"ChannelName": channel}}) == found


# --- metrics ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a-loss", "zloss", "loss2"])
def test_the_group_of_a_metric_that_is_not_the_objective_is_not_checked(name):
    metrics = [{"Name": "loss", "Regex": "loss=([-+0-9.eE]+)"}, {"Name": name, "Regex": "x=([0-9.]+)"}]
    assert paths("metric-group-takes-any-number", {METRICS: metrics}) == []


def test_the_group_of_the_objective_is_checked_if_it_is_not_the_first_metric():
    metrics = [{"Name": "other", "Regex": "x=([0-9.]+)"}, {"Name": "loss", "Regex": "loss=([0-9.]+)"}]
    assert paths("metric-group-takes-any-number", {METRICS: metrics}) == [f"{METRICS}[1].Regex"]
