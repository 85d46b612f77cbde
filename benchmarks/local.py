"""Measure the local service: overhead of training jobs, logs and searches, and the growth with many training jobs."""

import io
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Literal

import optuna
import psutil
from botocore.config import Config
from botocore.session import Session
from measure import Row, ratio

import hptsdk
from hptsdk.local import Container, LocalService, Program
from hptsdk.local.search._bayesian import BayesianSearch
from hptsdk.shapes import ContinuousParameterRange, CreateHyperParameterTuningJobRequest, ParameterRanges

IMAGE = "my-image:1"
SCRIPT = "print('loss=0.5;')"
TRAIN = b"#!/bin/sh\necho 'loss=0.5;'\n"
JOBS, MANY, FEW, CONTAINERS = 200, 10_000, 10, 20

# A training job that uses one processor for about a second, and prints twenty lines.
COMPUTING = """
for step in range(20):
    print("step", step, "of", sum(range(1_000_000)), "loss=0.5;", flush=True)
"""


def request(
    name: str, jobs: int, parallel: int = 2, *, strategy: str = "Random"
) -> CreateHyperParameterTuningJobRequest:
    """Return a request that tunes one hyperparameter.

    Args:
        name: the name of the tuning job.
        jobs: the number of training jobs.
        parallel: the number of training jobs at the same time.
        strategy: Random or Bayesian.
    """
    definition = hptsdk.training(
        image=IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.large",
        instance_count=1,
        volume_size_in_gb=30,
        max_runtime_in_seconds=3600,
    ).metric("loss", r"loss=([-+0-9.eE]+);")
    builder = hptsdk.tuning_job(name, definition, minimize="loss", max_jobs=jobs, max_parallel_jobs=parallel)
    builder = builder.continuous("rate", 0.01, 1.0)
    return (builder.random(random_seed=7) if strategy == "Random" else builder.bayesian(random_seed=7)).build()


def bare_starts() -> None:
    """Start 200 processes of the program without the service, two at a time."""

    def start(_: int) -> None:
        subprocess.run([sys.executable, "-c", SCRIPT], stdout=subprocess.DEVNULL, check=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start, range(JOBS)))


def running() -> list[Row]:
    """Compare 200 training jobs, two at a time, with 200 processes of the same program without the service."""
    limits: dict[Literal["none", "namespace"], tuple[str, float, float]] = {
        "none": ("without isolation", 2.0, 1.5),
        "namespace": ("with isolation by bubblewrap", 2.3, 1.8),
    }
    if shutil.which("bwrap") is None:
        print("bubblewrap is not installed: training jobs with isolation are not measured")
        del limits["namespace"]
    rows: list[Row] = []
    for isolation, (text, limit, warning) in limits.items():
        with tempfile.TemporaryDirectory() as root:
            program = Program(command=["python", "-c", SCRIPT], arguments="none", isolation=isolation)
            with LocalService(root, images={IMAGE: program}) as service:
                client = service.client()
                names = (f"job-{number}" for number in range(100))

                def tune(client: hptsdk.TuningClient = client, names: Iterator[str] = names) -> None:
                    # with the default pauses, because more calls would use processor time
                    client.create(request(next(names), JOBS)).wait()

                rows.append(
                    Row(
                        f"{JOBS} training jobs of a program that prints one line, two at a time, {text}",
                        f"{JOBS} starts of the program without the service, two at a time",
                        ratio(tune, bare_starts, rounds=5),
                        limit,
                        warning,
                    )
                )
    return rows


def following() -> list[Row]:
    """Compare tuning jobs whose logs are followed with others, by the times in the responses of Describe.

    The programs use two processors.
    """
    with tempfile.TemporaryDirectory() as root:
        program = Program(command=["python", "-c", COMPUTING], arguments="none", isolation="none")
        with LocalService(root, images={IMAGE: program}) as service:
            client = service.client()

            def seconds(name: str, *, follows: bool) -> float:
                job = client.create(request(name, FEW))
                follower = Thread(target=lambda: list(job.logs(follow=True)))
                if follows:
                    follower.start()
                response = job.wait()
                if follows:
                    follower.join()
                end = response.hyper_parameter_tuning_end_time or response.creation_time
                return (end - response.creation_time).total_seconds()

            seconds("first", follows=True)
            ratios = [
                seconds(f"followed-{number}", follows=True) / seconds(f"alone-{number}", follows=False)
                for number in range(11)
            ]
    work = f"{FEW} training jobs that compute and print 20 lines each, two at a time, with `job.logs(follow=True)`"
    return [Row(work, "the same without following the logs", median(ratios), 1.05, 1.02)]


@contextmanager
def served(root: str) -> Iterator[tuple[hptsdk.TuningClient, psutil.Process]]:
    """Run the service on a root folder in another process, and yield a client and the process."""
    command = ["local", "serve", "--root", root, "--image", f"{IMAGE}=/bin/sh -c 'echo \"loss=0.5;\"'"]
    process = subprocess.Popen(
        [sys.executable, "-c", f"import sys; from hptsdk.cli import main; sys.exit(main({command!r}))"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        endpoint = (process.stdout.readline() if process.stdout else "").split()[-1]
        keys = ConfigParser()
        keys.read(Path(root) / "credentials")
        session = Session()
        session.set_credentials(keys["default"]["aws_access_key_id"], keys["default"]["aws_secret_access_key"])
        client = hptsdk.TuningClient(
            "us-east-1", session=session, endpoint_url=endpoint, config=Config(proxies={}), poll=0.5
        )
        yield client, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def growing() -> list[Row]:
    """Compare a service after 10,000 training jobs with the same service after 10 training jobs."""
    with tempfile.TemporaryDirectory() as root, served(root) as (client, process):
        few = client.create(request("few", FEW))
        few.wait()
        # the same number of calls as later, so that the difference comes from the jobs only
        for _ in range(200):
            few.describe()
            next(iter(few.training_jobs(page_size=10)))
        before = process.memory_info().rss
        many = client.create(request("many", MANY, 4))
        many.wait()
        after = process.memory_info().rss

        def ask(job: hptsdk.TuningJob) -> None:
            job.describe()
            next(iter(job.training_jobs(page_size=10)))
            next(iter(job.training_jobs(page_size=10, sort_by="FinalObjectiveMetricValue")))

        asking = ratio(lambda: ask(many), lambda: ask(few), rounds=200)
        calls = "a Describe call and two List calls of training jobs, of a tuning job"
        return [
            Row(f"{calls} with {MANY:,} training jobs", f"of a tuning job with {FEW}", asking, 1.25, 1.0),
            Row(
                f"memory of the local service after {MANY:,} training jobs",
                f"after {FEW} training jobs",
                after / before,
                1.3,
                1.1,
            ),
        ]


def searching() -> list[Row]:
    """Compare the Bayesian search with Optuna used directly, and a Bayesian tuning job with a Random one."""
    ranges = ParameterRanges(
        continuous_parameter_ranges=[
            ContinuousParameterRange(name=f"x{n}", min_value="0", max_value="1") for n in range(4)
        ]
    )
    ours = BayesianSearch(ranges, 7, minimizes=True, sampler="tpe")
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=7, multivariate=True, constant_liar=True))
    space = {f"x{n}": optuna.distributions.FloatDistribution(0, 1) for n in range(4)}
    generator = random.Random(7)  # noqa: S311 - a repeatable sequence
    for index in range(500):
        values = {name: repr(generator.random()) for name in space}
        objective = sum(float(value) for value in values.values())
        ours.record(index, values, objective)
        params = {name: float(value) for name, value in values.items()}
        study.add_trial(optuna.create_trial(params=params, distributions=dict(space), value=objective))
    places = iter(range(500, 1000))

    def suggest() -> None:
        place = next(places)
        ours.record(place, ours.propose(place) or {}, 1.0)

    suggesting = ratio(suggest, lambda: study.tell(study.ask(dict(space)), 1.0), rounds=100)
    with tempfile.TemporaryDirectory() as root:
        program = Program(command=["python", "-c", SCRIPT], arguments="none")
        with LocalService(root, images={IMAGE: program}, sampler="tpe") as service:
            client = service.client()
            names = (f"job-{number}" for number in range(100))

            def tune(strategy: str) -> None:
                client.create(request(next(names), JOBS, strategy=strategy)).wait(poll=0.05)

            tuning = ratio(lambda: tune("Bayesian"), lambda: tune("Random"), rounds=5)
    return [
        Row(
            "choose values for a training job with the Bayesian search, after 500 observations",
            "the same with Optuna's TPESampler directly",
            suggesting,
            1.2,
            1.05,
        ),
        Row(
            f"{JOBS} training jobs of the program that prints one line, two at a time, with Bayesian",
            "the same with Random",
            tuning,
            2.0,
            1.5,
        ),
    ]


def containers() -> list[Row]:
    """Compare training jobs in containers with `docker run` and `podman run`, for each engine that works."""
    busybox = shutil.which("busybox")
    rows: list[Row] = []
    for engine in ("docker", "podman"):
        command = shutil.which(engine)
        if command is None or busybox is None:
            print(f"{engine} or busybox is not installed: training jobs in containers of {engine} are not measured")
            continue
        file_system = io.BytesIO()
        with tarfile.open(fileobj=file_system, mode="w") as archive:
            archive.add(Path(busybox).resolve(), "bin/sh")
            train = tarfile.TarInfo("bin/train")
            train.size, train.mode = len(TRAIN), 0o755
            archive.addfile(train, io.BytesIO(TRAIN))
        imported = [command, "import", "--change", "ENV PATH=/bin", "-", "hptsdk-benchmark:1"]
        by_hand_once = [command, "run", "--rm", "hptsdk-benchmark:1", "train"]
        try:
            subprocess.run(imported, input=file_system.getvalue(), capture_output=True, check=True)
            subprocess.run(by_hand_once, capture_output=True, check=True)
        except subprocess.CalledProcessError as error:
            print(f"{engine} does not work: training jobs in its containers are not measured: {error.stderr.decode()}")
            continue

        def start(_: int, command: list[str] = by_hand_once) -> None:
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)

        def by_hand(start: Callable[[int], None] = start) -> None:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(start, range(CONTAINERS)))

        container = Container("hptsdk-benchmark:1", engine=engine, pull="never")
        with tempfile.TemporaryDirectory() as root, LocalService(root, images={IMAGE: container}) as service:
            client = service.client()
            names = (f"job-{number}" for number in range(100))

            def tune(client: hptsdk.TuningClient = client, names: Iterator[str] = names) -> None:
                client.create(request(next(names), CONTAINERS)).wait(poll=0.05)

            rows.append(
                Row(
                    f"{CONTAINERS} training jobs in containers of {engine}, two at a time",
                    f"{CONTAINERS} times `{engine} run` of the same image, two at a time",
                    ratio(tune, by_hand, rounds=3),
                    1.15,
                    1.05,
                )
            )
        subprocess.run([command, "rmi", "hptsdk-benchmark:1"], capture_output=True, check=True)
    return rows


def rows() -> list[Row]:
    """Return all rows of the local service."""
    return [*running(), *following(), *growing(), *searching(), *containers()]


if __name__ == "__main__":
    for row in rows():
        print(f"{row.ratio:.2f}", row.work)
