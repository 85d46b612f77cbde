"""Rules of script mode: the program and the source directory that the image of a framework runs.

See https://docs.aws.amazon.com/sagemaker/latest/dg/docker-containers-adapt-your-own.html.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, closest
from hptsdk.rules.facts.accounts import repository_of

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition

__all__ = ["DEFINITION"]

_PROGRAM, _SOURCE = "sagemaker_program", "sagemaker_submit_directory"
_VARIABLES = frozenset({"SAGEMAKER_SUBMIT_DIRECTORY", "SAGEMAKER_PROGRAM", "SAGEMAKER_BASE_DIR"})

# The repositories of AWS with images of frameworks, which have no program of their own.
_FRAMEWORK = (
    r"(?:sagemaker-(?:tensorflow(?:-scriptmode)?|pytorch|mxnet|chainer|scikit-learn|xgboost)"
    r"|(?:huggingface-)?(?:tensorflow|pytorch|mxnet|autogluon)(?:-trcomp)?-training(?:-neuronx?)?)"
)

_CHANNELS = "/opt/ml/input/data/"

# Paths of the computer that sends the request: relative ones, home directories and drives of Windows.
_LOCAL = (
    r"file:.*|~.*|\.{1,2}(?:[/\\].*)?|[A-Za-z]:[/\\].*|/Users/.*|/mnt/[a-z]/.*|/content/.*"
    r"|/home/(?:ec2-user|sagemaker-user|studio-lab-user)/.*"
)


def _text(definition: Definition, name: str) -> str:
    """Return a static hyperparameter without the quotes that the SDK of AWS adds; empty text if it is not set."""
    return (definition.static_hyper_parameters or {}).get(name, "").strip().strip('"')


@advice(
    "program-has-a-source",
    source="aws/sagemaker-python-sdk#5508",
    basis="observed",
    needs=("static_hyper_parameters",),
)
def program_has_a_source(definition: Definition) -> Problem | None:
    """A program in the image of a framework has a source directory.

    The images of AWS have no program, so sagemaker_submit_directory names the archive or the channel that holds
    it. An image of your own may contain the program, and is not reported.

    Example:
        `StaticHyperParameters` {"sagemaker_program": "train.py"} with the image pytorch-training.
    """
    if not _text(definition, _PROGRAM) or _text(definition, _SOURCE) or not _runs_framework(definition):
        return None
    if not _VARIABLES.isdisjoint(definition.environment or ()):
        return None
    if any(channel.channel_name == "code" for channel in definition.input_data_config or ()):
        return None
    return Problem(
        "static_hyper_parameters",
        (_SOURCE,),
        expected=f"the archive that holds the program of {_PROGRAM}",
        got="nothing",
        hint="set it to the S3 address of a sourcedir.tar.gz",
    )


def _runs_framework(definition: Definition) -> bool:
    """Check whether a definition has the image of a framework in an account other than that of the role."""
    image = definition.algorithm_specification.training_image or ""
    own_account = definition.role_arn.partition("::")[2].partition(":")[0]
    return re.fullmatch(_FRAMEWORK, repository_of(image)) is not None and not image.startswith(f"{own_account}.")


@advice(
    "source-channel-exists",
    source="aws/sagemaker-python-sdk#5508",
    basis="observed",
    needs=("static_hyper_parameters",),
)
def source_channel_exists(definition: Definition) -> Problem | None:
    """A source directory below /opt/ml/input/data/ is that of a channel of the definition.

    The directory has the name of the channel whose data it holds. It does not exist without the channel, and
    the training job fails.

    Example:
        `StaticHyperParameters` {"sagemaker_submit_directory": "/opt/ml/input/data/code"} without channel "code".
    """
    source = _text(definition, _SOURCE)
    if not source.startswith(_CHANNELS):
        return None
    channels = [channel.channel_name for channel in definition.input_data_config or ()]
    name = source.removeprefix(_CHANNELS).partition("/")[0]
    if not name or name in channels:
        return None
    return Problem(
        "static_hyper_parameters",
        (_SOURCE,),
        expected=f"a channel of the definition below {_CHANNELS}",
        got="the path of a channel that it does not have",
        hint=closest(name, channels) or "add a channel with this name and the data of the source directory",
    )


@advice(
    "source-is-not-local",
    source="aws/sagemaker-python-sdk#5508",
    basis="inferred",
    needs=("static_hyper_parameters",),
)
def source_is_not_local(definition: Definition) -> list[Problem] | None:
    """The program and the source directory are not paths of the computer that sends the request.

    The SDK of AWS uploads a local directory to Amazon S3 before it sends the request. A training job cannot read
    the files of another computer.

    Example:
        `StaticHyperParameters` {"sagemaker_submit_directory": "file:///home/me/src"}.
    """
    static = definition.static_hyper_parameters or {}
    if _SOURCE not in static and _PROGRAM not in static:
        return None
    return [
        Problem("static_hyper_parameters", (name,), expected=expected, got="the path of a local file", hint=hint)
        for name, expected, hint in (
            (_SOURCE, "the S3 address of an archive", "upload a sourcedir.tar.gz, and use its S3 address"),
            (_PROGRAM, "a path in the source directory", "use the name of the file in the source directory"),
        )
        if re.fullmatch(_LOCAL, _text(definition, name), re.DOTALL)
        and not (name == _PROGRAM and _text(definition, name).startswith("."))
    ] or None


DEFINITION = (program_has_a_source, source_channel_exists, source_is_not_local)
