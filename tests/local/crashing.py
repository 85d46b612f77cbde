"""Kills a local service repeatedly while it runs tuning jobs, and checks the results."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from configparser import ConfigParser
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, NamedTuple

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.session import Session
from running import IMAGE, job, training

import hptsdk

# If root runs the tests, the service runs as this user, since no folder is read-only for root.
NOBODY = 65534

# Records each start in a journal, continues from its checkpoint, and leaves read-only folders. A lock detects a second
# process of the same training job.
PROGRAM = """
    import fcntl, json, os, sys, time
    journal, locks = sys.argv[1:3]
    name = os.environ["TRAINING_JOB_NAME"]

    def note(what):
        with open(journal, "a") as file:
            file.write(json.dumps([what, name, os.environ["SM_HP_RATE"], os.getpid()]) + "\\n")

    lock = open(os.path.join(locks, name), "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        note("twice at once")
        sys.exit(1)
    base = os.environ["SAGEMAKER_BASE_DIR"]
    open(os.path.join(base, "scratch"), "w").close()
    os.makedirs(os.path.join(base, "model", "fixed", "deep"))
    os.chmod(os.path.join(base, "model", "fixed"), 0o500)
    checkpoint = os.path.join(os.environ["SM_CHECKPOINT_DIR"], "step")
    begin = int(open(checkpoint).read()) if os.path.exists(checkpoint) else 0
    note("start at %d" % begin)
    for step in range(begin, 5):
        time.sleep(0.02)
        with open(checkpoint + ".part", "w") as file:
            file.write(str(step + 1))
        os.rename(checkpoint + ".part", checkpoint)
        print("loss=%s;" % os.environ["SM_HP_RATE"], flush=True)
    note("end")
"""


# Writes many checkpoints and a large model, whose contents can be verified.
LARGE_PROGRAM = (
    """
    import hashlib, os
    folder = os.environ["SM_CHECKPOINT_DIR"]
    for number in range(400):
        with open(os.path.join(folder, "%03d" % number), "w") as file:
            file.write("%03d" % number * 1000)
    weights = os.urandom(8 << 20)
    with open(os.path.join(os.environ["SM_MODEL_DIR"], "weights"), "wb") as file:
        file.write(weights)
    with open(os.path.join(os.environ["SM_MODEL_DIR"], "digest"), "w") as file:
        file.write(hashlib.sha256(weights).hexdigest())
"""
    + PROGRAM
)


def other_user() -> list[str]:
    """Return the start of a command that runs as another user with the read access of root; empty if not supported."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return []
    user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    command = ["setpriv", *user, *reading, "--"]
    works = subprocess.run([*command, sys.executable, "-c", ""], check=False).returncode == 0  # noqa: S603 - Python itself
    return command if works else []


class Service(NamedTuple):
    """A service as a process."""

    process: subprocess.Popen
    endpoint: str

    def kill(self):
        """Kill the service, as a crash does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


class CrashRun:
    """A root folder, whose service is killed repeatedly while it runs tuning jobs.

    Attributes:
        started: the services that were started; a test ends those that still run.
    """

    started: ClassVar[list[Service]] = []

    def __init__(self, folder: Path, seed: int, *, max_jobs, strategy=lambda builder: builder, program=PROGRAM):
        self.folder = folder
        self.random = random.Random(seed)  # noqa: S311 - a repeatable sequence
        self.max_jobs = max_jobs
        self.strategy = strategy
        self.kills = self.early_kills = 0
        self.root = folder / "root"
        self.journal = folder / "journal"
        self.journal.touch()
        (folder / "locks").mkdir()
        (folder / "train.py").write_text(textwrap.dedent(program))
        self.user = other_user()
        if self.user:
            for path in (folder, self.journal, folder / "locks"):
                os.chown(path, NOBODY, NOBODY)

    @property
    def options(self) -> list[str]:
        """The options of the service for its programs."""
        # by env, because os.access ignores the capability with which the other user runs this Python
        program = (
            f"/usr/bin/env {sys.executable} -I -S {self.folder / 'train.py'} {self.journal} {self.folder / 'locks'}"
        )
        return ["--image", f"{IMAGE}={program}"]

    def start(self, *, wait: bool = True) -> Service | None:
        """Start the service, and wait until it accepts requests; without `wait`, kill it while it starts."""
        command = ["local", "serve", "--root", str(self.root), *self.options, "--stop-grace", "1"]
        process = subprocess.Popen(  # noqa: S603 - the service itself
            [*self.user, sys.executable, "-c", f"import sys; from hptsdk.cli import main; sys.exit(main({command!r}))"],
            stdout=subprocess.PIPE,
            text=True,
        )
        if not wait:
            time.sleep(self.random.uniform(0, 0.8))
            Service(process, "").kill()
            self.early_kills += 1
            return None
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        service = Service(process, line.split()[-1])
        self.started.append(service)
        return service

    def client(self, service: Service) -> hptsdk.TuningClient:
        """Return a client of the service, with the keys of its root."""
        return hptsdk.TuningClient(
            "us-east-1", session=self.session(), endpoint_url=service.endpoint, config=Config(proxies={})
        )

    def session(self) -> Session:
        """Return a session with the keys of the root."""
        keys = ConfigParser()
        keys.read(self.root / "credentials")
        session = Session()
        session.set_credentials(keys["default"]["aws_access_key_id"], keys["default"]["aws_secret_access_key"])
        return session

    def request(self, name="demo"):
        """Return the request of a tuning job with checkpoints."""
        definition = training().checkpoints("s3://own-bucket/checkpoints")
        return self.strategy(job(name, definition, max_jobs=self.max_jobs)).build()

    def kill(self, service: Service) -> Service:
        """Kill the service at a random time, possibly also during its restarts, and return a running one."""
        time.sleep(self.random.uniform(0, 0.5))
        return self.kill_now(service)

    def kill_now(self, service: Service) -> Service:
        """Kill the service immediately, possibly also during its restarts, and return a running one."""
        service.kill()
        self.kills += 1
        while self.random.random() < 0.3:
            self.start(wait=False)
        return self.start()

    def kill_during(self, service: Service, call: Callable[[Service], object]) -> tuple[Service, bool]:
        """Kill the service during a call; return a running one, and whether the call got a response."""
        responded = threading.Event()

        def calling():
            # the call fails if the service is killed before it responds
            with suppress(BotoCoreError):
                call(service)
                responded.set()

        thread = threading.Thread(target=calling)
        thread.start()
        time.sleep(self.random.uniform(0, 0.03))
        service.kill()
        thread.join()
        self.kills += 1
        return self.start(), responded.is_set()

    def api(self, service: Service):
        """Return a client of botocore that does not retry calls."""
        session = self.session()
        config = Config(proxies={}, retries={"total_max_attempts": 1})
        return session.create_client("sagemaker", "us-east-1", endpoint_url=service.endpoint, config=config)

    def run_with_kills(self, kills: int):
        """Kill the service several times, wait for the end of its tuning job, and return the service and the job."""
        service = self.start()
        self.client(service).create(self.request())
        for _ in range(kills):
            service = self.kill(service)
        handle = self.client(service).get("demo")
        handle.wait(timeout=120, poll=0.1)
        return service, handle

    def entries(self) -> list:
        """Return the journal of the programs."""
        return [json.loads(line) for line in self.journal.read_text().splitlines()]


def check_results(crash_run: CrashRun, handle) -> None:
    """Check that no training job was lost or ran twice at once, and that the results are those without a crash."""
    summaries = sorted(handle.training_jobs(), key=lambda s: s.training_job_name)
    entries = crash_run.entries()
    assert [s.training_job_name[5:8] for s in summaries] == [f"{n:03d}" for n in range(1, crash_run.max_jobs + 1)]
    assert {s.training_job_status for s in summaries} <= {"Completed", "Stopped"}
    assert not [entry for entry in entries if entry[0] == "twice at once"]
    assert {entry[1] for entry in entries} == {s.training_job_name for s in summaries}
    rates = {entry[1]: entry[2] for entry in entries}
    for summary in summaries:
        assert summary.tuned_hyper_parameters["rate"] == rates[summary.training_job_name]
        metric = summary.final_hyper_parameter_tuning_job_objective_metric
        # the service rounds objectives to 32 bits
        assert metric.value == pytest.approx(float(rates[summary.training_job_name]), rel=1e-6)
