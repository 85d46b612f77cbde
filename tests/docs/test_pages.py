"""The blocks of every page run, one after another, as a reader would run them in one folder.

SageMaker is a server on this machine that keeps jobs in memory; nothing reaches further.
"""

import io
import json
import tomllib
from contextlib import redirect_stdout
from time import monotonic, sleep

import pytest
from doc_blocks import DOCS, blocks_of, pages
from doc_shell import PATIENCE, Shell, agrees, commands_in
from ruamel.yaml import YAML

from hptsdk.testing import FaultyServer

pytest_plugins = ["pytester"]
pytestmark = [pytest.mark.hptsdk_offline, pytest.mark.long]

RUN = ("python", "console")
PAGES = [page for page in pages() if any(block.kind in RUN for block in blocks_of(page))]
TESTS = [page for page in PAGES if any("\ndef test_" in block.text for block in blocks_of(page))]

# Here hypothesis takes hptsdk, which lies beside the tests, for code under test, and looks it through for constants.
PATIENT = """
from hypothesis import HealthCheck, settings
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
"""


def named(page):
    return str(page.relative_to(DOCS))


@pytest.fixture
def sagemaker(monkeypatch, tmp_path):
    """Stand in for SageMaker and the reader's folder and account."""
    monkeypatch.chdir(tmp_path)
    with FaultyServer() as server:
        for name, value in {
            "AWS_ENDPOINT_URL": server.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": str(tmp_path / "no-config"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            monkeypatch.setenv(name, value)
        yield server.service


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_block_of_a_page_runs_and_prints_what_is_shown(page, sagemaker, tmp_path):
    # whatever runs before a block is its setting: names, files, jobs, what the shell was told
    names, printed, shell = {"__name__": "page", "sagemaker": sagemaker}, "", Shell(tmp_path)
    try:
        for block in blocks_of(page):
            where = f"{page}:{block.line}"
            if block.kind == "await":
                await_text(tmp_path / block.file, block.text)
            elif block.file:
                write(tmp_path / block.file, block.text)
            elif block.kind in ("python", "setup") and not block.skipped:
                printed = run_python(block, page, names)
            elif block.kind == "text":
                assert agrees(block.text, printed), f"{where}: printed was\n{printed}"
            elif block.kind == "console" and not block.skipped:
                run_console(block, where, shell)
    finally:
        shell.close()


def test_the_tutorial_runs_to_its_end_without_an_aws_account(sagemaker, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    page, names, printed = DOCS / "tutorial" / "first-job.md", {"__name__": "page"}, ""
    for block in blocks_of(page):
        if block.file:
            write(tmp_path / block.file, block.text)
        elif block.kind == "python":
            printed = run_python(block, page, names)
    assert "Unable to locate credentials; set AWS_ACCESS_KEY_ID" in printed
    assert sagemaker.jobs == {}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def await_text(path, text):
    """Wait until a text stands in a file that a command in the background writes."""
    until = monotonic() + PATIENCE
    while not (path.exists() and text in path.read_text()):
        assert monotonic() < until, f"{text} did not come into {path.name}"
        sleep(0.02)


def run_python(block, page, names):
    """Run a block, with its lines numbered as on the page, and give what it printed."""
    code = compile("\n" * (block.line - 1) + block.text, str(page), "exec")
    with redirect_stdout(io.StringIO()) as out:
        exec(code, names)  # noqa: S102 - the project's own pages
    return out.getvalue()


def run_console(block, where, shell):
    """Run the commands of a block; one that fails must show why."""
    for command, shown in commands_in(block.text):
        printed, status = shell.run(command)
        if shown:
            assert agrees("\n".join(shown), printed), f"{where}: {command} printed\n{printed}"
        else:
            assert status == 0, f"{where}: {command} ended with {status} and printed\n{printed}"


@pytest.mark.parametrize("page", TESTS, ids=named)
def test_every_test_of_a_page_passes(page, pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    code = "\n".join(block.text for block in blocks_of(page) if block.kind == "python")
    pytester.makepyfile(code)
    pytester.makeconftest(PATIENT)
    found = pytester.runpytest_subprocess("-p", "hptsdk.testing.plugin", "-p", "no:cacheprovider", "-W", "error")
    assert found.ret == 0
    assert found.parseoutcomes()["passed"] >= code.count("\ndef test_")


@pytest.mark.parametrize("page", pages(), ids=named)
def test_a_page_hides_no_command_from_being_run(page):
    hidden = [block.line for block in blocks_of(page) if block.kind == "indented" and block.text.startswith("$ ")]
    assert not hidden, "a command stands in a console block"


@pytest.mark.parametrize("page", pages(), ids=named)
def test_the_documents_of_a_page_can_be_read(page):
    for block in blocks_of(page):
        if block.kind == "json":
            json.loads(block.text)
        elif block.kind == "yaml":
            YAML(typ="safe").load(block.text)
        elif block.kind == "toml":
            tomllib.loads(block.text)


# What no test can run: the page, how the block begins, and why.
SKIPPED = {
    (
        "how-to/run-locally.md",
        "$ aws sagemaker list-hyper-parameter-tuning-jobs",
        "needs the AWS CLI, with which the session clients of the project's noxfile tries it",
    ),
    ("tutorial/first-job.md", "$ python3 -m venv .venv", "installs packages"),
}


def test_no_other_block_is_skipped_than_those_listed_here():
    skipped = {
        (named(page), block.text.splitlines()[0], block.skipped)
        for page in pages()
        for block in blocks_of(page)
        if block.skipped
    }
    assert skipped == SKIPPED


# Of any other language nobody would run or read a block.
KNOWN = {"python", "console", "text", "yaml", "json", "toml", "indented", "setup", "await"}


@pytest.mark.parametrize("page", pages(), ids=named)
def test_the_blocks_of_a_page_are_of_known_kinds(page):
    strange = {block.kind for block in blocks_of(page)} - KNOWN
    assert not {kind for kind in strange if not kind.startswith("{")}
