"""hptsdk beside boto3, sagemaker-core and the SageMaker SDK, each alone in an environment; writes the page of the docs.

    python comparing.py FOLDER

makes the environments in the folder, with the newest versions that there are.
"""

import json
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "reference" / "comparison.md"
sys.path.insert(0, str(HERE.parent))

from measure import ratio  # noqa: E402 - beside this folder


class Tool(NamedTuple):
    """What is installed, and what a program imports of it."""

    name: str
    package: str
    imports: str
    distribution: str
    counts: bool = False
    tunes: bool = False


TOOLS = (
    Tool("hptsdk", str(ROOT), "import hptsdk", "hptsdk", counts=True),
    Tool("boto3", "boto3", "import boto3", "boto3", counts=True),
    Tool(
        "sagemaker-core",
        "sagemaker-core",
        "from sagemaker.core.resources import HyperParameterTuningJob",
        "sagemaker-core",
        counts=True,
    ),
    Tool("SageMaker SDK v2", "sagemaker<3", "from sagemaker.tuner import HyperparameterTuner", "sagemaker", tunes=True),
    Tool(
        "SageMaker SDK v3",
        "sagemaker>=3",
        "from sagemaker.train.tuner import HyperparameterTuner",
        "sagemaker",
        tunes=True,
    ),
)

# In the order of the table; what only a hostile caller would do is left out of the sums.
KINDS = {
    "rule": "rules between members",
    "required": "a required member is missing",
    "unknown-member": "a member that there is not",
    "type": "a wrong type",
    "null": "a null",
    "enum": "a word that is not in the enumeration",
    "pattern": "a text that does not match",
    "length": "a text too short or too long",
    "range": "a number out of bounds",
    "items": "too few or too many items",
    "entries": "too many entries in a map",
    "encoding": "a text that is no Unicode",
}


def python_of(folder: Path, tool: Tool) -> Path:
    """Install a tool alone, and give its Python."""
    place = folder / tool.name.replace(" ", "-")
    python = place / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(place)], check=True
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "install",
            "--quiet",
            "--compile-bytecode",
            "--python",
            str(python),
            tool.package,
        ],
        check=True,
    )
    return python


def said(python: Path, *arguments: str) -> str:
    """Run a Python, and give what it printed last; what tools warn of is their own affair."""
    answer = subprocess.run([str(python), *arguments], check=True, capture_output=True, text=True)
    return answer.stdout.strip().splitlines()[-1]


def megabytes(python: Path) -> float:
    """Add up what is installed, without compiled files, which depend on what ran."""
    files = (path for path in (python.parents[1] / "lib").rglob("*") if path.suffix != ".pyc" and not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


def importing(python: Path, tool: Tool, boto3: Path) -> float:
    """Compare an import with that of boto3."""

    def run(interpreter: Path, code: str) -> None:
        subprocess.run([str(interpreter), "-c", code], check=True, capture_output=True)

    return ratio(lambda: run(python, tool.imports), lambda: run(boto3, "import boto3"), rounds=9)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def counted(found: dict[str, dict[str, Any]], kinds: Sequence[str]) -> str:
    """Write how many mistakes of each kind each tool refuses."""
    all_ = Counter(kinds)
    refused = {
        tool: Counter(kind for kind, yes in zip(kinds, verdicts["refused"], strict=True) if yes)
        for tool, verdicts in found.items()
    }
    rows = [[text, all_[kind], *(refused[tool][kind] for tool in found)] for kind, text in KINDS.items() if all_[kind]]
    rows.append(["together", len(kinds), *(sum(refused[tool].values()) for tool in found)])
    return table(["mistake", "ways", *found], rows)


def main(folder: Path) -> None:
    """Measure, and write the page."""
    pythons = {tool.name: python_of(folder, tool) for tool in TOOLS}
    mistakes = folder / "mistakes.pickle"
    subprocess.run([sys.executable, str(HERE / "mistakes.py"), str(mistakes)], check=True)
    wrong, _, valid = pickle.loads(mistakes.read_bytes())  # noqa: S301 - just written
    kinds = [kind for kind, _, _ in wrong]
    found = {
        tool.name: json.loads(said(pythons[tool.name], str(HERE / "subject.py"), tool.name, str(mistakes)))
        for tool in TOOLS
        if tool.counts
    }
    weights = [
        [
            tool.name,
            said(pythons[tool.name], "-c", f"import importlib.metadata as m; print(m.version({tool.distribution!r}))"),
            f"{megabytes(pythons[tool.name]):.0f} MB",
            f"{importing(pythons[tool.name], tool, pythons['boto3']):.2f}",
        ]
        for tool in TOOLS
    ]
    isolation = [
        f"- {tool.name}: {said(pythons[tool.name], str(HERE / 'isolation.py'))}" for tool in TOOLS if tool.tunes
    ]
    valid_rows = [[tool, len(valid), v["valid refused"], v["valid changed"]] for tool, v in found.items()]
    PAGE.write_text(
        PAGE_TEXT.format(
            python=sys.version.split()[0],
            weights=table(["tool", "version", "installed", "import, against boto3's"], weights),
            counted=counted(found, kinds),
            valid=table(["tool", "valid requests", "refused", "sent otherwise"], valid_rows),
            isolation="\n".join(isolation),
        )
    )
    print(PAGE.read_text())


PAGE_TEXT = """# Comparison

Measured by `nox -s compare` with Python {python} and the newest versions that there were, each alone in an environment.

## Weight

Installed with all that it needs, without compiled files. The import is of what a tuning job is made with; the figure is
the median ratio to `import boto3` in turns within one run.

{weights}

## Mistakes found before sending

One request for each way to get it wrong that hptsdk knows: each way to break each
[rule](rules.md), and each bound of each member at one place. All start from a small request that every tool takes. What
botocore would send is caught; a mistake counts as found when the tool raised an error before. That hptsdk finds all is
by construction; the list is what it was built for, so the other columns are what there is to learn here.

{counted}

Most rules between members need no more than the request, but no part of the API's model says them, and that is what
the others check by. The SageMaker SDK's tuners cannot say most of these requests, so they are not counted.

## Valid requests

Drawn by [`hptsdk.testing.strategies`](../how-to/test-your-code.md), many of them at the limits of what is valid, with
empty texts, lists and structures.

{valid}

## Network isolation

A tuner for a training job that asks for network isolation, and whether the request still does:

{isolation}
"""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
