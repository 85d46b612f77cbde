"""The arguments and variables of a program, compared with those of the SageMaker Training Toolkit."""

import json
import re

import pytest
from running import BUCKET, IMAGE, bucket, job, run, training

from hptsdk.local import LocalService, Program

# The program computes its environment with the toolkit, and compares it with its own.
COMPARES = """
import json, os, sys
from sagemaker_training import environment

toolkit = environment.Environment()
expected = {"arguments": toolkit.to_cmd_args()}
actual = {"arguments": sys.argv[1:]}
for name, value in toolkit.to_env_vars().items():
    # the order of the members of a structure has no meaning
    is_structure = name == "SM_TRAINING_ENV"
    expected[name] = json.loads(value) if is_structure else value
    text = os.environ.get(name)
    actual[name] = json.loads(text) if is_structure and text else text
differences = {name: [expected[name], actual[name]] for name in expected if expected[name] != actual[name]}
print(f"compared={len(expected)} differences={json.dumps(differences)} loss=1")
"""

OF_A_SDK = {
    "sagemaker_program": '"train.py"',
    "sagemaker_submit_directory": '"s3://amzn-s3-demo-bucket/code/sourcedir.tar.gz"',
    "sagemaker_container_log_level": "20",
    "sagemaker_job_name": '"my-job"',
    "sagemaker_region": '"us-east-1"',
}

HYPERPARAMETERS = {
    "numbers": {"epochs": "20", "rate-2": "0.10", "small": "1e-05", "b": "3"},
    "text": {"text": "hello", "json": '"adam"', "digits": '"5"', "empty": "", "unicode": '"é"', "plain": "é"},
    "constants": {"yes": "true", "no": "false", "none": "null", "other": "True"},
    "structures": {"list": '[1, "a", null]', "object": '{"b": [1], "a": {"c": true}}', "nothing": "{}"},
    "distribution": {"sagemaker_mpi_enabled": "true", "sagemaker_mpi_num_of_processes_per_host": "2"},
}


@pytest.mark.parametrize("isolation", ["auto", "none"])
@pytest.mark.parametrize("hyperparameters", HYPERPARAMETERS.values(), ids=HYPERPARAMETERS)
def test_the_environment_is_that_of_the_toolkit(tmp_path, hyperparameters, isolation):
    (bucket(tmp_path) / "train").mkdir()
    (bucket(tmp_path) / "train" / "rows.csv").write_text("1\n")
    channel = f"s3://{BUCKET}/train/"
    definition = training().static(OF_A_SDK | hyperparameters).channel("my-data", channel, content_type="text/csv")
    (tmp_path / "compare.py").write_text(COMPARES)
    program = Program(command=["python", str(tmp_path / "compare.py")], isolation=isolation)
    with LocalService(tmp_path / "root", images={IMAGE: program}, buckets={BUCKET: bucket(tmp_path)}) as service:
        handle = run(service, job(definition=definition, max_jobs=1, parallel=1).build())
        compared, differences = re.findall(
            r"compared=(\d+) differences=(.*) loss", service.log(handle.best.training_job_name)
        )[0]
    assert json.loads(differences) == {}
    assert int(compared) > 30
