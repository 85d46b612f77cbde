"""Run all benchmarks, print the page with their results and write it to docs/reference/speed.md.

Exits with 1 if a ratio is above its bound.
"""

import argparse
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
    """Compare new processes with a new process that imports boto3."""
    boto3, against = process(["-c", "import boto3"]), "`import boto3` in a new process"
    return [
        Row("`import hptsdk` in a new process", against, ratio(process(["-c", "import hptsdk"]), boto3), 0.20, 0.10),
        Row(
            "a new process that imports hptsdk and creates one small request",
            against,
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

    work = f"create the largest request ({len(text) // 1000} kB of JSON) with the constructors, which validate it"
    same = "with the same request as a dict"
    # the default number of rounds takes less than a second, within which the speed of a machine can change
    return [
        Row(work, f"botocore's ParamValidator {same}", ratio(largest, validate, rounds=200), 0.42, 0.35),
        Row(
            "`hptsdk.dumps` of the largest request",
            f"botocore's JSON serializer {same}",
            ratio(lambda: hptsdk.dumps(request), lambda: serializer.serialize_to_request(wire, operation), rounds=200),
            0.45,
            0.33,
        ),
        Row(
            "`hptsdk.loads` of the largest request",
            "json.loads and ParamValidator with the same text",
            ratio(lambda: hptsdk.loads(Request, text), lambda: validate(json.loads(text)), rounds=200),
            0.60,
            0.50,
        ),
    ]


def growth() -> str:
    """Return a table of the time to create the largest request by its number of definitions, in Markdown."""
    operation = botocore.session.get_session().get_service_model("sagemaker").operation_model(Request.__name__[:-7])
    input_shape = cast("botocore.model.Shape", operation.input_shape)
    validator = botocore.validate.ParamValidator()
    lines = [
        "| definitions | compared with one definition | compared with botocore's ParamValidator |",
        "| --- | --- | --- |",
    ]
    for count in (1, 2, 5, 10):
        wire = hptsdk.to_wire(largest(count))
        to_one = ratio(partial(largest, count), partial(largest, 1))
        to_botocore = ratio(partial(largest, count), partial(validator.validate, wire, input_shape))
        lines.append(f"| {count} | {to_one:.2f} | {to_botocore:.2f} |")
    return "\n".join(lines)


def memory() -> str:
    """Return a sentence about the memory of many small requests, as shapes and as dicts."""
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
        f"{len(requests):,} small requests take {as_shapes / 1e6:.0f} MB as instances of the class of the request. "
        f"The {len(dicts):,} dicts that json.loads returns for\ntheir JSON text take {as_dicts / 1e6:.0f} MB. "
        f"The ratio is {as_shapes / as_dicts:.2f}."
    )


PAGE_TEXT = """# Speed

`python3 noxfile.py -s bench` measured this with Python {python} and botocore {botocore}.

A ratio below 1 means that the work takes less time, or less memory, than the work that it is compared with. A ratio of
times is the median of 3 to 200 rounds. Each round measures both works, one after the other. The bound is the largest
allowed ratio: (missed) marks a ratio above it, and the session fails if there is one. The target is the aim for later
releases. The largest request has ten definitions, each with 20 channels, 40 metric definitions and 99 hyperparameters.

{table}

## Growth

The time to create and validate a request with the number of definitions in the first column, each with 20 channels, 40
metric definitions and 99 hyperparameters:

{growth}

## Memory

{memory}

## Generated requests

`hptsdk.testing.strategies.requests` is compared with a strategy `st.builds` of Hypothesis, for an attrs class. In the
second column, the number of members of this class is the median of the numbers of members that are set in 100 generated
requests. The ratio is that of the median times for one value.

{generated}
"""


def main() -> None:
    """Run all benchmarks. There are no options except --help."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    rows = [*starting(), *shapes(), *creating.rows(), *listing.rows(), *local.rows(), *commands.rows()]
    page = PAGE_TEXT.format(
        python=platform.python_version(),
        botocore=botocore.__version__,
        table=table(rows),
        growth=growth(),
        memory=memory(),
        generated=generating.table(),
    )
    print(page)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page)
    sys.exit(0 if all(row.is_within_bound for row in rows) else 1)


if __name__ == "__main__":
    main()
