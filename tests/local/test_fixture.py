"""The pytest fixture of the local service, and programs named later."""

import pytest
from running import IMAGE, job, run, shell

from hptsdk import errors


class TestAsItComes:
    def test_it_runs_what_is_named_later(self, tuning_service):
        tuning_service.add_program(shell("echo loss=1"), image=IMAGE)
        assert run(tuning_service).describe().hyper_parameter_tuning_job_status == "Completed"

    def test_it_knows_no_program_by_itself(self, tuning_service):
        with pytest.raises(errors.ValidationRefusedError, match="Known are: none"):
            tuning_service.client().create(job().build())

    def test_a_program_stands_for_something(self, tuning_service):
        with pytest.raises(TypeError, match="pass image="):
            tuning_service.add_program(["true"])


class TestWithOptions:
    @pytest.fixture
    def tuning_service_options(self):
        return {"images": {IMAGE: shell("echo loss=1")}, "region_name": "eu-west-1"}

    def test_it_is_opened_with_them(self, tuning_service):
        assert ":eu-west-1:" in run(tuning_service).arn
