"""A job as a DataFrame of the real pandas."""

import pandas as pd
import pytest
from tuned import JOBS, RATE


@pytest.fixture(scope="module")
def frame(job):
    return job.to_dataframe()


def test_it_has_a_row_for_each_training_job(frame, job):
    assert list(frame["name"]) == [summary.training_job_name for summary in job.training_jobs()]
    assert len(frame) == JOBS


def test_it_has_a_column_for_each_hyperparameter(frame):
    told = ["name", "status", "objective", "start", "end", "seconds", "definition", "reason"]
    assert list(frame.columns)[:8] == told
    assert set(frame.columns) - set(told) == {RATE, "layers", "kind", "momentum"}


def test_numbers_are_numbers_and_categories_texts(frame):
    assert [str(frame[name].dtype) for name in (RATE, "layers", "objective", "seconds")] == [
        "float64",
        "int64",
        "float64",
        "float64",
    ]
    assert set(map(type, frame["kind"])) == {str}


def test_times_know_their_zone_and_differ_by_the_seconds(frame):
    assert isinstance(frame["start"].dtype, pd.DatetimeTZDtype)
    took = (frame["end"] - frame["start"]).dt.total_seconds()
    assert list(took) == pytest.approx(list(frame["seconds"]))


def test_the_best_row_is_the_best_training_job(frame, job):
    assert frame.loc[frame["objective"].idxmin(), "name"] == job.best.training_job_name


def test_what_failed_has_a_reason_and_no_objective(frame):
    failed = frame[frame["status"] == "Failed"]
    assert len(failed) > 0
    assert failed["objective"].isna().all()
    assert failed["reason"].str.contains("no three layers").all()
    assert frame[frame["status"] == "Completed"]["reason"].isna().all()
