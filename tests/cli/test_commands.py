"""The commands with valid and invalid input, against a local service."""

import json
import os
import pty
import re
import select
import signal
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from command_line import HPTSDK, IMAGE, PLAIN, request, run

import hptsdk
from hptsdk.local import LocalService, Program

# --- create and what follows ---


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    root = tmp_path_factory.mktemp("local") / "root"
    slow = "case $TRAINING_JOB_NAME in slow*) sleep 60;; *) sleep 0.1;; esac; "
    fails = "case $TRAINING_JOB_NAME in fails*) exit 1;; esac; "
    program = Program(command=["/bin/sh", "-c", slow + fails + "echo loss=$SM_HP_RATE"], arguments="none")
    with LocalService(root, images={IMAGE: program}, stop_grace=1.0) as service:
        yield service


def here(service):
    return ("--local", service.root)


def test_a_dry_run_prints_the_request_and_its_largest_cost(good):
    done = run("create", good, "--dry-run")
    assert json.loads(done.stdout) == json.loads(good.read_text())
    assert done.stderr == "worst case: 6.0 instance-hours (3 training jobs x 1 h x 2 instances)\n"


def test_an_invalid_request_is_not_created(bad, service):
    done = run("create", bad, *here(service))
    assert (done.returncode, done.stdout) == (1, "")
    assert ":2:1: HyperParameterTuningJobName" in done.stderr


def test_a_job_from_its_creation_to_its_deletion(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("whole")))
    created = run("create", path, *here(service))
    assert created.stdout.strip().endswith(":hyper-parameter-tuning-job/whole")
    watched = run("watch", "whole", "--poll", "0.05", *here(service))
    assert watched.returncode == 0
    assert watched.stdout.splitlines()[-1].startswith("whole: Completed, 3 of 3 done, 0 running, best loss ")
    assert "\x1b" not in watched.stdout
    assert "Completed" in run("describe", "whole", *here(service)).stdout
    assert json.loads(run("describe", "whole", "--output", "json", *here(service)).stdout)["BestTrainingJob"]
    assert "whole" in run("list", "--name-contains", "who", *here(service)).stdout
    rows = json.loads(run("jobs", "whole", "--sort", "objective", "--output", "json", *here(service)).stdout)
    values = [row["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for row in rows]
    assert values == sorted(values)
    assert run("jobs", "whole", *here(service)).stdout.count("Completed") == 3
    page = tmp_path / "whole.html"
    assert run("report", "whole", "--file", page, *here(service)).stdout == f"{page}\n"
    assert "<h1>whole</h1>" in page.read_text()
    assert run("delete", "whole", *here(service)).returncode == 0
    gone = run("describe", "whole", *here(service))
    assert (gone.returncode, "can't find a tuning job called whole" in gone.stderr) == (1, True)


def test_a_list_by_objective_begins_with_the_largest_when_maximizing(service):
    service.client().create(request("largest", minimize=False)).wait(poll=0.05)
    rows = json.loads(run("jobs", "largest", "--sort", "objective", "--output", "json", *here(service)).stdout)
    values = [row["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for row in rows]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("command", ["describe", "jobs", "watch", "report", "stop", "delete"])
def test_a_command_for_a_missing_job_fails_with_a_message(service, command, tmp_path):
    done = run(command, "absent", *here(service), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "can't find a tuning job called absent" in done.stderr
    assert "Traceback" not in done.stderr


def test_watch_fails_if_the_tuning_job_fails(service):
    service.client().create(request("fails"))
    done = run("watch", "fails", "--poll", "0.05", *here(service))
    assert (done.returncode, "All training jobs failed" in done.stdout) == (1, True)


def test_an_existing_job_is_returned_with_if_exists_return(service, good):
    first = run("create", good, *here(service))
    assert run("create", good, *here(service)).returncode == 1
    again = run("create", good, "--if-exists", "return", *here(service))
    assert again.stdout == first.stdout


def test_the_message_for_an_image_without_a_program_has_the_command_that_adds_one(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("unknown")).replace(IMAGE, "other:1"))
    done = run("create", path, *here(service))
    assert (done.returncode, "no program for other:1" in done.stderr) == (1, True)
    assert "--image other:1=COMMAND" in done.stderr


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ([], "use --region NAME, or run: aws configure; for a local service use --local ROOT"),
        (["--region", "us-east-1"], "AWS_PROFILE or --profile NAME, or run: aws configure"),
    ],
    ids=["region", "credentials"],
)
def test_messages_about_configuration_name_options_of_the_command(tmp_path, monkeypatch, options, text):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    done = run("list", *options)
    assert done.returncode == 1
    assert (text in done.stderr, "Python" in done.stderr, "(...)" in done.stderr, "=..." in done.stderr) == (
        True,
        False,
        False,
        False,
    )


def test_the_message_for_a_port_in_use_has_a_hint(service, tmp_path):
    port = service.endpoint_url.rpartition(":")[2]
    done = run("local", "serve", "--root", tmp_path / "other", "--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    # log lines may precede it
    assert done.stderr.endswith(
        f"hptsdk: port {port} of 127.0.0.1 is in use; use another port, or omit it to use any free port\n"
    )


def test_sorting_by_objective_includes_training_jobs_without_one(service):
    with pytest.raises(hptsdk.errors.TuningJobFailed):
        service.client().create(request("fails-too")).wait(poll=0.05)
    done = run("jobs", "fails-too", "--sort", "objective", "--output", "json", *here(service))
    assert {row["TrainingJobStatus"] for row in json.loads(done.stdout)} == {"Failed"}


def test_the_endpoint_url_and_keys_of_a_local_service_work_too(service, tmp_path):
    environment = PLAIN | {
        "AWS_SHARED_CREDENTIALS_FILE": str(service.root / "credentials"),
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
    }
    options = ("--endpoint-url", service.endpoint_url, "--region", "us-east-1", "--profile", "default")
    done = run("list", *options, env=environment)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_message_for_a_root_without_a_running_service_has_the_command_that_starts_it(tmp_path):
    LocalService(tmp_path).close()
    done = run("stop", "demo", "--local", tmp_path)
    assert done.returncode == 1
    assert f"hptsdk local serve --root {tmp_path}" in done.stderr


def terminal(command, *, until=None, send=None, seconds=30):
    """Run a command in a pseudo-terminal, and return its output and its exit code."""
    pid, end = pty.fork()
    if pid == 0:
        os.execve(command[0], command, PLAIN | {"TERM": "xterm-256color", "COLUMNS": "120"})  # noqa: S606 - likewise
    shown, stop, sent = b"", time.monotonic() + seconds, False
    while time.monotonic() < stop:
        ready, _, _ = select.select([end], [], [], 0.1)
        if ready:
            try:
                piece = os.read(end, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        if send and not sent and until in shown:
            os.kill(pid, send)
            sent = True
    _, status = os.waitpid(pid, 0)
    os.close(end)
    return shown.decode(errors="replace"), os.waitstatus_to_exitcode(status)


@pytest.mark.long
def test_a_terminal_shows_colours_and_a_live_table(service):
    service.client().create(request("live"))
    shown, code = terminal([*HPTSDK, "watch", "live", "--poll", "0.05", "--local", str(service.root)])
    assert code == 0
    assert "\x1b[32mCompleted" in shown
    assert "training job" in shown


@pytest.mark.long
def test_ctrl_c_ends_watch_but_not_the_tuning_job(service):
    service.client().create(request("slow"))
    shown, code = terminal(
        [*HPTSDK, "watch", "slow", "--poll", "0.05", "--local", str(service.root)], until=b"running", send=signal.SIGINT
    )
    assert (code, "slow continues" in shown) == (130, True)
    assert service.client().get("slow").describe().hyper_parameter_tuning_job_status == "InProgress"
    assert run("stop", "slow", *here(service)).stderr == "slow is stopping\n"


def test_an_interrupted_local_service_exits_with_0(tmp_path, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda number, handler: handler(number, None))
    done = run("local", "serve", "--root", tmp_path / "root")
    assert (done.returncode, done.stdout.splitlines()[0][:28]) == (0, "listening on http://127.0.0.")


# --- the rest ---


@pytest.mark.parametrize(
    "arguments", [("nope",), ("validate",), ("create",), ("convert",), ("jobs", "x", "--sort", "y")]
)
def test_wrong_usage_exits_with_2(arguments):
    assert run(*arguments).returncode == 2


def test_every_command_has_help_with_an_example():
    names = re.findall(r"^│ ([a-z]+) ", run("--help").stdout.partition("Commands")[2], re.MULTILINE)
    assert {"validate", "create", "convert"} < set(names)
    for name in set(names) - {"local"}:
        assert f" Example: hptsdk {name}" in run(name, "--help").stdout


def test_the_schema_is_valid_and_accepts_only_valid_requests(good):
    schema = json.loads(run("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    document = json.loads(good.read_text())
    assert validator.is_valid(document)
    assert not validator.is_valid(document | {"HyperParameterTuningJobName": "my_job"})


def test_converted_code_builds_the_request_again(good, tmp_path):
    code = tmp_path / "job.py"
    code.write_text(run("convert", good, "--to", "python", "--exact").stdout)
    assert json.loads(run("convert", code, "--to", "json").stdout) == json.loads(good.read_text())


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--exact", "--exact is an option of --to python"),
        ("--jsonata", "--jsonata and --policy are options of --to stepfunctions"),
        ("--policy", "--jsonata and --policy are options of --to stepfunctions"),
    ],
)
def test_an_option_of_one_target_is_rejected_for_the_others(good, option, message):
    done = run("convert", good, "--to", "yaml", option)
    assert (done.returncode, message in done.stderr) == (2, True)


def test_convert_writes_a_state_with_jsonata(good):
    state = json.loads(run("convert", good, "--to", "stepfunctions", "--jsonata").stdout)
    assert (state["QueryLanguage"], "Arguments" in state) == ("JSONata", True)


def test_convert_writes_the_policy_of_a_state(good):
    policy = json.loads(run("convert", good, "--to", "stepfunctions", "--policy").stdout)
    assert policy["Statement"][0]["Action"][0] == "sagemaker:CreateHyperParameterTuningJob"


def test_only_templates_with_the_syntax_of_a_format_are_converted(good):
    done = run("convert", good, "--template", "env")
    assert (done.returncode, "expected one of airflow, stepfunctions," in done.stderr) == (2, True)


def test_a_template_has_no_policy(good):
    done = run("convert", good, "--template", "stepfunctions", "--to", "stepfunctions", "--policy")
    assert (done.returncode, "--policy cannot be combined with --template" in done.stderr) == (2, True)


def test_an_existing_tuning_job_is_converted_to_a_file(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("there")))
    service.client().create(request("there"))
    done = run("convert", "--job", "there", "--to", "yaml", *here(service))
    copy = tmp_path / "copy.yaml"
    copy.write_text(done.stdout)
    assert json.loads(run("convert", copy, "--to", "json").stdout) == json.loads(path.read_text())


@pytest.mark.parametrize(("source", "reason"), [("x = 1", "got none"), ("raise ValueError('no')", "no")])
def test_a_python_file_without_a_request_is_an_error(tmp_path, source, reason):
    path = tmp_path / "job.py"
    path.write_text(source)
    done = run("convert", path, "--to", "json")
    assert (done.returncode, reason in done.stderr) == (1, True)


@pytest.mark.parametrize("target", ["terraform", "ack"])
def test_other_formats_have_the_name_of_the_job(good, target):
    done = run("convert", good, "--to", target)
    assert done.returncode == 0
    assert "demo" in done.stdout


@pytest.mark.long
def test_the_demo_prints_existing_files():
    done = run("demo")
    assert done.returncode == 0
    paths = dict(line.rsplit(": ", 1) for line in done.stdout.splitlines() if line.startswith(("Its model", "Report")))
    assert [Path(path).is_file() for path in paths.values()] == [True, True]


def test_without_its_extra_the_command_prints_what_to_install(monkeypatch, capsys):
    from hptsdk.cli import main

    for name in [name for name in sys.modules if name.startswith("hptsdk.cli._main")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "typer", None)
    assert main(["list"]) == 1
    assert 'pip install "hptsdk[cli]"' in capsys.readouterr().err


def test_the_pre_commit_hook_runs_the_command():
    hook = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text()
    assert "entry: hptsdk validate" in hook
