"""Two hundred kills of the local service while it runs tuning jobs, and programs that print a gigabyte.

It takes minutes, so the session `crash` runs it. What each test counted is printed. If root runs it, the service runs
as another user.
"""

import hashlib
import tarfile
import time

import psutil
import pytest
from crashing import LARGE_PROGRAM, Ordeal, examine
from running import BUCKET, job, only, training

import hptsdk
from hptsdk import errors

KILLS = 20
GIGABYTE = 1 << 30
# More than the pieces that a log is read in take, far less than the log.
MOST_GROWTH = 64 << 20


@pytest.fixture(autouse=True)
def _no_service_is_left():
    yield
    while Ordeal.started:
        Ordeal.started.pop().kill()


class Several(Ordeal):
    """Its job has several definitions."""

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


class Grid(Ordeal):
    """Its job goes through a grid."""

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


def tell(ordeal: Ordeal) -> None:
    """Print what was counted."""
    noted = [note[0] for note in ordeal.notes()]
    starts = [what for what in noted if what.startswith("start at")]
    resumed = [what for what in starts if what != "start at 0"]
    print(  # noqa: T201 - what was counted is what the session is for
        f"{ordeal.kills} kills and {ordeal.early_kills} while it started; {len(starts)} starts of "
        f"{len({note[1] for note in ordeal.notes()})} training jobs, {len(resumed)} of them from a checkpoint"
    )


def survive(ordeal: Ordeal) -> list:
    """Kill the service again and again, see that all is well, and give the training jobs' summaries."""
    service, handle = ordeal.endure(KILLS)
    try:
        tell(ordeal)
        examine(ordeal, handle)
        return list(handle.training_jobs())
    finally:
        service.kill()


@pytest.mark.parametrize("seed", [1000, 1001])
def test_a_long_tuning_job_survives_crashes(tmp_path, seed):
    survive(Ordeal(tmp_path, seed, max_jobs=80))


def test_a_tuning_job_with_several_definitions_survives_crashes(tmp_path):
    found = [s.training_job_definition_name for s in survive(Several(tmp_path, 1002, max_jobs=81))]
    assert [found.count(name) for name in ("first", "second", "third")] == [27, 27, 27]


def test_a_grid_search_runs_each_combination_once_after_crashes(tmp_path):
    found = survive(Grid(tmp_path, 1003, max_jobs=80))
    assert len({tuple(sorted(s.tuned_hyper_parameters.items())) for s in found}) == 80


def left(ordeal: Ordeal) -> list:
    """The training programs of an ordeal that live."""
    script = str(ordeal.folder / "train.py")
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if script in (process.info["cmdline"] or []) and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


@pytest.mark.parametrize("seed", range(1004, 1009))
def test_a_stopped_tuning_job_ends_as_stopped_if_the_service_is_killed(tmp_path, seed):
    ordeal = Ordeal(tmp_path, seed, max_jobs=500)
    service = ordeal.start()
    ordeal.client(service).create(ordeal.request())
    service = ordeal.kill(ordeal.kill(service))
    ordeal.client(service).get("demo").stop()
    service = ordeal.kill(ordeal.kill(service))
    handle = ordeal.client(service).get("demo")
    try:
        response = handle.wait(timeout=60, poll=0.1)
        tell(ordeal)
        assert response.hyper_parameter_tuning_job_status == "Stopped"
        assert {s.training_job_status for s in handle.training_jobs()} <= {"Completed", "Stopped"}
        assert not left(ordeal)
    finally:
        service.kill()


def names(service, ordeal: Ordeal) -> list[str]:
    """The names of the tuning jobs."""
    return [summary.hyper_parameter_tuning_job_name for summary in ordeal.client(service).list()]


def once_at_a_time(ordeal: Ordeal) -> bool:
    """Whether no training job ran twice at once."""
    return not [note for note in ordeal.notes() if note[0] == "twice at once"]


def test_a_tuning_job_exists_if_its_creation_got_a_response(tmp_path):
    ordeal = Ordeal(tmp_path, 2000, max_jobs=2)
    service = ordeal.start()
    for number in range(KILLS):
        request = ordeal.request(f"demo-{number}")
        service, is_answered = ordeal.kill_during(
            service,
            lambda service, request=request: ordeal.api(service).create_hyper_parameter_tuning_job(
                **hptsdk.to_wire(request)
            ),
        )
        assert f"demo-{number}" in names(service, ordeal) or not is_answered
        ordeal.client(service).create(request, if_exists="return")
    try:
        for name in names(service, ordeal):
            handle = ordeal.client(service).get(name)
            handle.wait(timeout=120, poll=0.1)
            assert len(list(handle.training_jobs())) == 2
        tell(ordeal)
        assert once_at_a_time(ordeal)
    finally:
        service.kill()


def test_a_tuning_job_is_stopped_if_its_stop_got_a_response(tmp_path):
    ordeal = Ordeal(tmp_path, 2001, max_jobs=500)
    service = ordeal.start()
    for number in range(KILLS):
        name = f"demo-{number}"
        ordeal.client(service).create(ordeal.request(name))
        service, is_answered = ordeal.kill_during(
            service,
            lambda service, name=name: ordeal.api(service).stop_hyper_parameter_tuning_job(
                HyperParameterTuningJobName=name
            ),
        )
        handle = ordeal.client(service).get(name)
        if handle.describe().hyper_parameter_tuning_job_status == "InProgress":
            assert not is_answered
            handle.stop()
        assert handle.wait(timeout=60, poll=0.05).hyper_parameter_tuning_job_status == "Stopped"
    try:
        tell(ordeal)
        assert once_at_a_time(ordeal)
        assert not left(ordeal)
    finally:
        service.kill()


def test_a_tuning_job_is_deleted_if_its_deletion_got_a_response_and_its_training_jobs_stay(tmp_path):
    ordeal = Ordeal(tmp_path, 2002, max_jobs=1)
    service = ordeal.start()
    for number in range(KILLS):
        handle = ordeal.client(service).create(ordeal.request())
        handle.wait(timeout=60, poll=0.05)
        service, is_answered = ordeal.kill_during(
            service,
            lambda service: ordeal.api(service).delete_hyper_parameter_tuning_job(HyperParameterTuningJobName="demo"),
        )
        if "demo" in names(service, ordeal):
            assert not is_answered
            ordeal.client(service).get("demo").delete()
        with pytest.raises(errors.ResourceNotFoundError):
            ordeal.client(service).get("demo").describe()
        assert len(ordeal.api(service).list_training_jobs(MaxResults=100)["TrainingJobSummaries"]) == number + 1
    try:
        tell(ordeal)
    finally:
        service.kill()


def killed_whenever(tmp_path, seed, is_due) -> Ordeal:
    """Kill a service whenever something is due for a training job that runs, and let all its tuning jobs end."""
    ordeal = Ordeal(tmp_path, seed, max_jobs=4, program=LARGE_PROGRAM)
    service, number = ordeal.start(), 0
    while ordeal.kills < KILLS:
        handle = ordeal.client(service).create(ordeal.request(f"demo-{number}"))
        number += 1
        while ordeal.kills < KILLS:
            # each training job is killed once, so that all come to an end
            if is_due(ordeal):
                service = ordeal.kill_now(service)
                handle = ordeal.client(service).get(handle.name)
            elif handle.describe().hyper_parameter_tuning_job_status != "InProgress":
                break
    try:
        for name in names(service, ordeal):
            handle = ordeal.client(service).get(name)
            handle.wait(timeout=120, poll=0.1)
            assert {s.training_job_status for s in handle.training_jobs()} == {"Completed"}
        tell(ordeal)
        assert once_at_a_time(ordeal)
        return ordeal
    finally:
        service.kill()


class Sight:
    """Sees each training job once whose folder in a bucket has something in it that matches."""

    def __init__(self, folder: str, pattern: str):
        self.folder, self.pattern, self.seen = folder, pattern, set()

    def __call__(self, ordeal: Ordeal) -> bool:
        """Look for a while, so that the service is not busy with descriptions."""
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            for path in (ordeal.root / "buckets").glob(f"{self.folder}/*/{self.pattern}"):
                name = path.relative_to(ordeal.root / "buckets").parts[len(self.folder.split("/"))]
                if name not in self.seen:
                    self.seen.add(name)
                    return True
        return False


def test_checkpoints_are_complete_if_the_service_is_killed_while_it_uploads_them(tmp_path):
    ordeal = killed_whenever(tmp_path, 2003, Sight("own-bucket/checkpoints", ".*.part"))
    folders = list((ordeal.root / "buckets" / "own-bucket" / "checkpoints").iterdir())
    assert len(folders) == len({note[1] for note in ordeal.notes()})
    for folder in folders:
        files = {path.name: path.read_text() for path in folder.iterdir()}
        assert files == {"step": "5"} | {f"{number:03d}": f"{number:03d}" * 1000 for number in range(400)}


def test_models_are_complete_if_the_service_is_killed_while_it_packs_them(tmp_path):
    ordeal = killed_whenever(tmp_path, 2004, Sight(f"{BUCKET}/out", "output/.*.part"))
    outputs = list((ordeal.root / "buckets" / BUCKET / "out").glob("*/output"))
    assert len(outputs) == len({note[1] for note in ordeal.notes()})
    for output in outputs:
        assert [path.name for path in output.iterdir()] == ["model.tar.gz"]
        with tarfile.open(output / "model.tar.gz") as archive:
            weights, digest = (archive.extractfile(name).read() for name in ("weights", "digest"))
        assert hashlib.sha256(weights).hexdigest() == digest.decode()


@pytest.mark.parametrize("line", ["no value", "loss=0.5 "])
def test_a_program_may_print_a_gigabyte(tmp_path, line):
    ordeal = Ordeal(tmp_path, 0, max_jobs=1)
    (tmp_path / "train.py").write_text(
        f"import sys\n"
        f"line = {line!r}.ljust(99, 'x') + '\\n'\n"
        f"for _ in range({GIGABYTE // 100_000} + 1):\n"
        f"    sys.stdout.write(line * 1000)\n"
        f"print(';loss=0.75')\n"
    )
    service = ordeal.start()
    memory = psutil.Process(service.process.pid).memory_info
    before = most = memory().rss
    began = time.monotonic()
    try:
        handle = ordeal.client(service).create(job("demo", max_jobs=1, parallel=1).build())
        while handle.describe().hyper_parameter_tuning_job_status == "InProgress":
            most = max(most, memory().rss)
            time.sleep(0.05)
        taken = time.monotonic() - began
        print(f"{taken:.1f} s, {before >> 20} MiB before, {most >> 20} MiB at most")  # noqa: T201 - likewise
        assert [m.value for m in only(handle).final_metric_data_list] == [0.75]
        assert most - before < MOST_GROWTH
    finally:
        service.kill()
