"""Many files are shared among processes: nobody can tell but by the time, and no helper outlives the work."""

import json
import os
import subprocess
import sys

import pytest
from commanding import hptsdk_

import hptsdk
from hptsdk.cli._side_by_side import side_by_side

# A process of one thread, as the command line is; it seems to have three processors.
ALONE = """
import os, sys
from hptsdk.cli import _side_by_side as subject
subject._processors = lambda: 3
parent = os.getpid()
"""
needs_fork = pytest.mark.skipif(
    not hasattr(os, "fork") or sys.platform == "darwin", reason="helpers begin by fork, not on Windows and macOS"
)


def alone(code):
    """Run code in a process of its own, and give what it prints."""
    done = subprocess.run([sys.executable, "-c", ALONE + code], capture_output=True, text=True, check=False)  # noqa: S603 - this Python
    assert done.stderr == ""
    return json.loads(done.stdout)


@needs_fork
@pytest.mark.parametrize(("count", "processes"), [(1, 1), (199, 1), (200, 2), (299, 2), (300, 3), (1001, 3)])
def test_all_is_done_once_in_order_and_by_as_many_as_it_is_worth(count, processes):
    done = alone(f"""
def work(names):
    return [[name, os.getpid()] for name in names]
print(subject.side_by_side(work, [*range({count})]))
""")
    assert [number for number, _ in done] == [*range(count)]
    assert len({process for _, process in done}) == processes


@needs_fork
@pytest.mark.parametrize("end", ["os._exit(3)", "raise ValueError", "os.kill(os.getpid(), 9)"])
def test_what_a_helper_fails_to_do_is_done_all_the_same(end):
    done = alone(f"""
def work(names):
    if os.getpid() != parent:
        {end}
    return names
print(subject.side_by_side(work, [*range(400)]))
""")
    assert done == [*range(400)]


@needs_fork
def test_an_error_is_raised_here_and_no_helper_is_left():
    done = alone("""
def work(names):
    raise ValueError(len(names))
try:
    subject.side_by_side(work, [*range(400)])
except ValueError as error:
    told = f"{error}"
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print([int(told)])
""")
    assert done == [134]


@needs_fork
def test_what_is_not_written_as_yet_is_written_once():
    assert alone("""
sys.stdout = open(1, "w", closefd=False)
sys.stdout.write("[1, ")
print(len(subject.side_by_side(lambda names: names, [*range(400)])), end="]")
""") == [1, 400]


def test_where_there_are_threads_all_is_done_here():
    done = alone("""
import threading
end = threading.Event()
threading.Thread(target=end.wait).start()
print(subject.side_by_side(lambda names: [os.getpid() - parent], [*range(400)]))
end.set()
""")
    assert done == [0]


def test_a_fault_among_many_files_is_told_of_its_file(request_of_one, tmp_path):
    paths = [tmp_path / f"{number}.json" for number in range(400)]
    for path in paths:
        path.write_text(hptsdk.dumps(request_of_one))
    for number in (3, 210, 399):
        paths[number].write_text("{")
    done = hptsdk_("validate", *paths, "--no-advice", "--output", "json")
    assert [finding["file"] for finding in json.loads(done.stdout)] == [str(paths[n]) for n in (3, 210, 399)]
    assert done.returncode == 1


def test_few_names_need_no_helper():
    assert side_by_side(lambda names: [os.getpid() for _ in names], ["a", "b"]) == [os.getpid()] * 2
