"""Run one tool on requests with one mistake each, in an environment with only this tool.

`subject.py TOOL MISTAKES` prints JSON: for each mistake, whether the tool refused the request before sending it; the
same for the valid requests; and the version of the tool.
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
    """Return the call of boto3."""
    import boto3

    client = boto3.client("sagemaker")
    return lambda document: client.create_hyper_parameter_tuning_job(**document)


def with_sagemaker_core() -> Create:
    """Return the call of sagemaker-core, which has its own names of arguments."""
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
    """Return the call of hptsdk."""
    import hptsdk

    client = hptsdk.TuningClient()

    def create(document: dict[str, Any]) -> object:
        return client.create(hptsdk.from_wire(hptsdk.shapes.CreateHyperParameterTuningJobRequest, document))

    return create


TOOLS = {"boto3": with_boto3, "sagemaker-core": with_sagemaker_core, "hptsdk": with_hptsdk}


def verdict(create: Create, document: dict[str, Any]) -> tuple[bool, bool]:
    """Return whether a request was refused, and whether the sent request is equal to it."""
    try:
        create(document)
    except SentError as sent:
        return False, json.loads(sent.body) == document
    except Exception:  # noqa: BLE001 - every error is a refusal, because nothing was sent
        return True, False
    raise SystemExit("a request was neither sent nor refused")


def main(tool: str, mistakes: str) -> None:
    """Print the result of each request."""
    catch()
    wrong, plain, valid = pickle.loads(Path(mistakes).read_bytes())  # noqa: S301 - written by mistakes.py
    create = TOOLS[tool]()
    for document in plain:
        if verdict(create, document)[0]:
            sys.exit("the request is refused without a mistake")
    verdicts = [verdict(create, document) for document in valid]
    result = {
        "version": importlib.metadata.version(tool),
        "refused": [verdict(create, document)[0] for _, _, document in wrong],
        "valid refused": sum(refused for refused, _ in verdicts),
        "valid changed": sum(not refused and not same for refused, same in verdicts),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
