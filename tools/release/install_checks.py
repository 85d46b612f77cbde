"""The wheel, installed with each of its extras into an empty environment on each Python there is, and used there.

`nox -s package` runs this.
"""

import functools
import shutil
from pathlib import Path

import pytest
from built import PROJECT, WHEEL, Installed, done, oldest, run

HERE = Path(__file__).parent
PREFIX = "Programming Language :: Python :: 3."
PYTHONS = [name.rpartition(" ")[2] for name in PROJECT["classifiers"] if name.startswith(PREFIX)]

GOOD = """\
HyperParameterTuningJobName: first
HyperParameterTuningJobConfig:
  Strategy: Random
  ResourceLimits: {MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2}
  HyperParameterTuningJobObjective: {Type: Minimize, MetricName: loss}
  ParameterRanges:
    ContinuousParameterRanges: [{Name: rate, MinValue: "0.1", MaxValue: "1.0"}]
TrainingJobDefinition:
  AlgorithmSpecification:
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1
    TrainingInputMode: File
    MetricDefinitions: [{Name: loss, Regex: "loss=([0-9.]+)"}]
  RoleArn: arn:aws:iam::123456789012:role/Role
  OutputDataConfig: {S3OutputPath: s3://amzn-s3-demo-bucket/}
  ResourceConfig: {InstanceType: ml.m5.large, InstanceCount: 1, VolumeSizeInGB: 10}
  StoppingCondition: {MaxRuntimeInSeconds: 60}
"""

TEST = """\
from hypothesis import given, settings, strategies as st

import hptsdk
from hptsdk.testing import TransportConformance, strategies

def test_the_fixtures_are_there(stub_transport, memory_transport, faulty_server):
    assert hptsdk.TuningClient(transport=memory_transport)

@settings(max_examples=5, deadline=None)
@given(strategies.requests(), st.from_type(hptsdk.shapes.Tag))
def test_requests_are_drawn(request, tag):
    assert hptsdk.from_wire(type(request), hptsdk.to_wire(request)) == request
"""


RUN_TESTS = ["-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "test_it.py"]


def write_tests(folder, code):
    """Write tests that have settings of their own, since the folder may lie below this project."""
    (folder / "test_it.py").write_text(code)
    (folder / "pytest.ini").write_text("[pytest]\n")


def run_tests(installed, folder):
    """Run two tests of a user, and give what pytest says."""
    write_tests(folder, TEST)
    return done(installed.python, *RUN_TESTS, cwd=folder)


@pytest.fixture(scope="module", params=PYTHONS)
def interpreter(request):
    found = shutil.which(f"python{request.param}")
    if found is None:
        pytest.skip(f"this machine has no Python {request.param}")
    return found


@pytest.fixture(scope="module")
def with_extra(interpreter, tmp_path_factory):
    """Give the environment with an extra, made when first asked for."""

    @functools.cache
    def installed(extra):
        return Installed(tmp_path_factory.mktemp(extra or "base") / "env", interpreter, extra)

    return installed


@pytest.fixture
def base(with_extra):
    return with_extra("")


@pytest.fixture
def cli(with_extra):
    return with_extra("cli")


@pytest.fixture
def local(with_extra):
    return with_extra("local")


@pytest.fixture
def testing(with_extra):
    return with_extra("testing")


@pytest.mark.parametrize("extra", ["", "cli", "local", "testing"], ids=lambda extra: extra or "base")
def test_what_is_installed_fits_together(with_extra, extra):
    installed = with_extra(extra)
    print(f"hptsdk[{extra}] has {len(installed.packages())} packages")
    done("uv", "pip", "check", "--python", installed.python)


# --- without an extra ---


def test_without_any_dependency_the_package_knows_its_version(interpreter, tmp_path):
    done("uv", "venv", "--quiet", "--python", interpreter, tmp_path / "env")
    python = tmp_path / "env" / "bin" / "python"
    done("uv", "pip", "install", "--quiet", "--no-deps", "--python", python, WHEEL)
    code = "import hptsdk, hptsdk.cli, hptsdk.local, hptsdk.testing; print(hptsdk.__version__)"
    assert done(python, "-I", "-W", "error", "-c", code) == f"{PROJECT['version']}\n"


def test_importing_it_loads_none_of_its_modules(base):
    code = "import sys, hptsdk; print(*(name for name in sys.modules if name.startswith('hptsdk')))"
    assert done(base.python, "-I", "-c", code) == "hptsdk\n"


def test_what_needs_no_extra_works_without_one(base):
    assert done(base.python, "-I", "-W", "error", HERE / "use_base.py") == "used\n"


def test_the_dependencies_are_three_and_theirs(base):
    assert {"attrs", "cattrs", "botocore"} <= base.packages()
    assert len(base.packages()) <= 10


def test_the_command_without_its_extra_says_how_to_get_it(base):
    found = run(base.command, "--help")
    expected = (
        'hptsdk: the command line needs typer, which is not installed; to get it, run: pip install "hptsdk[cli]"\n'
    )
    assert (found.returncode, found.stdout, found.stderr) == (1, "", expected)


@pytest.mark.parametrize(
    ("code", "extra"),
    [("from hptsdk.local import LocalService", "local"), ("from hptsdk.testing import strategies", "testing")],
)
def test_what_needs_an_extra_says_how_to_get_it(base, code, extra):
    found = run(base.python, "-I", "-c", code)
    assert found.stderr.splitlines()[-1].endswith(f'run: pip install "hptsdk[{extra}]"')


@pytest.mark.parametrize("other", ["pytest", "hypothesis"])
def test_an_environment_with_half_of_an_extra_is_not_broken(interpreter, tmp_path, other):
    half = Installed(tmp_path / "env", interpreter, "")
    half.install(other)
    write_tests(tmp_path, "def test_it(memory_transport): pass\n")
    code = "import hypothesis.strategies as st, hptsdk; st.from_type(hptsdk.shapes.Tag).validate()"
    done(half.python, "-W", "error", *(RUN_TESTS if other == "pytest" else ["-c", code]), cwd=tmp_path)


# --- with one ---


def test_the_command_shows_its_help(cli):
    assert "validate" in done(cli.command, "--help")


def test_a_good_file_is_let_pass(cli, tmp_path):
    (tmp_path / "job.yaml").write_text(GOOD)
    done(cli.command, "validate", "job.yaml", cwd=tmp_path)


def test_a_mistake_in_a_file_is_told_with_its_place(cli, tmp_path):
    (tmp_path / "job.yaml").write_text(GOOD.replace('"0.1"', "0.1"))
    found = run(cli.command, "validate", "job.yaml", cwd=tmp_path)
    assert found.returncode == 1
    assert "job.yaml:7:46: " in found.stdout + found.stderr


def test_the_command_says_how_to_get_the_local_service(cli):
    found = run(cli.command, "demo")
    assert found.returncode == 1
    assert found.stderr.endswith('run: pip install "hptsdk[local]"\n')


def test_a_tuning_job_runs_on_this_machine(local):
    assert done(local.python, "-I", "-W", "error", HERE / "use_local.py") == "used\n"


def test_pytest_and_hypothesis_find_the_plugins_by_themselves(testing, tmp_path):
    assert "2 passed" in run_tests(testing, tmp_path)


# --- with the oldest versions that the extras allow ---


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    """An environment on the oldest Python: some of these versions have nothing built for newer ones."""
    python = shutil.which(f"python{PYTHONS[0]}")
    return Installed(tmp_path_factory.mktemp("dated") / "env", python, "local,testing", *oldest())


def test_the_oldest_local_service_runs_a_tuning_job(dated):
    assert done(dated.python, "-I", "-W", "error", HERE / "use_local.py") == "used\n"


def test_the_oldest_command_line_finds_a_mistake(dated, tmp_path):
    (tmp_path / "job.yaml").write_text(GOOD.replace('"0.1"', "0.1"))
    found = run(dated.command, "validate", "job.yaml", cwd=tmp_path)
    assert (found.returncode, found.stderr.partition(" ")[0]) == (1, "job.yaml:7:46:")


def test_the_oldest_pytest_and_hypothesis_find_the_plugins_by_themselves(dated, tmp_path):
    assert "2 passed" in run_tests(dated, tmp_path)
