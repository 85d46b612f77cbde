"""An editor or notebook with jedi completes all names, although modules are imported on first use."""

import inspect
from pathlib import Path

import jedi
import pytest
from jedi.api.environment import SameEnvironment

import hptsdk
from hptsdk import errors, schema, shapes
from hptsdk.builder import DefinitionBuilder, TrainingBuilder, TuningJobBuilder

pytestmark = pytest.mark.long

SOURCES = Path(hptsdk.__file__).parents[1]

BEFORE = """
import hptsdk

training = hptsdk.training(
    image="image:1",
    role_arn="arn",
    output="s3://b/out/",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    max_runtime_in_seconds=60,
)
definition = training.named("xgb", maximize="auc")
job = hptsdk.tuning_job("job", training, maximize="auc", max_parallel_jobs=1)
request = job.build()
client = hptsdk.TuningClient()
handle = client.create(request)
tag = hptsdk.shapes.Tag(key="team", value="growth")
"""


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """Request the completions at the end of code: `names(code)`."""
    project = jedi.Project(tmp_path_factory.mktemp("project"), added_sys_path=[str(SOURCES)])
    # in another process, because pytest has imported hptsdk with its plugin, and jedi would not read the source
    environment = SameEnvironment()

    def names(code):
        script = jedi.Script(BEFORE + code, project=project, environment=environment)
        return {completion.name for completion in script.complete()}

    return names


def public(cls):
    return {name for name in dir(cls) if not name.startswith("_")}


def arguments(function):
    return {f"{name}=" for name in inspect.signature(function).parameters if name != "self"}


def members(cls):
    return {member.attribute for member in schema.of(cls).members}


DESCRIPTION = members(shapes.DescribeHyperParameterTuningJobResponse)
SUMMARY = members(shapes.HyperParameterTuningJobSummary)
TRAINING_SUMMARY = members(shapes.HyperParameterTrainingJobSummary)

COMPLETED = {
    "hptsdk.": set(hptsdk.__all__) - {"__version__"},
    "hptsdk.shapes.": set(shapes.__all__),
    "hptsdk.errors.": set(errors.__all__),
    "hptsdk.schema.": set(schema.__all__),
    "from hptsdk import ": set(hptsdk.__all__) - {"__version__"},
    "from hptsdk.shapes import ": set(shapes.__all__),
    # arguments
    "hptsdk.training(": arguments(hptsdk.training),
    "hptsdk.tuning_job(": arguments(hptsdk.tuning_job),
    "hptsdk.unique_name(": {"prefix="},
    "hptsdk.TuningClient(": arguments(hptsdk.TuningClient),
    "training.channel(": arguments(TrainingBuilder.channel),
    "training.checkpoints(": arguments(TrainingBuilder.checkpoints),
    "job.continuous(": arguments(TuningJobBuilder.continuous),
    "job.hyperband(": arguments(TuningJobBuilder.hyperband),
    "client.create(": arguments(hptsdk.TuningClient.create),
    "handle.wait(": arguments(hptsdk.TuningJob.wait),
    # builders; jedi takes Self for the class that defines the method, so that some chains end early
    "training.": public(TrainingBuilder),
    "hptsdk.training(image='image:1').": public(TrainingBuilder),
    "training.vpc(subnets=[], security_group_ids=[]).static(a='b').": public(TrainingBuilder) - {"left_out", "named"},
    "definition.": public(DefinitionBuilder),
    "job.": public(TuningJobBuilder),
    "hptsdk.tuning_job('job', training, minimize='rmse').": public(TuningJobBuilder),
    "job.bayesian().tag('a', 'b').": public(TuningJobBuilder),
    # results
    "request.": members(shapes.CreateHyperParameterTuningJobRequest),
    "request.hyper_parameter_tuning_job_config.": members(shapes.HyperParameterTuningJobConfig),
    "tag.": {"key", "value", "unmodelled"},
    "client.": public(hptsdk.TuningClient),
    "hptsdk.TuningClient().": public(hptsdk.TuningClient),
    "with hptsdk.TuningClient() as entered:\n    entered.": public(hptsdk.TuningClient),
    "handle.": public(hptsdk.TuningJob),
    "client.get('job').": public(hptsdk.TuningJob),
    "handle.wait().": DESCRIPTION,
    "handle.describe().": DESCRIPTION,
    "for summary in client.list():\n    summary.": SUMMARY,
    "for summary in handle.training_jobs():\n    summary.": TRAINING_SUMMARY,
    "hptsdk.from_wire(hptsdk.shapes.Tag, {}).": {"key", "value"},
}


@pytest.mark.parametrize("code", COMPLETED)
def test_all_names_are_completed(code, names):
    assert COMPLETED[code] - names(code) == set()


@pytest.mark.long
@pytest.mark.parametrize("cls", schema.all_shapes(), ids=lambda cls: cls.__name__)
def test_the_members_of_a_structure_are_completed_as_arguments(cls, names):
    assert {f"{name}=" for name in members(cls)} - names(f"hptsdk.shapes.{cls.__name__}(") == set()


def test_a_training_without_a_name_has_no_completions_for_ranges(names):
    assert not {"continuous", "integer", "categorical", "auto"} & names("training.")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("hptsdk.", set(hptsdk.__all__) - {"__version__"}),
        ("hptsdk.shapes.", set(shapes.__all__)),
        ("hptsdk.shapes.Tag(", {"key=", "value="}),
        ("hptsdk.training(", arguments(hptsdk.training)),
    ],
)
def test_a_notebook_that_has_imported_the_module_has_the_same_completions(code, expected):
    completions = jedi.Interpreter(code, [{"hptsdk": hptsdk}]).complete()
    assert expected - {completion.name for completion in completions} == set()
