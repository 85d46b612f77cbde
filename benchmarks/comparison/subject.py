"""Run one tool on requests with one mistake each, in an environment with only this tool.

`subject.py TOOL MISTAKES` reads the file that `mistakes.py` writes. It prints JSON: whether the tool rejected each
request with a mistake before sending it, how many of the valid requests it rejected, how many it sent with changes, and
the version of the tool.
"""

# ruff: noqa: ANN401 - a document contains values of any type

import importlib.metadata
import json
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unsent import SentError, catch

Create = Callable[[dict[str, Any]], object]


def with_boto3() -> Create:
    """Return a function that sends a request with boto3."""
    import boto3

    client = boto3.client("sagemaker")
    return lambda document: client.create_hyper_parameter_tuning_job(**document)


def with_sagemaker_core() -> Create:
    """Return a function that sends a request with sagemaker-core, which has its own names of arguments."""
    import boto3
    from botocore.model import ListShape, MapShape, Shape, StructureShape
    from sagemaker.core.resources import HyperParameterTuningJob
    from sagemaker.core.utils.utils import pascal_to_snake

    session = boto3.Session()
    model = session.client("sagemaker").meta.service_model.operation_model("CreateHyperParameterTuningJob")

    def renamed(value: Any, shape: Shape | None) -> Any:
        if isinstance(shape, StructureShape) and isinstance(value, dict):
            return {pascal_to_snake(k): renamed(v, shape.members.get(k)) for k, v in value.items()}
        if isinstance(shape, ListShape) and isinstance(value, list):
            return [renamed(item, shape.member) for item in value]
        if isinstance(shape, MapShape) and isinstance(value, dict):
            return dict(value)
        return value

    def create(document: dict[str, Any]) -> object:
        return HyperParameterTuningJob.create(**renamed(document, model.input_shape), session=session)

    return create


def with_hptsdk() -> Create:
    """Return a function that sends a request with hptsdk."""
    import hptsdk

    client = hptsdk.TuningClient()

    def create(document: dict[str, Any]) -> object:
        return client.create(hptsdk.from_wire(hptsdk.shapes.CreateHyperParameterTuningJobRequest, document))

    return create


TOOLS = {"boto3": with_boto3, "sagemaker-core": with_sagemaker_core, "hptsdk": with_hptsdk}


def verdict(create: Create, document: dict[str, Any]) -> tuple[bool, bool]:
    """Return whether a request was rejected, and whether the sent body is equal to it."""
    try:
        create(document)
    except SentError as sent:
        return False, json.loads(sent.body) == document
    except Exception:  # noqa: BLE001 - every error is a rejection, because nothing was sent
        return True, False
    raise SystemExit("a request was neither sent nor rejected")


def main(tool: str, mistakes: str) -> None:
    """Print the results as JSON."""
    catch()
    wrong, plain, valid = pickle.loads(Path(mistakes).read_bytes())  # noqa: S301 - written by mistakes.py
    create = TOOLS[tool]()
    for document in plain:
        if verdict(create, document)[0]:
            sys.exit(f"{tool} rejects the request without a mistake")
    verdicts = [verdict(create, document) for document in valid]
    result = {
        "version": importlib.metadata.version(tool),
        "rejected": [verdict(create, document)[0] for _, _, document in wrong],
        "valid rejected": sum(rejected for rejected, _ in verdicts),
        "valid changed": sum(not rejected and not same for rejected, same in verdicts),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
