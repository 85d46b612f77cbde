"""A hundred kills of the local service while it runs tuning jobs, and programs that print a gigabyte.

It takes minutes, so the session `crash` runs it. What each test counted is printed.
"""

import time

import psutil
import pytest
from crashing import Ordeal, examine
from running import job, only, training

import hptsdk

KILLS = 20
GIGABYTE = 1 << 30
# More than the pieces that a log is read in take, far less than the log.
MOST_GROWTH = 64 << 20


class Several(Ordeal):
    """Its job has several definitions."""

    def request(self):
        definitions = [
            training()
            .checkpoints("s3://own-bucket/checkpoints")
            .named(name, minimize="loss")
            .continuous("rate", 0.1, 1.0)
            for name in ("first", "second", "third")
        ]
        return (
            hptsdk.tuning_job("demo", definitions, max_jobs=self.max_jobs, max_parallel_jobs=2)
            .random(random_seed=7)
            .build()
        )


class Grid(Ordeal):
    """Its job goes through a grid."""

    def request(self):
        return (
            hptsdk.tuning_job(
                "demo", training().checkpoints("s3://own-bucket/checkpoints"), minimize="loss", max_parallel_jobs=2
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
def test_a_long_job_survives(tmp_path, seed):
    survive(Ordeal(tmp_path, seed, max_jobs=80))


def test_a_job_of_several_definitions_survives(tmp_path):
    found = [s.training_job_definition_name for s in survive(Several(tmp_path, 1002, max_jobs=81))]
    assert [found.count(name) for name in ("first", "second", "third")] == [27, 27, 27]


def test_a_grid_is_gone_through_whole_and_without_a_repeat(tmp_path):
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
def test_a_stopped_job_ends_stopped_whenever_the_service_is_killed(tmp_path, seed):
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
