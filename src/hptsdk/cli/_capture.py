"""The command `capture`: run a program, write its requests, and print their findings."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk import differences_from_training_job, from_wire, training_from
from hptsdk.cli._files import RequestFile
from hptsdk.cli._findings import finding_of, sorted_findings
from hptsdk.cli._output import print_message
from hptsdk.cli._training_jobs import difference_text, left_out_text
from hptsdk.errors import InvalidShapeError
from hptsdk.local import Recorder
from hptsdk.shapes import CreateHyperParameterTuningJobRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.local import RecordedRequest

_JOB_NAME = re.compile(r"[A-Za-z0-9-]{1,63}")

# As in shells.
_SIGNALLED = 128


def capture_requests(command: Sequence[str], directory: Path) -> int:
    """Run a program with a recorder, and write and report the requests that it has sent.

    Args:
        command: the program with its arguments.
        directory: the folder for the files. It is created if it is missing.

    Returns:
        The exit code of the program; 128 plus the number of the signal if a signal ended it.

    Raises:
        OSError: the program cannot be started, or a file cannot be written.
        RuntimeError: the system is neither Linux nor macOS.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with Recorder() as recorder:
        code = _run(command, recorder.environment())
    files = [(_write(directory, request), request) for request in recorder.requests]
    for index, (path, request) in enumerate(files):
        print_message(f"{path}: {request.operation}")
        file = RequestFile(str(path))
        findings = [finding_of(file, "error", violation) for violation in request.violations]
        findings += [finding_of(file, "advice", advice) for advice in request.advice]
        for finding in sorted_findings(findings):
            print_message(str(finding))
        # the last training job before the tuning job, or the first one after it
        training = next((pair for pair in (*files[index::-1], *files[index:]) if not _is_tuning(pair[1])), None)
        if training and _is_tuning(request) and not request.violations:
            _compare(path, request, *training)
    for operation in recorder.refused:
        print_message(f"hptsdk: the program called {operation}, which the recorder does not support")
    if not files:
        print_message(
            "hptsdk: the program has sent no request for a tuning job or a training job; clients with endpoint_url or "
            "keys in the code, and boto3 before 1.28, cannot be captured"
        )
    return code


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a program to its end, and return its exit code."""
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603 - the user's program

        def forward_signal(number: int, _frame: object) -> None:
            # the terminal sends SIGINT and SIGQUIT to the program itself
            if number in (signal.SIGTERM, signal.SIGHUP):
                process.send_signal(number)

        numbers = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
        handlers = {number: signal.signal(number, forward_signal) for number in numbers}
        try:
            code = process.wait()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
    return code if code >= 0 else _SIGNALLED - code


def _write(directory: Path, request: RecordedRequest) -> Path:
    """Write a request to a new file, which only its owner can read, and return its path."""
    name = request.job_name if _JOB_NAME.fullmatch(request.job_name) else request.operation
    path, number = directory / f"{name}.json", 1
    while path.exists():
        number += 1
        path = directory / f"{name}-{number}.json"
    path.touch(mode=0o600, exist_ok=False)
    text = json.dumps(request.body, indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", errors="surrogatepass")
    return path


def _is_tuning(request: RecordedRequest) -> bool:
    return request.operation == "CreateHyperParameterTuningJob"


def _compare(path: Path, request: RecordedRequest, training_path: Path, training: RecordedRequest) -> None:
    """Print the differences of a tuning job from a training job."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # each part is printed with its reason
            left_out = [part for part in training_from(training.body).left_out if part.path != "Tags"]  # are compared
        differences = differences_from_training_job(
            from_wire(CreateHyperParameterTuningJobRequest, request.body), training.body
        )
    except InvalidShapeError:
        return  # the violations of the training job are printed
    lines = [*map(difference_text, differences), *map(left_out_text, left_out)]
    verb, end = ("differs from", ":") if differences else ("has all settings of", ", except:" if left_out else "")
    print_message("\n  ".join([f"{path} {verb} {training_path}{end}", *lines]))
