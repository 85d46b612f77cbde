"""The Python blocks of the README run in order, against a server with SageMaker's protocol."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def _service(monkeypatch, tmp_path):
    from moto.server import ThreadedMotoServer

    monkeypatch.chdir(tmp_path)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    yield
    server.stop()


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
@pytest.mark.usefixtures("_service")
def test_every_block_of_the_readme_runs(capsys):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) >= 3
    names = {}
    for block in blocks:
        exec(compile(block, str(README), "exec"), names)  # noqa: S102 - the project's own file
        output = "".join(f"# {line}\n" for line in capsys.readouterr().out.splitlines())
        shown = "".join(re.findall(r"^# .*\n", block, re.MULTILINE))
        assert not shown or output == re.sub(r"\n#     ", " ", shown)


def test_the_readme_begins_with_commands():
    lines = README.read_text().splitlines()
    assert [line.partition("#")[0].strip() for line in lines[2:5]] == [
        "python3 noxfile.py -s demo",
        "python3 noxfile.py -s tests",
        "python3 noxfile.py -s tests-all",
    ]


def test_the_numbers_of_the_comparison_are_those_of_its_page():
    def numbers_in(text):
        return set(re.findall(r"\d+(?:\.\d+)?", text))

    [table] = re.findall(r"\| \| hptsdk \|.*?\n\n", README.read_text(), re.DOTALL)
    page = (README.parent / "docs" / "reference" / "comparison.md").read_text()
    assert numbers_in(table) <= numbers_in(page)
