"""Rows of the rules of addresses in S3."""

from rows import Row

JOB = "TrainingJobDefinition"
OUTPUT = f"{JOB}.OutputDataConfig.S3OutputPath"
CHECKPOINTS = f"{JOB}.CheckpointConfig.S3Uri"
DATA = f"{JOB}.InputDataConfig.0.DataSource.S3DataSource.S3Uri"
DATA_PATH = f"{JOB}.InputDataConfig[0].DataSource.S3DataSource.S3Uri"
ACCESS_POINT = "s3://arn:aws:s3:us-east-1:123456789012:accesspoint/mine/train/"


def output(rule, uri, corrected):
    return Row(rule, {OUTPUT: uri}, {OUTPUT: corrected}, OUTPUT)


def data(rule, uri, corrected):
    return Row(rule, {DATA: uri}, {DATA: corrected}, DATA_PATH)


def checkpoints(rule, uri, corrected):
    return Row(rule, {CHECKPOINTS: uri}, {CHECKPOINTS: corrected}, CHECKPOINTS)


BUCKETS = [
    output("s3-bucket-can-exist", "s3://My-Bucket/out/", "s3://my-bucket/out/"),
    data("s3-bucket-can-exist", "s3://my_bucket/train/", "s3://my.bucket/train/"),
    checkpoints("s3-bucket-can-exist", "s3://ab", "s3://abc"),
    output("s3-bucket-can-exist", f"s3://{'a' * 64}/out/", f"s3://{'a' * 63}/out/"),
    output("s3-bucket-can-exist", "s3://-bucket/", "s3://0-bucket/"),
    output("s3-bucket-can-exist", "s3://bucket-/", "s3://bucket-0/"),
    output("s3-bucket-can-exist", "s3://my..bucket/", "s3://my.-bucket/"),
    output("s3-bucket-can-exist", "s3://192.168.5.4/", "s3://192.168.5.4a/"),
    data("s3-bucket-can-exist", "s3://arm:aws/train/", ACCESS_POINT),
    data("s3-bucket-can-exist", "s3://xn--bucket/train/", "s3://xn-bucket/train/"),
    output("s3-bucket-can-exist", "s3://sthree-bucket/out/", "s3://sthree/out/"),
    data("s3-bucket-can-exist", "s3://arn:aws:s3:::bucket/train/", "s3://bucket/train/"),
    data("s3-bucket-can-exist", "s3://<bucket>/train/", "s3://bucket/{train}/<x>/"),
]
SCHEMES = [
    output("s3-address-has-one-scheme", "s3://s3://bucket/out/", "s3://bucket/s3/out/"),
    data("s3-address-has-one-scheme", "s3://bucket/s3://bucket/train/", "s3://bucket/s3:train/"),
    data("s3-address-has-one-scheme", "s3://https://bucket.s3.amazonaws.com/", "https://bucket.s3.amazonaws.com/"),
    checkpoints("s3-address-has-one-scheme", "s3://file:/home/me", "s3://file/home/me"),
]
WILDCARDS = [
    data("s3-address-has-no-wildcard", "s3://bucket/train/*.csv", "s3://bucket/train/part?.csv"),
    output("s3-address-has-no-wildcard", "s3://bucket/*", "s3://bucket/"),
    checkpoints("s3-address-has-no-wildcard", "s3://bucket/checkpoints/*", "s3://bucket/checkpoints/"),
]
PAGES = [
    data("s3-address-is-no-web-page", page, address)
    for page, address in (
        ("https://s3.console.aws.amazon.com/s3/buckets/mine", "https://s3.us-east-1.amazonaws.com/mine/train/"),
        ("https://eu-west-1.console.aws.amazon.com/s3/buckets/mine", "https://mine.s3.eu-west-1.amazonaws.com/"),
        ("https://mine.s3-website-us-east-1.amazonaws.com/x", "https://mine.s3-us-east-1.amazonaws.com/x"),
        ("https://mine.s3.amazonaws.com/x?X-Amz-Signature=0", "https://mine.s3.amazonaws.com/x"),
        ("https://github.com/mine/data", "https://s3express-use1-az4.us-east-1.amazonaws.com/mine"),
        ("https://amazons3.com/mine", "https://mine.s3.cn-north-1.amazonaws.com.cn/x"),
    )
]
PAGES += [
    data("s3-address-is-no-web-page", page, address)
    for page, address in (
        ("s3://mine.s3.amazonaws.com/x", "s3://mine.s3/x"),
        ("s3://s3.us-east-1.amazonaws.com/mine/x", "s3://s3.us-east-1/mine/x"),
        ("s3://mine.s3.cn-north-1.amazonaws.com.cn/x", "s3://mine.amazonaws.co/x"),
    )
]
PAGES += [output("s3-address-is-no-web-page", "https://example.com/out/", "https://s3.amazonaws.com/mine/out/")]
PAGES += [checkpoints("s3-address-is-no-web-page", "https://example.com/", "https://s3.amazonaws.com/mine/")]

ROWS = [*BUCKETS, *SCHEMES, *WILDCARDS, *PAGES]
