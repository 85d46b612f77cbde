"""Errors for a root with damaged files: they have the path and what to do."""

import os
import re
import sqlite3
from contextlib import closing

import pytest
from running import run

from hptsdk import errors
from hptsdk.cli import main
from hptsdk.local import LocalService, serve_command
from hptsdk.transport import read_keys


@pytest.fixture
def root(open_service, tmp_path):
    """Return a root that was closed after a tuning job."""
    service = open_service()
    run(service)
    service.close()
    return tmp_path / "root"


def cut_in_half(path):
    os.truncate(path, path.stat().st_size // 2)


def overwrite_pages(path):
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def of_another_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 3")
        connection.execute("CREATE TABLE other (name TEXT)")


DAMAGES = {
    "junk": lambda path: path.write_bytes(b"junk" * 1000),
    "text": lambda path: path.write_text("not a database"),
    "empty": lambda path: os.truncate(path, 0),
    "half": cut_in_half,
    "pages": overwrite_pages,
    "other": of_another_program,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_the_error_for_a_damaged_store_has_its_path_and_what_to_do(root, damage):
    damage(root / "state.sqlite3")
    with pytest.raises(ValueError, match=re.escape(f"{root}/state.sqlite3 is damaged: ")) as caught:
        LocalService(root)
    assert "delete it and the files state.sqlite3-wal and state.sqlite3-shm" in str(caught.value)


def test_the_root_opens_after_the_steps_in_the_error(root):
    (root / "state.sqlite3").write_bytes(b"junk")
    with pytest.raises(ValueError, match="is damaged"):
        LocalService(root)
    (root / "state.sqlite3").unlink()
    with LocalService(root) as service:
        assert list(service.client().list()) == []


def test_a_damaged_store_does_not_lock_its_root(root):
    content = (root / "state.sqlite3").read_bytes()
    (root / "state.sqlite3").write_bytes(b"junk")
    with pytest.raises(ValueError, match="is damaged"):
        LocalService(root)
    (root / "state.sqlite3").write_bytes(content)
    with LocalService(root) as service:
        assert len(list(service.client().list())) == 1


def test_a_command_that_serves_a_damaged_root_fails_without_a_traceback(root, capsys):
    (root / "state.sqlite3").write_bytes(b"junk")
    assert main(["local", "serve", "--root", str(root)]) == 1
    assert capsys.readouterr().err.startswith(f"hptsdk: {root}/state.sqlite3 is damaged: file is not a database. ")


def test_requests_fail_with_a_reason_if_the_store_is_damaged_while_the_service_runs(open_service):
    service = open_service()
    with service._store.writing() as connection:
        connection.execute("ALTER TABLE tuning_jobs RENAME TO others")
    with pytest.raises(errors.ServiceUnavailableError, match="cannot read or write its state now: no such table"):
        list(service.client().list())


# --- keys ---

SECRET = "wJalrXUtnFEMIK7MDENG"  # noqa: S105 - of no account

NO_KEYS = {
    "empty": "",
    "junk": "\x00\x01",
    "another encoding": "\udcff",
    "no section": f"aws_secret_access_key = {SECRET}\n",
    "no keys": "[default]\n",
    "one key": f"[default]\naws_secret_access_key = {SECRET}\n",
    "no access key": f"[default]\naws_access_key_id =\naws_secret_access_key = {SECRET}\n",
    "a space": f"[default]\naws_access_key_id = A B\naws_secret_access_key = {SECRET}\n",
    "twice": f"[default]\naws_secret_access_key = {SECRET}\naws_secret_access_key = {SECRET}\n",
}


@pytest.fixture(params=NO_KEYS.values(), ids=NO_KEYS.keys())
def no_keys(request):
    """Return the content of a file without the keys of a service."""
    return request.param.encode(errors="surrogateescape")


def test_the_error_for_damaged_keys_has_their_path_and_nothing_of_their_content(tmp_path, no_keys):
    path = tmp_path / "credentials"
    path.write_bytes(no_keys)
    with pytest.raises(ValueError, match=re.escape(f"{path} is damaged: ")) as caught:
        read_keys(path)
    assert SECRET not in str(caught.value)
    assert "delete it" in str(caught.value)


def test_a_service_does_not_change_damaged_keys(tmp_path):
    (tmp_path / "lock").touch()
    (tmp_path / "credentials").write_text("junk")
    with pytest.raises(ValueError, match="is damaged"):
        LocalService(tmp_path)
    assert (tmp_path / "credentials").read_text() == "junk"


def test_a_service_does_not_change_keys_that_it_cannot_read(tmp_path):
    (tmp_path / "lock").touch()
    (tmp_path / "credentials").mkdir()
    with pytest.raises(IsADirectoryError, match="credentials"):
        LocalService(tmp_path)


# --- options ---


@pytest.mark.parametrize("text", ["", "{", "1", '{"images": 1}', '{"buckets": {"a": 1}, "images": {"a": "b"}}'])
def test_the_error_for_damaged_options_has_their_path_and_what_to_do(tmp_path, text):
    (tmp_path / "lock").touch()
    (tmp_path / "options.json").write_text(text)
    for open_or_suggest in (LocalService, serve_command):
        with pytest.raises(ValueError, match=re.escape(f"{tmp_path}/options.json is damaged: ")):
            open_or_suggest(tmp_path)


# --- commands that call a service ---


@pytest.fixture
def called(open_service, tmp_path, capsys):
    """Return a function that runs a command for the root, and returns its exit code and its standard error."""
    open_service()

    def call(*words):
        return main([*words, "--local", str(tmp_path / "root")]), capsys.readouterr().err

    return call


@pytest.mark.parametrize("command", ["list", "describe demo", "jobs demo", "watch demo", "stop demo", "delete demo"])
@pytest.mark.parametrize("name", ["credentials", "endpoint"])
def test_commands_name_the_damaged_file_of_a_root(called, tmp_path, command, name):
    path = tmp_path / "root" / name
    path.write_bytes(b"junk\xff\n\n")
    code, said = called(*command.split())
    assert code == 1
    assert said.startswith(f"hptsdk: {path} is damaged: ")


@pytest.mark.parametrize("text", ["http://evil.example:80 us-east-1", "http://127.0.0.1:80@evil us-east-1", "x", ""])
def test_commands_use_only_addresses_of_this_machine(called, tmp_path, text):
    (tmp_path / "root" / "endpoint").write_text(text)
    code, said = called("list")
    assert (code, "does not have the address of the local service" in said) == (1, True)


@pytest.mark.parametrize("name", ["credentials", "endpoint"])
def test_commands_name_the_unreadable_file_of_a_root(called, tmp_path, name):
    path = tmp_path / "root" / name
    path.unlink()
    path.mkdir()
    assert called("list") == (1, f"hptsdk: {path}: Is a directory\n")


@pytest.mark.parametrize("name", ["credentials", "endpoint"])
def test_commands_name_the_missing_file_of_a_root(called, tmp_path, name):
    path = tmp_path / "root" / name
    path.unlink()
    code, said = called("list")
    assert (code, str(path) in said) == (1, True)
