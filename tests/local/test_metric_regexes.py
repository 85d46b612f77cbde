"""The local service rejects regexes of metrics that need gigabytes."""

import pytest
from running import job, run, shell, training

from hptsdk import errors


def with_regex(expression):
    """Return the request of a tuning job with one training job, whose objective metric has this regex."""
    return job(definition=training(regex=expression), max_jobs=1, parallel=1).build()


@pytest.mark.parametrize("expression", ["((a+){1000}){1000}", "(a{1000000000})", "(((a{99}){99}){99})"])
def test_a_regex_whose_repeats_take_gigabytes_is_refused(open_service, expression):
    client = open_service().client()
    with pytest.raises(errors.HptsdkError, match=r"The regex of metric loss cannot be used: .* Use smaller counts"):
        client.create(with_regex(expression))


@pytest.mark.parametrize(
    ("expression", "line"),
    [
        (r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6} loss=([-+0-9.eE]{1,40})", "2026-11-27T10:20:30.123456 loss=0.5"),
        (r"(?:\s+\S+){12} loss=([0-9.]{1,1000})", "  1 2 3 4 5 6 7 8 9 10 11 12 loss=0.5"),
        (r"[[:digit:]]{1,3} loss=(\d{1,3}\.\d{4})", "120 loss=0.5000"),
    ],
)
def test_a_typical_regex_reads_the_objective(open_service, expression, line):
    best = run(open_service(shell(f"echo '{line}'")), with_regex(expression)).best
    assert best.final_hyper_parameter_tuning_job_objective_metric.value == 0.5
