"""The extra `testing` is enough for the strategies: they need no package of the extra `local`."""

import subprocess
import sys

import pytest

CODE = """
import sys

import pytest

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"optuna", "psutil", "regex", "waitress", "ruamel", "typer"}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Blocked())

import hptsdk
from hptsdk.testing import strategies

for strategy in (strategies.requests(), strategies.responses(hptsdk.shapes.DescribeTrainingJobResponse)):
    assert strategy is not None
strategies.job_histories()
"""


@pytest.mark.long
def test_strategies_need_the_extra_testing_only():
    subprocess.run([sys.executable, "-c", CODE], check=True)  # noqa: S603 - the interpreter of the test
