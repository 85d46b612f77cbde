"""The commands as real processes, on good and on bad input, against a local service."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from commanding import HPTSDK, PLAIN, hptsdk_

import hptsdk
from hptsdk.local import LocalService, Program

IMAGE = "my-image:1"


def request(name="demo", *, max_jobs=3, minimize=True):
    definition = hptsdk.training(
        image=IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.large",
        instance_count=2,
        volume_size_in_gb=30,
        max_runtime_in_seconds=3600,
    ).metric("loss", r"loss=([-+0-9.eE]+)")
    goal = {"minimize": "loss"} if minimize else {"maximize": "loss"}
    return (
        hptsdk.tuning_job(name, definition, **goal, max_jobs=max_jobs, max_parallel_jobs=2)
        .continuous("rate", 0.1, 1.0)
        .random(random_seed=7)
        .build()
    )


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.json"
    path.write_text(hptsdk.dumps(request()))
    return path


@pytest.fixture
def bad(tmp_path):
    """A request in YAML with three mistakes."""
    path = tmp_path / "bad.yaml"
    path.write_text(
        "# a comment\n"
        "HyperParameterTuningJobName: my_job\n"
        "HyperParameterTuningJobConfig:\n"
        "  Strategy: Random\n"
        "  HyperParameterTuningJobObjective: {Type: Minimize, MetricName: loss}\n"
        "  ResourceLimits: {MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 2}\n"
        "  ParameterRanges:\n"
        "    ContinuousParameterRanges:\n"
        "      - Name: rate\n"
        "        MinValue: 0.1\n"
        '        MaxValue: "1"\n'
        "TrainingJobDefinition:\n"
        "  Envirnment: {}\n"
        "  AlgorithmSpecification:\n"
        '    TrainingImage: "my-image:1"\n'
        "    TrainingInputMode: File\n"
        "    MetricDefinitions: [{Name: loss, Regex: 'loss=([-+0-9.eE]+)'}]\n"
        "  RoleArn: arn:aws:iam::123456789012:role/SageMakerRole\n"
        "  OutputDataConfig: {S3OutputPath: 's3://amzn-s3-demo-bucket/out'}\n"
        "  ResourceConfig: {InstanceType: ml.m5.large, InstanceCount: 1, VolumeSizeInGB: 10}\n"
        "  StoppingCondition: {MaxRuntimeInSeconds: 3600}\n"
    )
    return path


# --- validate ---


def test_a_good_file_says_nothing(good):
    done = hptsdk_("validate", good)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_each_mistake_has_its_place(bad):
    done = hptsdk_("validate", bad)
    assert done.returncode == 1
    places = [line.removeprefix(str(bad)).split(" ")[:2] for line in done.stderr.splitlines()]
    assert places == [
        [":2:1:", "HyperParameterTuningJobName:"],
        [":10:9:", "HyperParameterTuningJobConfig.ParameterRanges.ContinuousParameterRanges[0].MinValue:"],
        [":13:3:", "TrainingJobDefinition.Envirnment:"],
    ]
    assert "did you mean 'Environment'? [unknown-member]" in done.stderr


def test_json_has_its_places_too(tmp_path):
    document = hptsdk.to_wire(request())
    document["TrainingJobDefinition"]["RoleArn"] = "nobody"
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document, indent="\t"))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "RoleArn" in text)
    assert f"bad.json:{line}:3: TrainingJobDefinition.RoleArn: " in hptsdk_("validate", path).stderr


def test_what_is_missing_is_placed_at_what_lacks_it(tmp_path):
    document = hptsdk.to_wire(request())
    del document["TrainingJobDefinition"]["RoleArn"]
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document, indent=1))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if '"TrainingJobDefinition"' in text)
    assert f"bad.json:{line}:2: " in hptsdk_("validate", path).stderr


def test_a_file_may_begin_with_a_mark_of_its_encoding(good, tmp_path):
    marked = tmp_path / "marked.json"
    marked.write_bytes(b"\xef\xbb\xbf" + good.read_bytes())
    done = hptsdk_("validate", marked)
    assert (done.returncode, done.stderr) == (0, "")


def test_standard_input_is_a_file_too(bad, good):
    assert hptsdk_("validate", "-", text=good.read_text()).returncode == 0
    assert hptsdk_("validate", "-", text=bad.read_text()).stderr.startswith("-:2:1: ")


def test_several_files_are_all_looked_at(good, bad):
    done = hptsdk_("validate", bad, good, bad)
    assert len(done.stderr.splitlines()) == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", ":1:2: it is no JSON: "),
        ('{"a": 1, "a": 2}', "expected each name once"),
        ("a: [1\n", "it is no YAML"),
        ("- 1\n", "expected the members of a request, got list"),
        ("", "got nothing"),
    ],
)
def test_what_is_no_document_is_told_with_its_place(tmp_path, text, said):
    path = tmp_path / ("x.json" if text.startswith("{") else "x.yaml")
    path.write_text(text)
    done = hptsdk_("validate", path)
    assert done.returncode == 1
    assert said in done.stderr


def test_an_absent_file_is_told(tmp_path):
    done = hptsdk_("validate", tmp_path / "absent.json")
    assert (done.returncode, "No such file or directory" in done.stderr) == (1, True)


def test_advice_is_told_but_fails_only_where_strict(tmp_path):
    text = hptsdk.dumps(request()).replace("[-+0-9.eE]+", "[0-9.]+")
    assert "advice: " in hptsdk_("validate", "-", text=text).stderr
    codes = [
        hptsdk_("validate", "-", *option, text=text).returncode for option in ((), ("--strict",), ("--no-advice",))
    ]
    assert codes == [0, 1, 0]


def test_findings_as_json(bad):
    done = hptsdk_("validate", bad, "--output", "json")
    found = json.loads(done.stdout)
    assert [(f["line"], f["rule"], f["level"]) for f in found] == [
        (2, "pattern", "error"),
        (10, "type", "error"),
        (13, "unknown-member", "error"),
    ]


def test_findings_as_sarif(bad):
    run = json.loads(hptsdk_("validate", bad, "--output", "sarif").stdout)["runs"][0]
    assert {result["ruleId"] for result in run["results"]} == {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    regions = [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in run["results"]]
    assert regions == [2, 10, 13]


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


def test_a_dry_run_shows_what_would_be_sent_and_what_it_may_cost(good):
    done = hptsdk_("create", good, "--dry-run")
    assert json.loads(done.stdout) == json.loads(good.read_text())
    assert done.stderr == "worst case: 6.0 instance-hours (3 training jobs x 1 h x 2 instances)\n"


def test_a_bad_file_is_not_created(bad, service):
    done = hptsdk_("create", bad, *here(service))
    assert (done.returncode, done.stdout) == (1, "")
    assert ":2:1: HyperParameterTuningJobName" in done.stderr


def test_a_job_from_its_creation_to_its_deletion(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("whole")))
    created = hptsdk_("create", path, *here(service))
    assert created.stdout.strip().endswith(":hyper-parameter-tuning-job/whole")
    watched = hptsdk_("watch", "whole", "--poll", "0.05", *here(service))
    assert watched.returncode == 0
    assert watched.stdout.splitlines()[-1].startswith("whole: Completed, 3 of 3 done, 0 running, best loss ")
    assert "\x1b" not in watched.stdout
    assert "Completed" in hptsdk_("describe", "whole", *here(service)).stdout
    assert json.loads(hptsdk_("describe", "whole", "--output", "json", *here(service)).stdout)["BestTrainingJob"]
    assert "whole" in hptsdk_("list", "--name-contains", "who", *here(service)).stdout
    rows = json.loads(hptsdk_("jobs", "whole", "--sort", "objective", "--output", "json", *here(service)).stdout)
    values = [row["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for row in rows]
    assert values == sorted(values)
    assert hptsdk_("jobs", "whole", *here(service)).stdout.count("Completed") == 3
    page = tmp_path / "whole.html"
    assert hptsdk_("report", "whole", "--file", page, *here(service)).stdout == f"{page}\n"
    assert "<h1>whole</h1>" in page.read_text()
    assert hptsdk_("delete", "whole", *here(service)).returncode == 0
    gone = hptsdk_("describe", "whole", *here(service))
    assert (gone.returncode, "can't find a tuning job called whole" in gone.stderr) == (1, True)


def test_by_objective_the_best_come_first_when_maximizing(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("largest", minimize=False)))
    hptsdk_("create", path, *here(service))
    hptsdk_("watch", "largest", "--poll", "0.05", *here(service))
    rows = json.loads(hptsdk_("jobs", "largest", "--sort", "objective", "--output", "json", *here(service)).stdout)
    values = [row["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for row in rows]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("command", ["describe", "jobs", "watch", "report", "stop", "delete"])
def test_what_is_asked_of_an_absent_job_fails_in_words(service, command, tmp_path):
    done = hptsdk_(command, "absent", *here(service), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "can't find a tuning job called absent" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failed_job_fails_the_watch(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("fails")))
    hptsdk_("create", path, *here(service))
    done = hptsdk_("watch", "fails", "--poll", "0.05", *here(service))
    assert (done.returncode, "All training jobs failed" in done.stdout) == (1, True)


def test_an_existing_job_is_returned_where_asked(service, good):
    first = hptsdk_("create", good, *here(service))
    assert hptsdk_("create", good, *here(service)).returncode == 1
    again = hptsdk_("create", good, "--if-exists", "return", *here(service))
    assert again.stdout == first.stdout


def test_an_image_without_a_program_is_told_how_to_give_it_one(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("unknown")).replace(IMAGE, "other:1"))
    done = hptsdk_("create", path, *here(service))
    assert (done.returncode, "no program for other:1" in done.stderr) == (1, True)
    assert "hptsdk local serve --image IMAGE=COMMAND" in done.stderr


def test_without_a_region_the_options_are_named_that_give_one(tmp_path):
    environment = {name: value for name, value in PLAIN.items() if not name.startswith("AWS_")}
    done = hptsdk_("list", env=environment | {"AWS_CONFIG_FILE": str(tmp_path / "none")})
    assert done.returncode == 1
    assert "Give one with --region, or the root of a local service that runs with --local." in done.stderr


def test_a_port_in_use_is_told_with_what_to_do(service, tmp_path):
    port = service.endpoint_url.rpartition(":")[2]
    done = hptsdk_("local", "serve", "--root", tmp_path / "other", "--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"hptsdk: port {port} of 127.0.0.1 is in use by another program; "
        "name another with --port, or leave it out for any free one\n"
    )


def test_sorted_by_objective_training_jobs_without_one_are_listed_too(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("fails-too")))
    hptsdk_("create", path, *here(service))
    hptsdk_("watch", "fails-too", "--poll", "0.05", *here(service))
    done = hptsdk_("jobs", "fails-too", "--sort", "objective", "--output", "json", *here(service))
    assert {row["TrainingJobStatus"] for row in json.loads(done.stdout)} == {"Failed"}


def test_the_endpoint_and_keys_serve_as_well(service, tmp_path):
    environment = PLAIN | {
        "AWS_SHARED_CREDENTIALS_FILE": str(service.root / "credentials"),
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
    }
    command = [*HPTSDK, "list", "--endpoint-url", service.endpoint_url, "--region", "us-east-1", "--profile", "default"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - itself
    assert (done.returncode, done.stderr) == (0, "")


def test_a_root_without_a_service_is_told_how_to_have_one(tmp_path):
    done = hptsdk_("list", "--local", tmp_path)
    assert done.returncode == 1
    assert f"hptsdk local serve --root {tmp_path}" in done.stderr


def terminal(command, *, until=None, send=None, seconds=30):
    """Run a command in a pseudo-terminal, and give what it showed and its exit code."""
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


def test_a_terminal_shows_colours_and_a_live_table(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("live")))
    hptsdk_("create", path, *here(service))
    shown, code = terminal([*HPTSDK, "watch", "live", "--poll", "0.05", "--local", str(service.root)])
    assert code == 0
    assert "\x1b[32mCompleted" in shown
    assert "training job" in shown


def test_leaving_a_watch_does_not_touch_the_job(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("slow")))
    hptsdk_("create", path, *here(service))
    shown, code = terminal(
        [*HPTSDK, "watch", "slow", "--poll", "0.05", "--local", str(service.root)],
        until=b"running",
        send=signal.SIGINT,
    )
    assert (code, "slow goes on" in shown) == (1, True)
    assert service.client().get("slow").describe().hyper_parameter_tuning_job_status == "InProgress"
    assert hptsdk_("stop", "slow", *here(service)).stderr == "slow is stopping\n"


# --- the rest ---


@pytest.mark.parametrize(
    "arguments", [("nope",), ("validate",), ("create",), ("convert",), ("jobs", "x", "--sort", "y")]
)
def test_a_wrong_usage_exits_with_2(arguments):
    assert hptsdk_(*arguments).returncode == 2


def test_every_command_has_help_with_an_example():
    from typer.main import get_command  # noqa: PLC0415 - to walk the commands

    from hptsdk.cli._main import app  # noqa: PLC0415 - likewise

    for name, command in get_command(app).commands.items():
        if name != "local":
            assert command.epilog.startswith("Example: hptsdk "), name


def test_the_schema_is_one_and_knows_a_good_request_from_a_bad_one(good):
    schema = json.loads(hptsdk_("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    document = json.loads(good.read_text())
    assert validator.is_valid(document)
    assert not validator.is_valid(document | {"HyperParameterTuningJobName": "my_job"})


def test_a_request_becomes_code_that_makes_it_again(good, tmp_path):
    code = tmp_path / "job.py"
    code.write_text(hptsdk_("convert", good, "--to", "python").stdout)
    assert json.loads(hptsdk_("convert", code, "--to", "json").stdout) == json.loads(good.read_text())


def test_a_job_that_there_is_becomes_a_file(service, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("there")))
    hptsdk_("create", path, *here(service))
    done = hptsdk_("convert", "--job", "there", "--to", "yaml", *here(service))
    copy = tmp_path / "copy.yaml"
    copy.write_text(done.stdout)
    assert json.loads(hptsdk_("convert", copy, "--to", "json").stdout) == json.loads(path.read_text())


@pytest.mark.parametrize(("source", "said"), [("x = 1", "there is none"), ("raise ValueError('no')", "no")])
def test_python_without_a_request_is_told(tmp_path, source, said):
    path = tmp_path / "job.py"
    path.write_text(source)
    done = hptsdk_("convert", path, "--to", "json")
    assert (done.returncode, said in done.stderr) == (1, True)


@pytest.mark.parametrize("target", ["terraform", "ack"])
def test_other_tools_have_it_their_way(good, target):
    done = hptsdk_("convert", good, "--to", target)
    assert done.returncode == 0
    assert "demo" in done.stdout


def test_the_demo_tunes():
    done = hptsdk_("demo")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("best: {")


def test_without_its_extra_the_command_says_what_to_install(monkeypatch, capsys):
    from hptsdk.cli import main  # noqa: PLC0415

    for name in [name for name in sys.modules if name.startswith("hptsdk.cli._main")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "typer", None)
    assert main(["list"]) == 1
    assert 'pip install "hptsdk[cli]"' in capsys.readouterr().err


def test_the_pre_commit_hook_runs_the_command():
    hook = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text()
    assert "entry: hptsdk validate" in hook
