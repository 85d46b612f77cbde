"""The commands for requests in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from hptsdk.cli._options import Connection, File, Output, choice, with_connection
from hptsdk.cli._output import confirmed, print_message
from hptsdk.enums import Syntax
from hptsdk.export import Document, target_names

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

app = typer.Typer()

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400

_IfExists = Literal["error", "return"]

_NAME_IN_USE = "Use another name, or --if-exists return to get the existing job if it has the same settings."


@app.command(epilog="Example: hptsdk validate jobs/*.yaml --output sarif > findings.sarif")
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="JSON or YAML files; - for standard input.")],
    output: Annotated[str, choice(("text", "json", "sarif"), "--output", "Format of the findings.")] = "text",
    *,
    advice: Annotated[bool, typer.Option("--advice/--no-advice", help="Print advice.")] = True,
    strict: Annotated[bool, typer.Option("--strict", help="Fail also if there is advice.")] = False,
    template: Annotated[
        str | None, choice(get_args(Syntax), "--template", "The files are templates: the syntax of their placeholders.")
    ] = None,
) -> None:
    """Validate requests, and print violations and advice with their positions. The exit code is 1 if one is invalid."""
    from hptsdk.cli._findings import as_json, as_sarif, findings_in

    findings = list(findings_in(files, advice=advice, syntax=template))
    if output == "text":
        for finding in findings:
            print_message(str(finding))
    else:
        print(as_json(findings) if output == "json" else as_sarif(findings))
    if any(finding.level == "error" or strict for finding in findings):
        raise typer.Exit(1)


@app.command(epilog="Example: hptsdk create job.yaml --dry-run")
@with_connection
def create(
    file: File,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the request without sending it.")] = False,
    if_exists: Annotated[
        _IfExists,
        choice(
            get_args(_IfExists),
            "--if-exists",
            "Result if the name is in use: an error, or the existing tuning job if it has the same settings.",
        ),
    ] = "error",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation if there is advice.")] = False,
    output: Output = "text",
    connection: Connection,
) -> None:
    """Create a tuning job from a request, and print its ARN.

    Advice and the largest possible cost in instance-hours are printed first. If there is advice, the command asks for
    confirmation at a terminal.
    """
    import json
    import warnings

    from hptsdk.advice import AdviceWarning, advice_before_create
    from hptsdk.cli._findings import read_request
    from hptsdk.errors import ResourceInUseError
    from hptsdk.progress import printable
    from hptsdk.wire import dumps

    request = read_request(file)
    advice = advice_before_create(request, is_local=connection.local is not None)
    for item in advice:
        print_message(f"advice: {item.message}")
    print_message(_largest_cost(request))
    if dry_run:
        print(dumps(request, indent=2))
        return
    if advice and not yes and not confirmed("Create the tuning job?"):
        print_message("no tuning job was created")
        raise typer.Exit(1)
    with connection.client() as client, warnings.catch_warnings():
        warnings.simplefilter("ignore", AdviceWarning)  # the advice is already printed
        try:
            job = client.create(request, if_exists=if_exists)
        except ResourceInUseError as error:
            error.__notes__ = [_NAME_IN_USE]  # replaces the note with Python code
            raise
        arn = job.arn
    print(json.dumps({"HyperParameterTuningJobArn": arn}, indent=2) if output == "json" else printable(arn))


def _largest_cost(request: CreateHyperParameterTuningJobRequest) -> str:
    """Return the maximum number of instance-hours of a tuning job, and how it is calculated.

    The result is the largest number of instances of a training job times the smaller of two products: the number of
    training jobs times their longest MaxRuntimeInSeconds, by default 1 day, and the number of parallel training jobs
    times the MaxRuntimeInSeconds of the tuning job, by default 30 days.

    Returns:
        Text such as "worst case: 20.0 instance-hours (4 training jobs x 5 h x 1 instance)".

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-limits.html
    """
    from hptsdk._validation import counted
    from hptsdk.rules.definitions import clusters_of, definitions_of

    limits = request.hyper_parameter_tuning_job_config.resource_limits
    definitions = [definition for _, definition in definitions_of(request)]
    clusters = [cluster for definition in definitions for cluster in clusters_of(definition)]
    # at least one, if numbers are missing
    instances = max([1, *(sum(item.number or 0 for item in cluster) for cluster in clusters)])
    longest = max(definition.stopping_condition.max_runtime_in_seconds or _DAY for definition in definitions)
    jobs, parallel = limits.max_number_of_training_jobs, limits.max_parallel_training_jobs
    runtime = limits.max_runtime_in_seconds or 30 * _DAY
    seconds, factors = runtime * parallel, f"{_time(runtime)} x {parallel} in parallel"
    if jobs and jobs * longest < seconds:
        seconds, factors = jobs * longest, f"{counted(jobs, 'training job')} x {_time(longest)}"
    hours = seconds * instances / _HOUR
    rounded = f"{hours:,.1f}"
    amount = "less than 0.1" if rounded == "0.0" else rounded
    return f"worst case: {amount} instance-hours ({factors} x {counted(instances, 'instance')})"


def _time(seconds: int) -> str:
    """Format a time in the largest unit of which it is a multiple."""
    for unit, name in ((_HOUR, "h"), (_MINUTE, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"


@app.command(epilog="Example: hptsdk convert job.yaml --to python > job.py")
@with_connection
def convert(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="JSON or YAML file, or a Python file, which is run; - for standard input."),
    ] = None,
    to: Annotated[str, choice(target_names(), "--to", "Format of the result.")] = "python",
    *,
    job: Annotated[str | None, typer.Option(metavar="NAME", help="Name of an existing tuning job.")] = None,
    training_job: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of a training job, or a file with its description.")
    ] = None,
    template: Annotated[
        str | None,
        choice(
            [syntax for syntax in get_args(Syntax) if syntax in target_names()],
            "--template",
            "FILE is a template with placeholders of this format, which is also that of --to.",
        ),
    ] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Write python code that creates an equal request.")] = False,
    jsonata: Annotated[bool, typer.Option("--jsonata", help="Write a stepfunctions state with JSONata.")] = False,
    policy: Annotated[
        bool, typer.Option("--policy", help="Write the IAM policy that the stepfunctions state needs.")
    ] = False,
    connection: Connection,
) -> None:
    """Convert a request, or the request of an existing tuning job, to another format.

    With --training-job, the result is a training job definition with the settings of the training job.

    A Python file is run with your permissions: convert only files that you trust.
    """
    import json

    from hptsdk.cli._files import request_of_python_file
    from hptsdk.cli._findings import read_request, read_template
    from hptsdk.export import convert_request, stepfunctions_policy

    sources = sum(source is not None for source in (file, job, training_job))
    errors = {
        "expected exactly one of FILE, --job and --training-job": sources != 1,
        "--exact is an option of --to python": exact and to != "python",
        "--jsonata and --policy are options of --to stepfunctions": (jsonata or policy) and to != "stepfunctions",
        "--exact cannot be combined with --training-job": exact and training_job is not None,
        "--training-job can be converted to python, json and yaml": training_job is not None
        and to not in ("python", "json", "yaml"),
        "--template requires FILE": template is not None and file is None,
        f"--template {template} requires --to {template}": template not in (None, to),
        "--policy cannot be combined with --template": policy and template is not None,
    }
    if message := next((message for message, is_wrong in errors.items() if is_wrong), ""):
        raise typer.BadParameter(message)
    options = ({"exact": True} if exact else {}) | ({"query_language": "JSONata"} if jsonata else {})
    if training_job is not None:
        _print_document(_converted_training_job(training_job, to, connection))
        return
    if job is not None:
        with connection.client(only_reads=True) as client:
            request = client.get(job).request()
    else:
        name = file or "-"
        if template is not None:
            _print_document(convert_request(read_template(name, template), to, **options))
            return
        request = request_of_python_file(name) if name.endswith(".py") else read_request(name)
    if policy:
        print(json.dumps(stepfunctions_policy(request), indent=2))
        return
    _print_document(convert_request(request, to, **options))


def _converted_training_job(training_job: str, to: str, connection: Connection) -> Document:
    """Return the definition from a training job, with a note for each part that no definition has."""
    import warnings

    from hptsdk import training_from
    from hptsdk.cli._training_jobs import described_training_job, left_out_text
    from hptsdk.export import convert_training

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the notes have the same parts, with reasons
        training = training_from(described_training_job(training_job, connection))
    notes = tuple(map(left_out_text, training.left_out))
    return Document(convert_training(training, to).text, notes)


def _print_document(document: Document) -> None:
    """Print a document to standard output, and its notes to standard error."""
    for note in document.notes:
        print_message(note)
    print(document.text.removesuffix("\n"))


@app.command(epilog="Example: hptsdk compare job.yaml --training-job churn-training-1")
@with_connection
def compare(
    file: File,
    *,
    training_job: Annotated[
        str, typer.Option(metavar="NAME", help="Name of a training job, or a file with its description.")
    ],
    output: Output = "text",
    connection: Connection,
) -> None:
    """Compare a request with a training job, and print the differences.

    Values of hyperparameters and of the environment are redacted. The exit code is 1 if there are differences.
    """
    import json

    import attrs

    from hptsdk import differences_from_training_job
    from hptsdk.cli._findings import read_request
    from hptsdk.cli._training_jobs import described_training_job, difference_text

    request = read_request(file)
    differences = differences_from_training_job(request, described_training_job(training_job, connection))
    if output == "json":
        print(json.dumps([attrs.asdict(difference) for difference in differences], indent=2))
    for difference in differences if output == "text" else ():
        print(difference_text(difference))
    if differences:
        raise typer.Exit(1)
    print_message("no differences")


@app.command(
    epilog="Example: hptsdk capture --directory requests -- python launch.py",
    context_settings={"allow_interspersed_args": False},
)
def capture(
    command: Annotated[list[str], typer.Argument(metavar="COMMAND...", help="The program with its arguments.")],
    *,
    directory: Annotated[str, typer.Option(metavar="DIR", help="Folder for the files.")] = "captured",
) -> None:
    """Run a program, and write the requests for tuning jobs and training jobs that it would send to SageMaker.

    The program calls a recorder on this machine. Clients with the argument endpoint_url call their own URL.

    Each request is written to a file NAME.json, as it was sent. Its job gets the status Stopped, without training.

    Violations, advice, and the differences of a tuning job from a training job are printed.

    The exit code is that of the program. Requires the extra `local`.
    """
    from pathlib import Path

    from hptsdk.cli._capture import capture_requests

    raise typer.Exit(capture_requests(command, Path(directory)))


@app.command(epilog="Example: hptsdk schema > tuning-job.schema.json")
def schema() -> None:
    """Print the JSON Schema (2020-12) of a request, for editors."""
    import json

    from hptsdk.cli._json_schema import json_schema

    print(json.dumps(json_schema(), indent=2))
