"""The commands of programs: which arguments are files."""

import pytest

from hptsdk.local import Program


@pytest.mark.parametrize("code", ["x" * 300 + " / 2", "import os.path; " * 100, "print('a.b')" + "#" * 5000])
def test_long_code_in_a_command_is_not_changed(code):
    assert Program(command=["sh", "-c", code]).command[2] == code


def test_the_path_of_a_file_in_a_command_is_absolute(tmp_path, monkeypatch):
    (tmp_path / "train.py").touch()
    monkeypatch.chdir(tmp_path)
    assert Program(command=["sh", "train.py"]).command[1] == str(tmp_path / "train.py")


def test_a_text_that_is_not_a_file_is_not_changed():
    assert Program(command=["sh", "absent/train.py", "", "loss.txt"]).command[1:] == ("absent/train.py", "", "loss.txt")
