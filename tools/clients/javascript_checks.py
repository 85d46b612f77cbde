"""The AWS SDK for JavaScript (version 3) against the local service."""

import json
import subprocess
from pathlib import Path

import pytest
from running import job

from hptsdk.wire import dumps

FOLDER = Path(__file__).parent / "javascript"


@pytest.fixture
def ran(service, tmp_path):
    """The output of the program in JavaScript that runs a tuning job, parsed from JSON."""
    request = tmp_path / "request.json"
    request.write_text(dumps(job().build()))
    command = ["node", FOLDER / "run.mjs", request]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_runs_a_tuning_job_to_its_end(ran):
    assert ran["described"]["HyperParameterTuningJobStatus"] == "Completed"
    assert ran["described"]["TrainingJobStatusCounters"]["Completed"] == 3


def test_it_lists_and_finds_the_training_jobs(ran):
    assert (len(set(ran["names"])), ran["found"]) == (3, 3)


def test_it_names_the_error_of_a_second_tuning_job(ran):
    assert ran["rejected"] == "ResourceInUse"


def test_it_parses_times(ran):
    assert ran["described"]["CreationTime"].endswith("Z")
