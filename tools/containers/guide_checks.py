"""The commands and the code of the guide about containers, run with each engine.

The base image of the guide is replaced by one with the Python of this machine.
"""

import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "docs"))

from doc_blocks import DOCS, blocks_of
from doc_shell import matches
from images import python_image

GUIDE = DOCS / "how-to" / "use-containers.md"


def test_the_commands_and_the_code_of_the_guide_give_its_output(engine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # the builder of Docker that needs no plugin
    monkeypatch.setenv("DOCKER_BUILDKIT", "0")
    blocks = blocks_of(GUIDE)
    for block in blocks:
        if block.file and block.kind != "await":
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(block.text)
    engine.import_image("python:3.13-slim", python_image(has_train=False))
    engine.run("build", "-t", "my-image:1", ".")
    names: dict[str, object] = {}
    printed = StringIO()
    code = [block.text for block in blocks if block.kind == "python" and not block.file]
    with redirect_stdout(printed):
        # the last block is not run, because it sends the request to SageMaker
        for text in code[:-1]:
            chosen = text.replace('Container("my-image:1")', f'Container("my-image:1", engine="{engine.name}")')
            exec(compile(chosen, GUIDE, "exec"), names)  # noqa: S102 - the code of the page
    (shown,) = [block.text for block in blocks if block.kind == "text" and not block.file]
    assert matches(shown, printed.getvalue())
    engine.run("rmi", "my-image:1", "python:3.13-slim")
