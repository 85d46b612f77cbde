"""Tables of jobs: a row is one line at any width, and the reasons for failures are below, each once."""

import pytest
from command_line import TIME, described, request, run, run_in_terminal, training_job
from rich.cells import cell_len

RATES = {"learning_rate": "0.0123456789", "learning_rate_decay": "0.5"}
MANY = {f"hyperparameter_number_{number}": "0.123456789" for number in range(30)}
NAME = "churn-2026-11"


def job(number, *, status="Completed", reason=None, **members):
    failed = {"FailureReason": reason} if reason is not None else {}
    times = {"TrainingStartTime": TIME, "TrainingEndTime": TIME + 61.4, "TunedHyperParameters": RATES}
    name = f"{NAME}-{number:03d}-85e4b5a7"
    return training_job(name, value=0.123456789 * number, TrainingJobStatus=status, **times | failed | members)


def lines(*arguments, width=80):
    """Return the lines of a command in a terminal."""
    return [line.rstrip() for line in run_in_terminal(*arguments, width=width).splitlines()]


@pytest.fixture
def training_jobs(service):
    """Return a function that shows training jobs in a terminal."""
    service.jobs[NAME] = described(request(NAME))

    def show(jobs, width=80, *options):
        service.training_jobs[NAME] = jobs
        return lines("jobs", NAME, *options, width=width)

    return show


@pytest.mark.parametrize("width", [40, 80, 132, 400])
@pytest.mark.parametrize(
    "hyperparameters", [{}, RATES, MANY, {"name": "漢字" * 20}], ids=["none", "two", "thirty", "wide"]
)
def test_a_training_job_is_one_line(width, hyperparameters, training_jobs):
    output = training_jobs([job(number, TunedHyperParameters=hyperparameters) for number in range(1, 6)], width)
    assert sum("85e" in line for line in output) == 5
    assert all(cell_len(line) <= width for line in output[:7])


def test_names_are_complete_if_the_table_fits(training_jobs):
    assert training_jobs([job(1)], 100)[2].startswith("churn-2026-11-001-85e4b5a7  Completed")


def test_the_common_prefix_of_names_is_removed_first(training_jobs):
    head, _, row, _ = training_jobs([job(1), job(2)], 80)
    assert head.split() == ["training", "job", "status", "objective", "learning_rate", "learning_rate_decay", "took"]
    assert row.split() == ["…001-85e4b5a7", "Completed", "0.123457", "0.0123457", "0.5", "61", "s"]


def test_hyperparameters_are_shortened_next_with_an_ellipsis(training_jobs):
    head, _, row, _ = training_jobs([job(1), job(2)], 68)
    assert head.split() == ["training", "job", "status", "objective", "learn…rate", "learn…ecay", "took"]
    assert row.split() == ["…001-85e4b5a7", "Completed", "0.123457", "0.0123", "0.5", "61", "s"]


def test_a_long_category_is_cut_with_an_ellipsis(training_jobs):
    jobs = [job(number, TunedHyperParameters={"kind": "a-very-long-category-name"}) for number in (1, 2)]
    assert "a-very-lo…" in training_jobs(jobs, 60)[2]


def test_columns_that_do_not_fit_are_listed_below(training_jobs):
    output = training_jobs([job(1), job(2)], 60)
    assert "learn…rate" in output[0]
    assert output[-1] == "not shown: learning_rate_decay; use a wider terminal"


def test_only_the_chosen_hyperparameters_are_columns_in_their_order(training_jobs):
    names = ["hyperparameter_number_7", "hyperparameter_number_3"]
    head = training_jobs([job(1, TunedHyperParameters=MANY)], 200, "--columns", ",".join(names))[0]
    assert head.split()[4:6] == names


def test_an_unknown_hyperparameter_is_an_error(service):
    service.jobs[NAME], service.training_jobs[NAME] = described(request(NAME)), [job(1)]
    message = "hptsdk: --columns: expected one of learning_rate, learning_rate_decay, got 'rate'\n"
    assert run("jobs", NAME, "--columns", "rate").stderr == message


def test_status_and_objective_are_never_omitted(training_jobs):
    head = training_jobs([job(1, TunedHyperParameters=MANY), job(2)], 50)[0]
    assert head.split() == ["training", "job", "status", "objective", "took"]


def test_a_short_time_has_tenths(training_jobs):
    assert training_jobs([job(1, TrainingEndTime=TIME + 0.42)])[2].endswith("0.4 s")


# --- reasons ---


def failed(number, reason):
    return job(number, status="Failed", reason=reason)


def test_equal_reasons_are_listed_once(training_jobs):
    jobs = [job(1), failed(2, "no data"), failed(3, "too hot"), failed(4, "no data")]
    output = training_jobs(jobs)
    assert output[output.index("") :] == [
        "",
        "2 training jobs (churn-2026-11-002-85e4b5a7, churn-2026-11-004-85e4b5a7):",
        "  no data",
        "",
        "1 training job (churn-2026-11-003-85e4b5a7):",
        "  too hot",
    ]


def test_only_the_first_of_many_training_jobs_are_named(training_jobs):
    output = training_jobs([failed(number, "no data") for number in range(1, 20)])
    assert output[-2:] == ["19 training jobs (…001-85e4b5a7, …002-85e4b5a7, …003-85e4b5a7 and 16 more):", "  no data"]


def test_a_reason_keeps_its_line_breaks(training_jobs):
    assert training_jobs([failed(1, "ExitCode 1\nErrorMessage boom")])[-2:] == ["  ExitCode 1", "  ErrorMessage boom"]


def test_a_long_reason_is_cut_with_an_ellipsis(training_jobs):
    assert training_jobs([failed(1, "x " * 1000)])[-1].endswith("…")


def test_the_most_frequent_of_many_reasons_are_first(training_jobs):
    output = training_jobs([*(failed(number, f"reason {number}") for number in range(1, 9)), failed(9, "reason 8")])
    assert output[output.index("") + 2] == "  reason 8"
    assert sum(line.startswith("  reason ") for line in output) == 5
    assert output[-1] == "and 3 other reasons; hptsdk jobs NAME --output json has all"


def test_output_to_a_pipe_is_complete(service):
    reason = "x" * 3000
    jobs = [*(failed(number, f"{reason}{number}") for number in range(8)), job(9, TunedHyperParameters=MANY)]
    service.jobs[NAME], service.training_jobs[NAME] = described(request(NAME)), jobs
    written = run("jobs", NAME).stdout
    assert "…" not in written
    assert all(f"{reason}{number}" in written for number in range(8))
    assert all(name in written for name in MANY)


# --- tuning jobs ---


def test_a_tuning_job_is_one_line(service):
    name = "a" * 32
    counters = {"Completed": 12, "NonRetryableError": 1, "RetryableError": 2}
    service.jobs[name] = described(
        request(name), HyperParameterTuningJobStatus="InProgress", TrainingJobStatusCounters=counters
    )
    narrow = lines("list")
    assert narrow[2].split() == [name, "InProgress", "12", "0", "3"]
    assert narrow[3] == "not shown: created, strategy; use a wider terminal"
    assert lines("list", width=120)[2].split()[2:5] == ["2026-11-25", "00:00:00", "Random"]


def test_a_description_in_a_pipe_has_no_trailing_spaces(service):
    service.jobs[NAME] = described(request(NAME), FailureReason="first\n\nlast")
    output = run("describe", NAME).stdout
    assert len(output.splitlines()) > 4
    assert [line for line in output.splitlines() if line != line.rstrip()] == []
    assert output.endswith("last\n")
