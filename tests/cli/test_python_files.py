"""`hptsdk convert FILE.py` runs the file; its errors are reported in one line, without a traceback."""

import pytest
from command_line import run


def failure(tmp_path, text):
    """Convert a file of Python that fails, and return what is written on standard error."""
    (tmp_path / "job.py").write_text(text)
    done = run("convert", "job.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\nrequest = = 2\n", "job.py:2: SyntaxError: invalid syntax"),
        ("if x:\nrequest = 1\n", "job.py:2: IndentationError: expected an indented block after 'if' statement"),
        ("def f():\n    return y\n\nf()\n", "job.py:2: NameError: name 'y' is not defined"),
        ("import missing_part\n", "job.py:1: ModuleNotFoundError: No module named 'missing_part'"),
        ("import json\njson.loads('')\n", "job.py:2: json.decoder.JSONDecodeError: Expecting value: line 1 column 1"),
        ("open('missing.csv')\n", "job.py:1: FileNotFoundError: [Errno 2] No such file or directory: 'missing.csv'"),
        ("raise SystemExit('no data')\n", "job.py:1: SystemExit: no data"),
        ("import sys\nsys.exit(0)\n", "job.py:2: SystemExit: 0"),
        ("class E(BaseException): pass\n", "job.py: expected one request, got none; assign the result of build()"),
        ("import hptsdk\nhptsdk.shapes.Tag(key='', value='a')\n", "job.py:2: hptsdk.errors.InvalidShapeError: Tag.Key"),
    ],
)
def test_an_error_in_a_python_file_is_reported_with_its_line(tmp_path, text, expected):
    stderr = failure(tmp_path, text)
    assert stderr.startswith(f"hptsdk: {expected}")
    assert stderr.count("\n") == 1


def test_a_syntax_error_in_an_imported_file_is_reported_with_that_file(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    broken = tmp_path / "broken_part.py"
    broken.write_text("a b\n")
    assert failure(tmp_path, "import broken_part\n") == f"hptsdk: {broken}:1: SyntaxError: invalid syntax\n"


def test_text_that_is_not_python_is_an_error(tmp_path):
    assert failure(tmp_path, "a = \x00\n").startswith("hptsdk: job.py")


def test_a_missing_python_file_is_an_error(tmp_path):
    done = run("convert", "job.py", cwd=tmp_path)
    assert done.stderr == "hptsdk: job.py: No such file or directory\n"


def test_the_help_states_that_a_python_file_is_run():
    words = " ".join(run("convert", "--help").stdout.replace("│", " ").split())
    assert "a Python file, which is run" in words
    assert "convert only files that you trust" in words
