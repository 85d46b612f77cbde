"""The blocks of every page run in order, in one folder.

SageMaker is replaced by a server on this machine that stores jobs in memory.
"""

import io
import json
import tomllib
from contextlib import redirect_stdout
from time import monotonic, sleep

import pytest
from doc_blocks import DOCS, blocks_of, pages
from doc_shell import TIMEOUT, Shell, commands_in, matches
from ruamel.yaml import YAML

from hptsdk.testing import FaultyServer

pytest_plugins = ["pytester"]
pytestmark = [pytest.mark.hptsdk_offline, pytest.mark.long]

RUN = ("python", "console")
PAGES = [page for page in pages() if any(block.kind in RUN for block in blocks_of(page))]
TESTS = [page for page in PAGES if any("\ndef test_" in block.text for block in blocks_of(page))]

# hypothesis searches the sources of hptsdk for constants, because they are in the same folder as the tests.
PROFILE = """
from hypothesis import HealthCheck, settings
settings.register_profile("slow", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("slow")
"""


def named(page):
    return str(page.relative_to(DOCS))


@pytest.fixture
def sagemaker(monkeypatch, tmp_path):
    """Replace SageMaker, and the folder and account of the reader."""
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
    # the blocks share names, files, jobs and the shell
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
            elif block.kind == "text" and not block.skipped:
                assert matches(block.text, printed), f"{where}: the output was\n{printed}"
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
    """Wait until a file contains a text. A command in the background writes it."""
    deadline = monotonic() + TIMEOUT
    while not (path.exists() and text in path.read_text()):
        assert monotonic() < deadline, f"{path.name} does not contain {text}"
        sleep(0.02)


def run_python(block, page, names):
    """Run a block with the line numbers of its page, and return its output."""
    code = compile("\n" * (block.line - 1) + block.text, str(page), "exec")
    with redirect_stdout(io.StringIO()) as out:
        exec(code, names)  # noqa: S102 - the project's own pages
    return out.getvalue()


def run_console(block, where, shell):
    """Run the commands of a block. A command without output on the page must succeed."""
    for command, shown in commands_in(block.text):
        printed, status = shell.run(command)
        if shown:
            assert matches("\n".join(shown), printed), f"{where}: {command} printed\n{printed}"
        else:
            assert status == 0, f"{where}: {command} ended with {status} and printed\n{printed}"


@pytest.mark.parametrize("page", TESTS, ids=named)
def test_every_test_of_a_page_passes(page, pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    code = "\n".join(block.text for block in blocks_of(page) if block.kind == "python")
    pytester.makepyfile(code)
    pytester.makeconftest(PROFILE)
    result = pytester.runpytest_subprocess("-p", "hptsdk.testing.plugin", "-p", "no:cacheprovider", "-W", "error")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] >= code.count("\ndef test_")


@pytest.mark.parametrize("page", pages(), ids=named)
def test_commands_are_in_console_blocks(page):
    hidden = [block.line for block in blocks_of(page) if block.kind == "indented" and block.text.startswith("$ ")]
    assert not hidden, "a command must be in a console block"


@pytest.mark.parametrize("page", pages(), ids=named)
def test_the_documents_of_a_page_can_be_parsed(page):
    for block in blocks_of(page):
        if block.kind == "json":
            json.loads(block.text)
        elif block.kind == "yaml":
            YAML(typ="safe").load(block.text)
        elif block.kind == "toml":
            tomllib.loads(block.text)


# The blocks that no test can run: the page, the first line, and the reason.
SKIPPED = {
    (
        "how-to/use-containers.md",
        "{'rate': '0....'}",
        "needs a container engine, with which the session containers of the project's noxfile compares it",
    ),
    (
        "how-to/run-locally.md",
        '$ eval "$(hptsdk local env --root shared)"',
        "needs the AWS CLI, with which the session clients of the project's noxfile tries it",
    ),
    (
        "how-to/find-what-a-tuner-loses.md",
        "$ hptsdk capture --directory sdk2 -- python launch_sdk2.py",
        "needs the SageMaker SDK 2, with which the session clients of the project's noxfile runs it",
    ),
    (
        "how-to/find-what-a-tuner-loses.md",
        "$ hptsdk capture --directory sdk3 -- python launch_sdk3.py",
        "needs the SageMaker SDK 3, with which the session peers of the project's noxfile runs it",
    ),
    (
        "how-to/find-what-a-tuner-loses.md",
        "$ hptsdk capture --directory cli -- aws sagemaker \\",
        "needs the AWS CLI, with which the session clients of the project's noxfile runs it",
    ),
    *(
        (
            "how-to/use-containers.md",
            line,
            "needs a container engine, with which the session containers of the project's noxfile runs it",
        )
        for line in ("$ docker build -t my-image:1 .", "from hptsdk.local import Container, LocalService")
    ),
    (
        "how-to/use-containers.md",
        "$ hptsdk local serve --root runs --bucket amzn-s3-demo-bucket=data \\",
        "needs a container engine",
    ),
    (
        "how-to/use-containers.md",
        "$ aws ecr create-repository --repository-name my-image --region us-east-1",
        "needs an AWS account",
    ),
    ("how-to/use-containers.md", 'client = hptsdk.TuningClient(region_name="us-east-1")', "needs an AWS account"),
    ("tutorial/first-job.md", "$ python3 -m venv .venv", "installs packages"),
}


def test_no_other_block_is_skipped():
    skipped = {
        (named(page), block.text.splitlines()[0], block.skipped)
        for page in pages()
        for block in blocks_of(page)
        if block.skipped
    }
    assert skipped == SKIPPED


# Blocks in another language would not be tested.
KNOWN = {"python", "console", "text", "yaml", "json", "toml", "indented", "setup", "await"}


@pytest.mark.parametrize("page", pages(), ids=named)
def test_the_blocks_of_a_page_are_in_tested_languages(page):
    unknown = {block.kind for block in blocks_of(page)} - KNOWN
    assert not {kind for kind in unknown if not kind.startswith("{")}
