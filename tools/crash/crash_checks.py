"""Kill the local service two hundred times while it runs tuning jobs, and run programs that print a gigabyte.

The session `crash` runs these tests. They take minutes and print how often they killed the service. If root runs them,
the service runs as another user.
"""

import hashlib
import tarfile
import time

import psutil
import pytest
from crashing import LARGE_PROGRAM, CrashRun, check_results
from running import BUCKET, job, only, training

import hptsdk
from hptsdk import errors

KILLS = 20
GIGABYTE = 1 << 30
# The maximum growth of the service's memory in bytes: more than one block of a log, and far less than the log.
MOST_GROWTH = 64 << 20


@pytest.fixture(autouse=True)
def _no_service_is_left():
    yield
    while CrashRun.started:
        CrashRun.started.pop().kill()


class Several(CrashRun):
    """A crash run of a tuning job with several definitions."""

    def request(self, name="demo"):
        definitions = [
            training()
            .checkpoints("s3://own-bucket/checkpoints")
            .named(definition, minimize="loss")
            .continuous("rate", 0.1, 1.0)
            for definition in ("first", "second", "third")
        ]
        return (
            hptsdk.tuning_job(name, definitions, max_jobs=self.max_jobs, max_parallel_jobs=2)
            .random(random_seed=7)
            .build()
        )


class Grid(CrashRun):
    """A crash run of a tuning job with a grid search."""

    def request(self, name="demo"):
        return (
            hptsdk.tuning_job(
                name, training().checkpoints("s3://own-bucket/checkpoints"), minimize="loss", max_parallel_jobs=2
            )
            .categorical("rate", [f"{number / 100}" for number in range(self.max_jobs // 4)])
            .categorical("kind", ["linear", "tree", "forest", "net"])
            .grid()
            .build()
        )


def print_counts(crash_run: CrashRun) -> None:
    """Print how often the service was killed, and how often training jobs started."""
    events = [entry[0] for entry in crash_run.entries()]
    starts = [what for what in events if what.startswith("start at")]
    resumed = [what for what in starts if what != "start at 0"]
    print(
        f"{crash_run.kills} kills and {crash_run.early_kills} while it started; {len(starts)} starts of "
        f"{len({entry[1] for entry in crash_run.entries()})} training jobs, {len(resumed)} of them from a checkpoint"
    )


def run_and_check(crash_run: CrashRun) -> list:
    """Kill the service repeatedly, check the results, and return the summaries of the training jobs."""
    service, handle = crash_run.run_with_kills(KILLS)
    try:
        print_counts(crash_run)
        check_results(crash_run, handle)
        return list(handle.training_jobs())
    finally:
        service.kill()


@pytest.mark.parametrize("seed", [1000, 1001])
def test_a_long_tuning_job_continues_after_crashes(tmp_path, seed):
    run_and_check(CrashRun(tmp_path, seed, max_jobs=80))


def test_a_tuning_job_with_several_definitions_continues_after_crashes(tmp_path):
    definitions = [s.training_job_definition_name for s in run_and_check(Several(tmp_path, 1002, max_jobs=81))]
    assert [definitions.count(name) for name in ("first", "second", "third")] == [27, 27, 27]


def test_a_grid_search_runs_each_combination_once_after_crashes(tmp_path):
    summaries = run_and_check(Grid(tmp_path, 1003, max_jobs=80))
    assert len({tuple(sorted(s.tuned_hyper_parameters.items())) for s in summaries}) == 80


def remaining_programs(crash_run: CrashRun) -> list:
    """Return the training programs that still run."""
    script = str(crash_run.folder / "train.py")
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if script in (process.info["cmdline"] or []) and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


@pytest.mark.parametrize("seed", range(1004, 1009))
def test_a_stopped_tuning_job_ends_as_stopped_if_the_service_is_killed(tmp_path, seed):
    crash_run = CrashRun(tmp_path, seed, max_jobs=500)
    service = crash_run.start()
    crash_run.client(service).create(crash_run.request())
    service = crash_run.kill(crash_run.kill(service))
    crash_run.client(service).get("demo").stop()
    service = crash_run.kill(crash_run.kill(service))
    handle = crash_run.client(service).get("demo")
    try:
        response = handle.wait(timeout=60, poll=0.1)
        print_counts(crash_run)
        assert response.hyper_parameter_tuning_job_status == "Stopped"
        assert {s.training_job_status for s in handle.training_jobs()} <= {"Completed", "Stopped"}
        assert not remaining_programs(crash_run)
    finally:
        service.kill()


def names(service, crash_run: CrashRun) -> list[str]:
    """Return the names of the tuning jobs."""
    return [summary.hyper_parameter_tuning_job_name for summary in crash_run.client(service).list()]


def ran_once_at_a_time(crash_run: CrashRun) -> bool:
    """Check whether no training job ran in two processes at the same time."""
    return not [entry for entry in crash_run.entries() if entry[0] == "twice at once"]


def test_a_tuning_job_exists_if_its_creation_got_a_response(tmp_path):
    crash_run = CrashRun(tmp_path, 2000, max_jobs=2)
    service = crash_run.start()
    for number in range(KILLS):
        request = crash_run.request(f"demo-{number}")
        service, has_response = crash_run.kill_during(
            service,
            lambda service, request=request: crash_run.api(service).create_hyper_parameter_tuning_job(
                **hptsdk.to_wire(request)
            ),
        )
        assert f"demo-{number}" in names(service, crash_run) or not has_response
        crash_run.client(service).create(request, if_exists="return")
    try:
        for name in names(service, crash_run):
            handle = crash_run.client(service).get(name)
            handle.wait(timeout=120, poll=0.1)
            assert len(list(handle.training_jobs())) == 2
        print_counts(crash_run)
        assert ran_once_at_a_time(crash_run)
    finally:
        service.kill()


def test_a_tuning_job_is_stopped_if_its_stop_got_a_response(tmp_path):
    crash_run = CrashRun(tmp_path, 2001, max_jobs=500)
    service = crash_run.start()
    for number in range(KILLS):
        name = f"demo-{number}"
        crash_run.client(service).create(crash_run.request(name))
        service, has_response = crash_run.kill_during(
            service,
            lambda service, name=name: crash_run.api(service).stop_hyper_parameter_tuning_job(
                HyperParameterTuningJobName=name
            ),
        )
        handle = crash_run.client(service).get(name)
        if handle.describe().hyper_parameter_tuning_job_status == "InProgress":
            assert not has_response
            handle.stop()
        assert handle.wait(timeout=60, poll=0.05).hyper_parameter_tuning_job_status == "Stopped"
    try:
        print_counts(crash_run)
        assert ran_once_at_a_time(crash_run)
        assert not remaining_programs(crash_run)
    finally:
        service.kill()


def test_a_tuning_job_is_deleted_if_its_deletion_got_a_response_and_its_training_jobs_stay(tmp_path):
    crash_run = CrashRun(tmp_path, 2002, max_jobs=1)
    service = crash_run.start()
    for number in range(KILLS):
        handle = crash_run.client(service).create(crash_run.request())
        handle.wait(timeout=60, poll=0.05)
        service, has_response = crash_run.kill_during(
            service,
            lambda service: crash_run.api(service).delete_hyper_parameter_tuning_job(
                HyperParameterTuningJobName="demo"
            ),
        )
        if "demo" in names(service, crash_run):
            assert not has_response
            crash_run.client(service).get("demo").delete()
        with pytest.raises(errors.ResourceNotFoundError):
            crash_run.client(service).get("demo").describe()
        assert len(crash_run.api(service).list_training_jobs(MaxResults=100)["TrainingJobSummaries"]) == number + 1
    try:
        print_counts(crash_run)
    finally:
        service.kill()


def kill_during_uploads(tmp_path, seed, is_due) -> CrashRun:
    """Kill a service each time that `is_due` returns True, 20 times, and wait for the end of all tuning jobs."""
    crash_run = CrashRun(tmp_path, seed, max_jobs=4, program=LARGE_PROGRAM)
    service, number = crash_run.start(), 0
    while crash_run.kills < KILLS:
        handle = crash_run.client(service).create(crash_run.request(f"demo-{number}"))
        number += 1
        while crash_run.kills < KILLS:
            # each training job is killed once, so that all end
            if is_due(crash_run):
                service = crash_run.kill_now(service)
                handle = crash_run.client(service).get(handle.name)
            elif handle.describe().hyper_parameter_tuning_job_status != "InProgress":
                break
    try:
        for name in names(service, crash_run):
            handle = crash_run.client(service).get(name)
            handle.wait(timeout=120, poll=0.1)
            assert {s.training_job_status for s in handle.training_jobs()} == {"Completed"}
        print_counts(crash_run)
        assert ran_once_at_a_time(crash_run)
        return crash_run
    finally:
        service.kill()


class UnfinishedFile:
    """Detects an unfinished file in the folder of a training job, once for each training job.

    Args:
        folder: the path of the folders of training jobs, below that of the buckets.
        pattern: the pattern of the file, below the folder of a training job.
    """

    def __init__(self, folder: str, pattern: str):
        self.folder, self.pattern, self.detected = folder, pattern, set()

    def __call__(self, crash_run: CrashRun) -> bool:
        """Check for 0.2 seconds, so that the service is not busy with Describe calls."""
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            for path in (crash_run.root / "buckets").glob(f"{self.folder}/*/{self.pattern}"):
                name = path.relative_to(crash_run.root / "buckets").parts[len(self.folder.split("/"))]
                if name not in self.detected:
                    self.detected.add(name)
                    return True
        return False


def test_checkpoints_are_complete_if_the_service_is_killed_while_it_uploads_them(tmp_path):
    crash_run = kill_during_uploads(tmp_path, 2003, UnfinishedFile("own-bucket/checkpoints", ".*.part"))
    folders = list((crash_run.root / "buckets" / "own-bucket" / "checkpoints").iterdir())
    assert len(folders) == len({entry[1] for entry in crash_run.entries()})
    for folder in folders:
        files = {path.name: path.read_text() for path in folder.iterdir()}
        assert files == {"step": "5"} | {f"{number:03d}": f"{number:03d}" * 1000 for number in range(400)}


def test_models_are_complete_if_the_service_is_killed_while_it_packs_them(tmp_path):
    crash_run = kill_during_uploads(tmp_path, 2004, UnfinishedFile(f"{BUCKET}/out", "output/.*.part"))
    outputs = list((crash_run.root / "buckets" / BUCKET / "out").glob("*/output"))
    assert len(outputs) == len({entry[1] for entry in crash_run.entries()})
    for output in outputs:
        assert [path.name for path in output.iterdir()] == ["model.tar.gz"]
        with tarfile.open(output / "model.tar.gz") as archive:
            weights, digest = (archive.extractfile(name).read() for name in ("weights", "digest"))
        assert hashlib.sha256(weights).hexdigest() == digest.decode()


@pytest.mark.parametrize("line", ["no value", "loss=0.5 "])
def test_a_program_may_print_a_gigabyte(tmp_path, line):
    crash_run = CrashRun(tmp_path, 0, max_jobs=1)
    (tmp_path / "train.py").write_text(
        f"import sys\n"
        f"line = {line!r}.ljust(99, 'x') + '\\n'\n"
        f"for _ in range({GIGABYTE // 100_000} + 1):\n"
        f"    sys.stdout.write(line * 1000)\n"
        f"print(';loss=0.75')\n"
    )
    service = crash_run.start()
    memory = psutil.Process(service.process.pid).memory_info
    before = most = memory().rss
    began = time.monotonic()
    try:
        handle = crash_run.client(service).create(job("demo", max_jobs=1, parallel=1).build())
        while handle.describe().hyper_parameter_tuning_job_status == "InProgress":
            most = max(most, memory().rss)
            time.sleep(0.05)
        taken = time.monotonic() - began
        print(f"{taken:.1f} s, {before >> 20} MiB before, {most >> 20} MiB at most")
        assert {m.value for m in only(handle).final_metric_data_list} == {0.75}
        assert most - before < MOST_GROWTH
    finally:
        service.kill()
