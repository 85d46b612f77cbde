"""Run all benchmarks, print the table of their ratios and write it to docs/reference/speed.md."""

import json
import platform
import sys
import tracemalloc
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import botocore
import botocore.model
import botocore.serialize
import botocore.session
import botocore.validate
import commands
import creating
import generating
import listing
import local
from largest import largest
from measure import Row, process, ratio, table
from small import small

import hptsdk
from hptsdk.shapes import CreateHyperParameterTuningJobRequest as Request

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "reference" / "speed.md"
MANY = 10_000


def starting() -> list[Row]:
    """Measure fresh processes."""
    boto3 = process(["-c", "import boto3"])
    return [
        Row("`import hptsdk`", "`import boto3`", ratio(process(["-c", "import hptsdk"]), boto3), 0.20, 0.10),
        Row(
            "a fresh process that imports hptsdk and builds a first small request",
            "`import boto3`",
            ratio(process([str(HERE / "small.py")]), boto3),
            0.50,
            0.40,
        ),
    ]


def shapes() -> list[Row]:
    """Compare the largest request with botocore's validator and serializer of the same document."""
    operation = botocore.session.get_session().get_service_model("sagemaker").operation_model(Request.__name__[:-7])
    validator = botocore.validate.ParamValidator()
    serializer = botocore.serialize.create_serializer("json", include_validation=False)
    request = largest()
    wire, text = hptsdk.to_wire(request), hptsdk.dumps(request)
    input_shape = operation.input_shape
    if input_shape is None or validator.validate(wire, input_shape).has_errors():
        sys.exit("botocore reports violations in the largest request")

    def validate(document: Mapping[str, Any] = wire) -> object:
        return validator.validate(document, input_shape)

    size = f"{len(text) // 1000} kB of JSON"
    return [
        Row(f"build and validate the largest request ({size})", "ParamValidator", ratio(largest, validate), 0.42, 0.35),
        Row(
            "its JSON text",
            "botocore's serializer",
            ratio(lambda: hptsdk.dumps(request), lambda: serializer.serialize_to_request(wire, operation)),
            0.45,
            0.33,
        ),
        Row(
            "from its JSON text to validated shapes",
            "json.loads and ParamValidator",
            ratio(lambda: hptsdk.loads(Request, text), lambda: validate(json.loads(text))),
            0.60,
            0.50,
        ),
    ]


def growth() -> str:
    """Measure how the time of the construction depends on the number of definitions."""
    operation = botocore.session.get_session().get_service_model("sagemaker").operation_model(Request.__name__[:-7])
    input_shape = cast("botocore.model.Shape", operation.input_shape)
    validator = botocore.validate.ParamValidator()
    lines = ["| definitions | compared with one | compared with ParamValidator |", "| --- | --- | --- |"]
    for count in (1, 2, 5, 10):
        wire = hptsdk.to_wire(largest(count))
        to_one = ratio(partial(largest, count), partial(largest, 1))
        to_botocore = ratio(partial(largest, count), partial(validator.validate, wire, input_shape))
        lines.append(f"| {count} | {to_one:.2f} | {to_botocore:.2f} |")
    return "\n".join(lines)


def memory() -> str:
    """Measure the memory of many small requests."""
    text = hptsdk.dumps(small())
    hptsdk.loads(Request, text)
    tracemalloc.start()
    requests = [hptsdk.loads(Request, text) for _ in range(MANY)]
    as_shapes = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    tracemalloc.start()
    dicts = [json.loads(text) for _ in range(MANY)]
    as_dicts = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (
        f"{len(requests):,} small requests take {as_shapes / 1e6:.0f} MB as shapes, and {as_dicts / 1e6:.0f} MB as\n"
        f"the dicts that json.loads returns for the same {len(dicts):,} documents ({as_shapes / as_dicts:.2f})."
    )


def main() -> None:
    """Run all benchmarks."""
    rows = [*starting(), *shapes(), *creating.rows(), *listing.rows(), *local.rows(), *commands.rows()]
    versions = f"Python {platform.python_version()} and botocore {botocore.__version__}"
    page = (
        f"# Speed\n\n`python3 noxfile.py -s bench` measured this with {versions}.\n\n"
        "Each ratio is the median of rounds in which the work and the work that it is compared with run alternately. "
        "Smaller is\nbetter. A bound is the largest allowed ratio, and (missed) marks a ratio above it. "
        f"The target is the aim.\n\n{table(rows)}\n\n## Growth\n\n"
        f"Time to build and validate the largest request with fewer definitions.\n\n{growth()}\n\n"
        f"## Memory\n\n{memory()}\n\n"
        f"## Generated requests\n\n"
        f"`hptsdk.testing.strategies`, compared with `st.builds` of Hypothesis for a class with as many members.\n\n"
        f"{generating.table()}\n"
    )
    print(page)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page)
    sys.exit(0 if all(row.is_within_bound for row in rows) else 1)


if __name__ == "__main__":
    main()
