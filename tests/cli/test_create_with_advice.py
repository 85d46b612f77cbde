"""The question of `hptsdk create` about a request with advice."""

import command_line
import pytest
from command_line import PLAIN, request, run

import hptsdk
import hptsdk.cli
from hptsdk.testing import FaultyServer

QUESTION = "Create the tuning job? [y/N] "
SPOT = {"EnableManagedSpotTraining": True}
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture(scope="module")
def server():
    with FaultyServer() as server:
        yield server


@pytest.fixture
def terminal(monkeypatch):
    """Replace the standard streams of the command by those of a terminal."""
    monkeypatch.setattr(command_line.Stream, "isatty", lambda _: True)


@pytest.fixture
def with_advice(tmp_path):
    """Write a request to a file, by default one with advice about spot training without checkpoints."""

    def write(name, *, spot=True):
        body = hptsdk.to_wire(request(name))
        if spot:
            body["TrainingJobDefinition"] |= SPOT
            body["TrainingJobDefinition"]["StoppingCondition"]["MaxWaitTimeInSeconds"] = 3600
        path = tmp_path / "job.json"
        path.write_text(hptsdk.dumps(hptsdk.from_wire(hptsdk.shapes.CreateHyperParameterTuningJobRequest, body)))
        return path

    return write


@pytest.fixture
def create(server, with_advice):
    """Run `create` for such a request."""

    def create(name, *options, text=None, spot=True):
        service = ("--endpoint-url", server.url, "--region", "us-east-1")
        return run("create", with_advice(name, spot=spot), *service, *options, text=text, env=PLAIN | KEYS)

    return create


@pytest.fixture
def names(server):
    """Return the names of the existing tuning jobs."""
    return lambda: set(server.service.jobs)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("answer", ["y", "Y", "yes", " YES "])
def test_the_job_is_created_after_yes(create, names, answer):
    name = f"yes-{len(names())}"
    done = create(name, text=f"{answer}\n")
    assert (done.returncode, name in names()) == (0, True)
    assert done.stderr.count("spot-with-checkpoints") == 1
    assert done.stderr.endswith(QUESTION)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("answer", ["n\n", "no\n", "\n", "", "yesterday\n"])
def test_nothing_is_created_after_any_other_answer(create, names, answer):
    done = create("refused", text=answer)
    assert (done.returncode, done.stdout, "refused" in names()) == (1, "", False)
    assert done.stderr.endswith(f"{QUESTION}no tuning job was created\n")


@pytest.mark.usefixtures("terminal")
def test_the_option_yes_skips_the_question(create, names):
    done = create("skipped", "--yes")
    assert (done.returncode, "skipped" in names()) == (0, True)
    assert "spot-with-checkpoints" in done.stderr
    assert QUESTION not in done.stderr


@pytest.mark.usefixtures("terminal")
def test_there_is_no_question_without_advice(create, names):
    done = create("plain", spot=False)
    assert (done.returncode, "plain" in names()) == (0, True)
    assert QUESTION not in done.stderr


@pytest.mark.usefixtures("terminal")
def test_a_dry_run_has_advice_and_no_question(create, names):
    done = create("dry", "--dry-run")
    assert (done.returncode, "dry" in names()) == (0, False)
    assert "spot-with-checkpoints" in done.stderr
    assert QUESTION not in done.stderr


def test_there_is_no_question_without_a_terminal(create, names):
    done = create("piped")
    assert (done.returncode, "piped" in names()) == (0, True)
    assert done.stderr.count("spot-with-checkpoints") == 1
    assert QUESTION not in done.stderr


@pytest.mark.parametrize("stream", ["stdin", "stderr"])
def test_there_is_no_question_without_a_standard_stream(service, with_advice, monkeypatch, stream):
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{name}", None if name == stream else command_line.Stream("n\n", is_terminal=True))
    assert hptsdk.cli.main(["create", str(with_advice("windowed"))]) == 0
    assert set(service.jobs) == {"windowed"}


@pytest.mark.usefixtures("terminal")
def test_ctrl_c_at_the_question_exits_with_130(create, names, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line.Stream, "readline", interrupt)
    assert create("interrupted").returncode == 130
    assert "interrupted" not in names()
