"""The pytest fixture of the local service, and programs that are added later."""

import pytest
from running import IMAGE, job, run, shell

from hptsdk import errors


class TestDefaultOptions:
    def test_the_fixture_runs_a_program_that_is_added_later(self, tuning_service):
        tuning_service.add_program(shell("echo loss=1"), image=IMAGE)
        assert run(tuning_service).describe().hyper_parameter_tuning_job_status == "Completed"

    def test_the_fixture_has_no_program_by_default(self, tuning_service):
        with pytest.raises(errors.ValidationRefusedError, match="It has programs for: none"):
            tuning_service.client().create(job().build())

    def test_a_program_needs_an_image_or_an_algorithm(self, tuning_service):
        with pytest.raises(TypeError, match="pass image="):
            tuning_service.add_program(["true"])


class TestWithOptions:
    @pytest.fixture
    def tuning_service_options(self):
        return {"images": {IMAGE: shell("echo loss=1")}, "region_name": "eu-west-1"}

    def test_the_fixture_opens_a_service_with_the_programs_of_the_test(self, tuning_service):
        assert ":eu-west-1:" in run(tuning_service).arn
