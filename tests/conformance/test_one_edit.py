"""Adding a member or a rule is one edit of one source file: everything else is derived."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hptsdk

pytestmark = pytest.mark.long

SOURCES = Path(hptsdk.__file__).parent

MEMBER = """
    environment: HyperParameterTrainingJobEnvironmentMap | None = None
"""
NEW_MEMBER = '''
    queue_name: MetricName | None = None
    """Name of the queue."""
'''

JOB_WITH_THE_MEMBER = """
import hptsdk
training = hptsdk.training(
    image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
    role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
    output="s3://amzn-s3-demo-bucket/out/",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    volume_size_in_gb=30,
    max_runtime_in_seconds=3600,
).metric("loss", "loss=([0-9.]+)").with_(queue_name="first")
job = hptsdk.tuning_job("demo", training, minimize="loss", max_jobs=10, max_parallel_jobs=2)
"""

USES_OF_THE_MEMBER = f"""{JOB_WITH_THE_MEMBER}
import sys
import hptsdk
from hptsdk import schema, shapes
from hptsdk.testing import strategies
from hypothesis import find

Definition = shapes.HyperParameterTrainingJobDefinition

[member] = [member for member in schema.of(Definition).members if member.attribute == "queue_name"]
assert (member.wire_name, member.required, member.documentation) == ("QueueName", False, "Name of the queue.")
assert [constraint.rule for constraint in member.constraints] == ["length", "pattern"]

request = job.continuous("lr", 0.001, 0.1).build()
document = hptsdk.to_wire(request)
assert document["TrainingJobDefinition"]["QueueName"] == "first"
assert hptsdk.loads(type(request), hptsdk.dumps(request)) == request

document["TrainingJobDefinition"]["QueueName"] = ""
for _ in range(3):
    try:
        hptsdk.from_wire(type(request), document)
    except hptsdk.errors.InvalidShapeError as error:
        assert [v.path for v in error.violations] == ["TrainingJobDefinition.QueueName"]
    else:
        sys.exit("an invalid value is accepted")

definitions = strategies.shapes(Definition, extreme=True)
assert find(definitions, lambda definition: definition.queue_name is not None).queue_name
"""


@pytest.fixture
def sources(tmp_path):
    """Return a copy of the package, which a test can edit."""
    return Path(shutil.copytree(SOURCES, tmp_path / "hptsdk", ignore=shutil.ignore_patterns("__pycache__")))


def edit(file, old, new):
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def run(sources, *arguments):
    """Run Python with a copy of the package."""
    path = os.pathsep.join([str(sources.parent), *sys.path])
    done = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        cwd=sources.parent,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_member_is_one_edit(sources):
    edit(sources / "shapes" / "training.py", MEMBER, NEW_MEMBER + MEMBER)
    run(sources, "-c", USES_OF_THE_MEMBER)


REQUEST = (
    JOB_WITH_THE_MEMBER
    + """
print(hptsdk.dumps(job.continuous("lr", 0.001, 0.1).build()))
"""
)


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("python", "queue_name="),
        ("json", '"QueueName"'),
        ("yaml", "QueueName:"),
        ("terraform", "queue_name"),
        ("ack", "queueName:"),
    ],
)
def test_a_new_member_is_converted(sources, target, text):
    edit(sources / "shapes" / "training.py", MEMBER, NEW_MEMBER + MEMBER)
    file = sources.parent / "request.json"
    file.write_text(run(sources, "-c", REQUEST))
    command = "import sys; from hptsdk.cli import main; sys.exit(main())"
    assert text in run(sources, "-c", command, "convert", str(file), "--to", target)


RULE = """
@rule("tag-keys-differ","""
NEW_RULE = '''
@rule("tag-has-no-x", source="API_Tag")
def tag_has_no_x(tag: Tag) -> Problem | None:
    """The key of a tag is not x."""
    return Problem("key", expected="another key", got="x") if tag.key == "x" else None

'''

USES_OF_THE_RULE = """
import hptsdk
[rule] = [rule for rule in hptsdk.schema.rules() if rule.id == "tag-has-no-x"]
assert (rule.sentence, rule.shape) == ("The key of a tag is not x.", hptsdk.shapes.Tag)
for _ in range(3):
    try:
        hptsdk.shapes.Tag(key="x", value="")
    except hptsdk.errors.InvalidShapeError as error:
        print(error)
with hptsdk.waived("tag-has-no-x"):
    hptsdk.shapes.Tag(key="x", value="")
"""


def test_a_new_rule_is_one_edit(sources):
    file = sources / "rules" / "request.py"
    edit(file, RULE, NEW_RULE + RULE)
    edit(file, "TAG = (", "TAG = (tag_has_no_x, ")
    assert (
        run(sources, "-c", USES_OF_THE_RULE).splitlines() == ["Tag.Key: expected another key, got x [tag-has-no-x]"] * 3
    )
