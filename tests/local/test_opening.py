"""Opening a local service on a system on which it cannot run."""

import subprocess
import sys

import pytest

from hptsdk.local import LocalService, _service


def test_opening_a_service_on_windows_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(_service, "_IS_POSIX", False)
    with pytest.raises(RuntimeError, match="Linux and macOS only"):
        LocalService(tmp_path)


@pytest.mark.long
def test_the_package_can_be_imported_on_windows():
    blocked = "import sys; sys.modules['fcntl'] = None; from hptsdk.local import LocalService"
    assert subprocess.run([sys.executable, "-c", blocked], check=False).returncode == 0  # noqa: S603 - Python itself


@pytest.mark.long
def test_the_error_for_a_missing_extra_has_the_name_of_the_extra():
    blocked = "import sys; sys.modules['waitress'] = None; from hptsdk.local import LocalService"
    command = [sys.executable, "-c", blocked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - Python itself
    assert done.stderr.splitlines()[-1].endswith('pip install "hptsdk[local]"')
