"""Kill the local service repeatedly while containers run.

Check that no training job is lost or runs twice at the same time, and that no container is left.

The session `containers` runs these checks, which print their counts.
"""

import json
import os
import tarfile
import textwrap
from pathlib import Path

import pytest
from crashing import NOBODY, CrashRun, check_results, other_user
from running import BUCKET, IMAGE, job, training, until

KILLS, MANY_KILLS = 3, 50
SYSTEM = "fs-0123456789abcdef0"

# Records each start in a journal, and continues from its checkpoint. A lock detects a second container of the same
# training job.
PROGRAM = """
    import fcntl, json, os, sys, time
    shared = "/opt/ml/input/data/shared/"
    name = os.environ["TRAINING_JOB_NAME"]
    rate = json.load(open("/opt/ml/input/config/hyperparameters.json"))["rate"]

    def note(what):
        with open(shared + "journal", "a") as file:
            file.write(json.dumps([what, name, rate, os.getpid()]) + "\\n")

    lock = open(shared + "locks/" + name, "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        note("twice at once")
        sys.exit(1)
    checkpoint = "/opt/ml/checkpoints/step"
    begin = int(open(checkpoint).read()) if os.path.exists(checkpoint) else 0
    note("start at %d" % begin)
    for step in range(begin, 5):
        time.sleep(0.05)
        with open(checkpoint + ".part", "w") as file:
            file.write(str(step + 1))
        os.rename(checkpoint + ".part", checkpoint)
        print("loss=%s;" % rate, flush=True)
    note("end")
"""


class ContainerCrashRun(CrashRun):
    """A crash run of containers."""

    def __init__(self, folder, engine, max_jobs, program=PROGRAM):
        super().__init__(folder, 7, max_jobs=max_jobs)
        self.engine = engine
        self.user = []
        code = folder / "bucket" / "code"
        code.mkdir(parents=True)
        (code / "train.py").write_text(textwrap.dedent(program))

    @property
    def options(self):
        container = json.dumps({"image": "local/python:1", "engine": self.engine.name, "pull": "never"})
        folders = ["--bucket", f"{BUCKET}={self.folder / 'bucket'}", "--file-system", f"{SYSTEM}={self.folder}"]
        return ["--container", f"{IMAGE}={container}", *folders]

    def request(self, name="demo"):
        definition = (
            training()
            .checkpoints("s3://own-bucket/checkpoints")
            .channel("code", f"s3://{BUCKET}/code/")
            .vpc(subnets=["subnet-1"], security_group_ids=["sg-1"])
            .file_system("shared", SYSTEM, directory="/", file_system_type="EFS", access_mode="rw")
        )
        return job(name, definition, max_jobs=self.max_jobs).build()


@pytest.fixture(autouse=True)
def _no_service_is_left():
    yield
    while CrashRun.started:
        CrashRun.started.pop().kill()


@pytest.mark.parametrize(
    "kills", [KILLS, pytest.param(MANY_KILLS, marks=pytest.mark.long)], ids=lambda number: f"{number}-kills"
)
def test_nothing_is_lost_doubled_or_left_after_crashes(engine, tmp_path, kills):
    crash_run = ContainerCrashRun(tmp_path, engine, max_jobs=kills)
    service, handle = crash_run.run_with_kills(kills)
    check_results(crash_run, handle)
    service.process.terminate()
    service.process.wait()
    starts = [entry for entry in crash_run.entries() if entry[0].startswith("start")]
    resumed = [entry for entry in starts if entry[0] != "start at 0"]
    print(
        f"{engine.name}: {crash_run.kills} kills, {len(starts)} starts of {kills} training jobs, {len(resumed)} resumed"
    )
    assert engine.left() == []


def test_a_container_of_a_service_that_was_killed_runs_again(engine, tmp_path):
    # the first start, which is the only one in the journal, does not end by itself
    program = PROGRAM.replace("time.sleep(0.05)", "time.sleep(600 * (len(list(open(shared + 'journal'))) == 1))")
    crash_run = ContainerCrashRun(tmp_path, engine, max_jobs=1, program=program)
    service = crash_run.start()
    crash_run.client(service).create(crash_run.request())
    until(crash_run.entries)
    service.kill()
    running = engine.run("ps", "-q", "--filter=label=hptsdk.root").split()
    service = crash_run.start()
    assert len(running) == 1
    assert running[0] not in engine.run("ps", "-aq", "--filter=label=hptsdk.root").split()
    crash_run.client(service).get("demo").wait(poll=0.1)
    assert [entry[0].partition(" ")[0] for entry in crash_run.entries()] == ["start", "start", "end"]


def test_files_of_root_are_uploaded_and_removed_by_a_service_of_another_user(engine, tmp_path):
    if engine.name == "podman":
        pytest.skip("without root, Podman needs a range of user IDs")
    program = """
        import os
        os.umask(0o077)
        os.makedirs("/opt/ml/model/private/deep")
        open("/opt/ml/model/private/deep/weights", "w").write("1")
        print("loss=1;")
    """
    crash_run = ContainerCrashRun(tmp_path, engine, max_jobs=1, program=program)
    crash_run.user = other_user()
    if not crash_run.user:
        pytest.skip("only root can start a service of another user")
    os.chown(tmp_path / "bucket", NOBODY, NOBODY)
    Path(os.environ["DOCKER_HOST"].removeprefix("unix://")).chmod(0o666)
    service = crash_run.start()
    handle = crash_run.client(service).create(crash_run.request())
    handle.wait(poll=0.1)
    (name,) = [summary.training_job_name for summary in handle.training_jobs()]
    with tarfile.open(tmp_path / "bucket" / "out" / name / "output" / "model.tar.gz") as archive:
        assert archive.extractfile("private/deep/weights").read() == b"1"
    left = {path.name for path in (crash_run.root / "training-jobs" / name).iterdir()}
    assert left == {"log.times", "log.txt"}
