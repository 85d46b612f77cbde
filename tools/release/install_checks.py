"""The wheel in new environments, with its extras, on each supported Python. The session `package` runs this."""

import functools
import shutil
from pathlib import Path

import pytest
from built import PROJECT, WHEEL, Installed, oldest, run, succeed

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
    MetricDefinitions: [{Name: loss, Regex: "loss=([-+0-9.eE]+)"}]
  RoleArn: arn:aws:iam::123456789012:role/Role
  OutputDataConfig: {S3OutputPath: s3://amzn-s3-demo-bucket/}
  ResourceConfig: {InstanceType: ml.m5.large, InstanceCount: 1, VolumeSizeInGB: 10}
  StoppingCondition: {MaxRuntimeInSeconds: 60}
"""

TEST = """\
from hypothesis import given, settings, strategies as st

import hptsdk
from hptsdk.testing import TransportConformance, strategies

def test_the_fixtures_exist(stub_transport, memory_transport, faulty_server):
    assert hptsdk.TuningClient(transport=memory_transport)

@settings(max_examples=5, deadline=None)
@given(strategies.requests(), st.from_type(hptsdk.shapes.Tag))
def test_requests_are_generated(request, tag):
    assert hptsdk.from_wire(type(request), hptsdk.to_wire(request)) == request
"""


RUN_TESTS = ["-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "test_it.py"]


def write_tests(folder, code):
    """Write tests with their own configuration, because the folder can be inside this project."""
    (folder / "test_it.py").write_text(code)
    (folder / "pytest.ini").write_text("[pytest]\n")


def run_tests(installed, folder):
    """Run two tests as a user would write them, and return the output of pytest."""
    write_tests(folder, TEST)
    return succeed(installed.python, *RUN_TESTS, cwd=folder)


@pytest.fixture(scope="module", params=PYTHONS)
def interpreter(request):
    python = shutil.which(f"python{request.param}")
    if python is None:
        pytest.skip(f"Python {request.param} is not installed")
    return python


@pytest.fixture(scope="module")
def with_extra(interpreter, tmp_path_factory):
    """Return a function that returns the environment with an extra. It is created on first use."""

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
def test_the_installed_versions_are_compatible(with_extra, extra):
    installed = with_extra(extra)
    print(f"hptsdk[{extra}] has {len(installed.packages())} packages")
    succeed("uv", "pip", "check", "--python", installed.python)


# --- without an extra ---


def test_the_version_is_available_without_dependencies(interpreter, tmp_path):
    succeed("uv", "venv", "--quiet", "--python", interpreter, tmp_path / "env")
    python = tmp_path / "env" / "bin" / "python"
    succeed("uv", "pip", "install", "--quiet", "--no-deps", "--python", python, WHEEL)
    code = "import hptsdk, hptsdk.cli, hptsdk.local, hptsdk.testing; print(hptsdk.__version__)"
    assert succeed(python, "-I", "-W", "error", "-c", code) == f"{PROJECT['version']}\n"


def test_the_import_loads_no_other_module_of_hptsdk(base):
    code = "import sys, hptsdk; print(*(name for name in sys.modules if name.startswith('hptsdk')))"
    assert succeed(base.python, "-I", "-c", code) == "hptsdk\n"


def test_the_package_works_without_extras(base):
    assert succeed(base.python, "-I", "-W", "error", HERE / "use_base.py") == "used\n"


def test_there_are_few_dependencies(base):
    assert {"attrs", "cattrs", "botocore"} <= base.packages()
    assert len(base.packages()) <= 10


def test_the_command_without_its_extra_shows_how_to_install_it(base):
    result = run(base.command, "--help")
    expected = 'hptsdk: the command line needs typer, which is not installed; run: pip install "hptsdk[cli]"\n'
    assert (result.returncode, result.stdout, result.stderr) == (1, "", expected)


@pytest.mark.parametrize(
    ("code", "extra"),
    [("from hptsdk.local import LocalService", "local"), ("from hptsdk.testing import strategies", "testing")],
)
def test_an_import_without_its_extra_shows_how_to_install_it(base, code, extra):
    result = run(base.python, "-I", "-c", code)
    assert result.stderr.splitlines()[-1].endswith(f'run: pip install "hptsdk[{extra}]"')


@pytest.mark.parametrize("other", ["pytest", "hypothesis"])
def test_an_environment_with_half_of_an_extra_works(interpreter, tmp_path, other):
    half = Installed(tmp_path / "env", interpreter, "")
    half.install(other)
    write_tests(tmp_path, "def test_it(memory_transport): pass\n")
    code = "import hypothesis.strategies as st, hptsdk; st.from_type(hptsdk.shapes.Tag).validate()"
    succeed(half.python, "-W", "error", *(RUN_TESTS if other == "pytest" else ["-c", code]), cwd=tmp_path)


# --- with an extra ---


def test_the_command_shows_its_help(cli):
    assert "validate" in succeed(cli.command, "--help")


def test_a_valid_file_is_accepted(cli, tmp_path):
    (tmp_path / "job.yaml").write_text(GOOD)
    succeed(cli.command, "validate", "job.yaml", cwd=tmp_path)


def test_a_violation_is_reported_with_its_position(cli, tmp_path):
    (tmp_path / "job.yaml").write_text(GOOD.replace('"0.1"', "0.1"))
    result = run(cli.command, "validate", "job.yaml", cwd=tmp_path)
    assert result.returncode == 1
    assert "job.yaml:7:46: " in result.stdout + result.stderr


def test_the_command_shows_how_to_install_the_local_service(cli):
    result = run(cli.command, "demo")
    assert result.returncode == 1
    assert result.stderr.endswith('run: pip install "hptsdk[local]"\n')


def test_a_tuning_job_runs_on_this_machine(local):
    assert succeed(local.python, "-I", "-W", "error", HERE / "use_local.py") == "used\n"


def test_pytest_and_hypothesis_load_the_plugins(testing, tmp_path):
    assert "2 passed" in run_tests(testing, tmp_path)


# --- with the oldest allowed versions ---


@pytest.fixture(scope="module")
def oldest_environment(tmp_path_factory):
    """An environment on the oldest Python, because some of these versions have no wheels for newer ones."""
    python = shutil.which(f"python{PYTHONS[0]}")
    return Installed(tmp_path_factory.mktemp("oldest") / "env", python, "local,testing", *oldest())


def test_the_oldest_local_service_runs_a_tuning_job(oldest_environment):
    assert succeed(oldest_environment.python, "-I", "-W", "error", HERE / "use_local.py") == "used\n"


def test_the_oldest_command_line_reports_a_violation(oldest_environment, tmp_path):
    (tmp_path / "job.yaml").write_text(GOOD.replace('"0.1"', "0.1"))
    result = run(oldest_environment.command, "validate", "job.yaml", cwd=tmp_path)
    assert (result.returncode, result.stderr.partition(" ")[0]) == (1, "job.yaml:7:46:")


def test_the_oldest_pytest_and_hypothesis_load_the_plugins(oldest_environment, tmp_path):
    assert "2 passed" in run_tests(oldest_environment, tmp_path)
