"""Compare hptsdk with boto3, sagemaker-core and the SageMaker SDK, and write the page of the documentation.

`comparing.py FOLDER` creates an environment for each tool in FOLDER, with the newest versions.
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
    """A tool.

    Attributes:
        name: its name in the tables.
        package: the requirement to install.
        imports: the measured import statement.
        distribution: the package whose version is shown.
        counts: whether its mistakes are counted.
        tunes: whether the network isolation of its tuner is tested.
    """

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

# The kinds of mistakes, in the order of the table.
KINDS = {
    "rule": "rules between members",
    "required": "a required member is missing",
    "unknown-member": "an unknown member",
    "type": "a wrong type",
    "null": "a null",
    "enum": "a value that is not in the enumeration",
    "pattern": "a string that does not match its pattern",
    "length": "a string that is too short or too long",
    "range": "a number out of bounds",
    "items": "too few or too many items",
    "entries": "too many entries in a map",
    "encoding": "a string with a lone surrogate",
}


def python_of(folder: Path, tool: Tool) -> Path:
    """Install a tool in its own environment and return its Python."""
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


def last_line(python: Path, *arguments: str) -> str:
    """Run a Python and return the last line of its output. Warnings of the tools are ignored."""
    completed = subprocess.run([str(python), *arguments], check=True, capture_output=True, text=True)
    return completed.stdout.strip().splitlines()[-1]


def megabytes(python: Path) -> float:
    """Return the size of an environment in megabytes, without compiled files."""
    files = (path for path in (python.parents[1] / "lib").rglob("*") if path.suffix != ".pyc" and not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


def importing(python: Path, tool: Tool, boto3: Path) -> float:
    """Return the ratio of the time of an import to that of `import boto3`, each in a new process."""

    def run(interpreter: Path, code: str) -> None:
        subprocess.run([str(interpreter), "-c", code], check=True, capture_output=True)

    return ratio(lambda: run(python, tool.imports), lambda: run(boto3, "import boto3"), rounds=9)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def counted(results: dict[str, dict[str, Any]], kinds: Sequence[str]) -> str:
    """Return the table of the mistakes that each tool finds.

    Args:
        results: the output of `subject.py` by tool.
        kinds: the kind of each mistake.
    """
    all_ = Counter(kinds)
    rejected = {
        tool: Counter(kind for kind, yes in zip(kinds, verdicts["rejected"], strict=True) if yes)
        for tool, verdicts in results.items()
    }
    rows = [
        [text, all_[kind], *(rejected[tool][kind] for tool in results)] for kind, text in KINDS.items() if all_[kind]
    ]
    rows.append(["total", len(kinds), *(sum(rejected[tool].values()) for tool in results)])
    return table(["mistake", "requests", *results], rows)


def main(folder: Path) -> None:
    """Measure, write the page and print it."""
    pythons = {tool.name: python_of(folder, tool) for tool in TOOLS}
    mistakes = folder / "mistakes.pickle"
    subprocess.run([sys.executable, str(HERE / "mistakes.py"), str(mistakes)], check=True)
    wrong, _, valid = pickle.loads(mistakes.read_bytes())  # noqa: S301 - just written
    kinds = [kind for kind, _, _ in wrong]
    results = {
        tool.name: json.loads(last_line(pythons[tool.name], str(HERE / "subject.py"), tool.name, str(mistakes)))
        for tool in TOOLS
        if tool.counts
    }
    weights = [
        [
            tool.name,
            last_line(
                pythons[tool.name], "-c", f"import importlib.metadata as m; print(m.version({tool.distribution!r}))"
            ),
            f"{megabytes(pythons[tool.name]):.0f} MB",
            f"{importing(pythons[tool.name], tool, pythons['boto3']):.2f}",
        ]
        for tool in TOOLS
    ]
    isolation = [
        f"- {tool.name}: {last_line(pythons[tool.name], str(HERE / 'isolation.py'))}" for tool in TOOLS if tool.tunes
    ]
    valid_rows = [[tool, len(valid), v["valid rejected"], v["valid changed"]] for tool, v in results.items()]
    PAGE.write_text(
        PAGE_TEXT.format(
            python=sys.version.split()[0],
            weights=table(["tool", "version", "installed", "import, compared with boto3's"], weights),
            counted=counted(results, kinds),
            valid=table(["tool", "valid requests", "rejected", "sent with changes"], valid_rows),
            isolation="\n".join(isolation),
        )
    )
    print(PAGE.read_text())


PAGE_TEXT = """# Comparison

`python3 noxfile.py -s compare` wrote this page. It installed the newest version of each tool in an environment of its
own, with Python {python}. hptsdk was installed without extras.

## Size and import time

The size is that of the tool with all its dependencies, without compiled Python files. The imports are `import hptsdk`,
`import boto3`, and, for the other tools, the import of their class for tuning jobs. The last column is the time of the
import in a new process, divided by the time of `import boto3`. It is the median of nine rounds, which measure the two
imports alternately. The value for boto3 itself differs from 1 only by the error of the measurement.

{weights}

## Mistakes found before sending

Each request has one mistake that hptsdk detects without calling AWS. It violates a [rule](rules.md) with the level
error, or a constraint of one member. Together the requests violate all these rules, and all constraints of all members.
They are changes of two small requests that all three tools accept. The last three columns count the requests for which
a tool raises an error before it would send them. The numbers of hptsdk are no measure of its quality, because the
mistakes are derived from its rules and constraints.

{counted}

boto3 and sagemaker-core use AWS's model of the API, which does not contain rules between members. The SageMaker SDKs
are not in the table, because their tuners cannot create most of these requests.

## Valid requests

[`strategies.requests(extreme=True)`](../how-to/test-your-code.md#generate-requests) of `hptsdk.testing` generated these
requests. Many have values at their limits, and empty strings, lists and structures. A request is rejected if the tool
raises an error before it would send the request. It is sent with changes if the body that the tool would send differs
from the request.

{valid}

## Network isolation

A tuner of the SageMaker SDK creates its request from an estimator (version 2) or a model trainer (version 3). In this
test, the estimator and the model trainer have network isolation. The setting is *kept* if the request of the tuner has
`EnableNetworkIsolation`, otherwise *lost*:

{isolation}
"""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
