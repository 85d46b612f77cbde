"""Many files are shared among processes: nobody can tell but by the time, and no helper outlives the work."""

import json
import os
import signal
import subprocess
import sys

import pytest
from commanding import run_process

import hptsdk
from hptsdk.cli._side_by_side import side_by_side

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork") or sys.platform == "darwin", reason="helpers begin by fork, not on Windows and macOS"
)

# A process of one thread, as the command line is; it seems to have three processors.
ALONE = """
import os, sys
from hptsdk.cli import _side_by_side as subject
subject._processors = lambda: 3
parent = os.getpid()
files = [str(number) for number in range(400)]

def says_a_lot(files):
    if os.getpid() == parent:
        raise KeyboardInterrupt
    return ["x" * 500_000]

def shared(work, files=files):
    try:
        return subject.side_by_side(work, files)
    except (KeyboardInterrupt, RuntimeError, ValueError) as error:
        return f"{type(error).__name__} {error}"
"""
LEFT = """
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    left = 0
print([told, left, len(os.listdir("/dev/fd"))])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with files named by number."""
    path = tmp_path_factory.mktemp("files")
    for number in range(1001):
        (path / str(number)).touch()
    return path


@pytest.fixture
def alone(folder):
    """Run code in a process of its own, and give what it prints."""

    def alone(code, **options):
        done = subprocess.run(  # noqa: S603 - this Python
            [sys.executable, "-c", ALONE + code],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            cwd=folder,
            **options,
        )
        assert done.stderr == ""
        return json.loads(done.stdout.replace("'", '"'))

    return alone


@pytest.mark.parametrize(("count", "processes"), [(1, 1), (199, 1), (200, 2), (299, 2), (300, 3), (1001, 3)])
def test_all_is_done_once_in_order_and_by_as_many_as_it_is_worth(alone, count, processes):
    done = alone(f"""
files = [str(number) for number in range({count})]
print(shared(lambda files: [[int(file), os.getpid()] for file in files], files))
""")
    assert [number for number, _ in done] == [*range(count)]
    assert len({process for _, process in done}) == processes


@pytest.mark.parametrize("end", ["os._exit(3)", "raise ValueError", "os.kill(os.getpid(), 9)"])
def test_what_a_helper_fails_to_do_is_done_all_the_same(alone, end):
    done = alone(f"""
def work(files):
    if os.getpid() != parent:
        {end}
    return [int(file) for file in files]
print(shared(work))
""")
    assert done == [*range(400)]


@pytest.mark.parametrize(
    ("work", "told"),
    [
        ("lambda files: int('x' * len(files))", "ValueError"),
        ("says_a_lot", "KeyboardInterrupt"),
        ("lambda files: [len(files)]", ""),
    ],
)
def test_whatever_happens_no_helper_is_left_and_no_pipe(alone, work, told):
    code = f"before = len(os.listdir('/dev/fd')); told = shared({work}); told = str(told).partition(' ')[0]"
    found, left, descriptors = alone(code + LEFT)
    assert found.startswith(told)
    assert left == 0
    assert descriptors == alone("print(len(os.listdir('/dev/fd')))")


@pytest.mark.parametrize("after", [0, 1])
def test_where_no_more_can_begin_all_is_done_all_the_same(alone, after):
    done = alone(
        f"""
begin, begun = os.fork, []
def fork():
    if len(begun) == {after}:
        raise BlockingIOError
    begun.append(1)
    return begin()
os.fork = fork
told = shared(lambda files: [int(file) for file in files]) == [*range(400)]
told = f"{{told}}"
"""
        + LEFT
    )
    assert done[:2] == ["True", 0]
    assert done[2] == alone("print(len(os.listdir('/dev/fd')))")


def test_where_the_end_of_processes_is_ignored_nothing_is_lost(alone):
    ignoring = {"preexec_fn": lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)}
    assert alone("print(shared(lambda files: [len(files)]))", **ignoring) == [1, 133, 133, 133]


def test_what_can_be_read_but_once_is_not_read_again(alone):
    done = alone("""
def work(files):
    if os.getpid() != parent:
        os._exit(3)
    return files
print([shared(work, [*files, os.devnull])])
""")
    assert done[0].startswith("RuntimeError a process that helped has failed")


def test_standard_input_is_read_by_one_process(request_of_one):
    text = hptsdk.dumps(request_of_one)
    done = run_process("validate", *["-"] * 200, "--no-advice", text=text)
    assert done.stderr.count("expected the members of a request, got nothing") == 199


def test_what_is_not_written_as_yet_is_written_once(alone):
    assert alone("""
sys.stdout = open(1, "w", closefd=False)
sys.stdout.write("[1, ")
print(len(shared(lambda files: files)), end="]")
""") == [1, 400]


def test_where_there_are_threads_all_is_done_here(alone):
    done = alone("""
import threading
end = threading.Event()
threading.Thread(target=end.wait).start()
print(shared(lambda files: [os.getpid() - parent]))
end.set()
""")
    assert done == [0]


def test_few_files_need_no_helper():
    assert side_by_side(lambda files: [os.getpid() for _ in files], [__file__] * 2) == [os.getpid()] * 2


def test_a_fault_among_many_files_is_told_of_its_file(request_of_one, tmp_path):
    names = [f"{number}.json" for number in range(400)]
    for name in names:
        (tmp_path / name).write_text(hptsdk.dumps(request_of_one))
    for number in (3, 210, 399):
        (tmp_path / names[number]).write_text("{")
    done = run_process("validate", *names, "--no-advice", "--output", "json", cwd=tmp_path)
    assert [finding["file"] for finding in json.loads(done.stdout)] == [names[number] for number in (3, 210, 399)]
    assert done.returncode == 1
