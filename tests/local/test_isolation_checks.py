"""Programs on a machine on which isolation does not work: those that need it are refused, and others run."""

import attrs
import pytest
from running import job, only, run, shell, training

from hptsdk import errors
from hptsdk.local import Program
from hptsdk.local.process import _isolation
from hptsdk.shapes import ContinuousParameterRange, ParameterRanges

ONE = {"max_jobs": 1, "parallel": 1}

NO_NAMESPACES = "No permissions to create a new namespace"


@pytest.fixture(autouse=True)
def no_isolation(monkeypatch):
    """Let every launcher fail."""
    monkeypatch.setattr(_isolation.sys, "platform", "linux")
    monkeypatch.setattr(_isolation, "_problem", lambda *_, **__: NO_NAMESPACES)


def refusal(service, definition=None, builder=None):
    """Return the message with which a request is refused."""
    with pytest.raises(errors.ValidationRefusedError) as caught:
        service.client().create((builder or job(definition=definition, **ONE)).build())
    return str(caught.value)


def auto(source):
    """Return a shell script that is isolated if isolation works."""
    return shell(source, isolation="auto")


def test_a_command_that_names_opt_ml_is_refused(open_service):
    message = refusal(open_service(auto("echo x > /opt/ml/model/w")))
    assert "the command of the program of my-image:1 names /opt/ml" in message
    assert NO_NAMESPACES in message
    assert 'pass isolation="none" to Program or script (in a shell, "isolation": "none" in the JSON' in message


def test_a_file_that_names_opt_ml_is_refused(open_service, script):
    message = refusal(open_service(Program(command=script("open('/opt/ml/model/w', 'w')"))))
    assert "train.py of the program of my-image:1 names /opt/ml" in message


def test_a_file_that_names_opt_ml_as_a_default_runs(open_service, script):
    program = Program(command=script("import os; os.environ.get('SM_MODEL_DIR', '/opt/ml/model'); print('loss=1')"))
    assert run(open_service(program), job(**ONE).build()).best is not None


@pytest.mark.parametrize(
    ("definition", "place"),
    [
        (training().environment(TARGET="/opt/ml/model/secret"), "the environment variable TARGET"),
        (training().static(target="/opt/ml/model/secret"), "the static hyperparameter target"),
    ],
    ids=["environment", "static hyperparameter"],
)
def test_a_request_that_names_opt_ml_is_refused_without_its_values(open_service, definition, place):
    message = refusal(open_service(auto("echo loss=1")), definition)
    assert f"{place} of the program of my-image:1 names /opt/ml" in message
    assert "secret" not in message


def test_a_range_that_names_opt_ml_is_refused(open_service):
    builder = job(**ONE).categorical("target", ["/opt/ml/model", "/opt/ml/output"])
    assert "the hyperparameter target of" in refusal(open_service(auto("echo loss=1")), builder=builder)


def test_a_range_of_the_job_that_names_opt_ml_is_refused_if_the_definition_has_other_ranges(open_service):
    rate = ContinuousParameterRange(name="rate", min_value="0.1", max_value="1")
    own = ParameterRanges(continuous_parameter_ranges=[rate])
    definition = attrs.evolve(job().build().training_job_definition, hyper_parameter_ranges=own)
    builder = job(definition=definition, **ONE).categorical("target", ["/opt/ml/model", "/opt/ml/output"])
    assert "the hyperparameter target of" in refusal(open_service(auto("echo loss=1")), builder=builder)


def test_a_program_that_does_not_name_opt_ml_runs(open_service):
    assert run(open_service(auto("echo x > $SM_MODEL_DIR/w; echo loss=1")), job(**ONE).build()).best is not None


def test_a_program_that_needs_no_isolation_by_its_own_word_runs(open_service):
    assert run(open_service(shell("echo loss=1 # /opt/ml")), job(**ONE).build()).best is not None


@pytest.mark.parametrize("options", [{"isolation": "namespace"}, {"isolation": "auto", "confine": True}])
def test_a_program_that_requires_isolation_is_refused(open_service, options):
    message = refusal(open_service(shell("echo loss=1", **options)))
    assert "the program of my-image:1 requires isolation, and isolation does not work on this machine" in message


def test_the_remedy_is_the_installation_of_bubblewrap(open_service, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert "install bubblewrap, as in `apt install bubblewrap`" in refusal(open_service(auto("ls /opt/ml")))


def test_the_remedy_without_a_folder_opt_is_the_folder(open_service, monkeypatch, tmp_path):
    monkeypatch.setattr(_isolation, "_OPT", tmp_path / "opt")
    message = refusal(open_service(auto("ls /opt/ml")))
    assert f"; run the service on Linux with a folder {tmp_path}/opt, or pass" in message


def test_the_remedy_elsewhere_is_linux(open_service, monkeypatch):
    monkeypatch.setattr(_isolation.sys, "platform", "darwin")
    assert "run the service on Linux" in refusal(open_service(auto("ls /opt/ml")))


def test_the_failure_of_a_program_that_mentions_opt_ml_names_the_remedy(open_service):
    handle = open_service(auto('a=ml; echo "no folder /opt/$a"; exit 1')).client().create(job(**ONE).build())
    with pytest.raises(errors.TuningJobFailed):
        handle.wait(poll=0.05)
    reason = only(handle).failure_reason
    assert reason.startswith("AlgorithmError: no folder /opt/ml, exit code: 1; to run the program with its own /opt/ml")


def test_network_isolation_that_does_not_work_is_refused(open_service, monkeypatch):
    monkeypatch.setattr(_isolation, "_problem", lambda *_, has_network: "" if has_network else NO_NAMESPACES)
    message = refusal(open_service(auto("echo loss=1")), training().network_isolation())
    assert message.count("EnableNetworkIsolation is true") == 1


def test_confine_requires_isolation():
    with pytest.raises(ValueError, match="confine: expected isolation"):
        Program(command=["true"], isolation="none", confine=True)


def test_an_unknown_isolation_is_refused():
    with pytest.raises(ValueError, match='isolation: expected "auto", "namespace" or "none", got'):
        Program(command=["true"], isolation="docker")
