"""A job as a pandas DataFrame."""

import pandas as pd
import pytest
from example_job import JOBS, RATE

import hptsdk
from hptsdk.testing import StubTransport


@pytest.fixture(scope="module")
def frame(job):
    return job.to_dataframe()


def test_it_has_a_row_for_each_training_job(frame, job):
    assert list(frame["name"]) == [summary.training_job_name for summary in job.training_jobs()]
    assert len(frame) == JOBS


def test_it_has_a_column_for_each_hyperparameter(frame):
    columns = ["name", "status", "objective", "start", "end", "seconds", "definition", "reason"]
    assert list(frame.columns)[:8] == columns
    assert set(frame.columns) - set(columns) == {RATE, "layers", "kind", "momentum"}


def test_numbers_are_numeric_and_categories_are_texts(frame):
    assert [str(frame[name].dtype) for name in (RATE, "layers", "objective", "seconds")] == [
        "float64",
        "int64",
        "float64",
        "float64",
    ]
    assert set(map(type, frame["kind"])) == {str}


def test_times_have_a_time_zone_and_differ_by_the_seconds(frame):
    assert isinstance(frame["start"].dtype, pd.DatetimeTZDtype)
    durations = (frame["end"] - frame["start"]).dt.total_seconds()
    assert list(durations) == pytest.approx(list(frame["seconds"]))


def test_the_best_row_is_the_best_training_job(frame, job):
    assert frame.loc[frame["objective"].idxmin(), "name"] == job.best.training_job_name


def test_a_failed_training_job_has_a_reason_and_no_objective(frame):
    failed = frame[frame["status"] == "Failed"]
    assert len(failed) > 0
    assert failed["objective"].isna().all()
    assert failed["reason"].str.contains("three layers are not supported").all()
    assert frame[frame["status"] == "Completed"]["reason"].isna().all()


def integers(*texts, library="pandas", **others):
    """Return the DataFrame of training jobs with these integers; None for a training job without one."""
    ranges = {"IntegerParameterRanges": [{"Name": "rows", "MinValue": "0", "MaxValue": str(2**63 - 1)}]}
    described = {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobConfig": {"ParameterRanges": ranges}}
    summaries = [
        {"TrainingJobName": f"demo-{n}", "TunedHyperParameters": others | ({"rows": text} if text else {})}
        for n, text in enumerate(texts)
    ]
    stub = StubTransport(described, {"TrainingJobSummaries": summaries})
    return hptsdk.TuningClient(transport=stub).get("demo").to_dataframe(library=library)


@pytest.mark.parametrize("text", ["9223372036854775807", "9007199254740993", "-3", "5.0"])
def test_an_integer_is_exact(text):
    rows = integers(text)["rows"]
    assert (str(rows.dtype), int(rows[0])) == ("int64", int(text.removesuffix(".0")))


def test_an_integer_above_64_bits_is_exact():
    assert list(integers("1", "9223372036854775808")["rows"]) == [1, 9223372036854775808]


def test_large_integers_are_exact_if_one_is_missing():
    assert list(integers("9007199254740993", None)["rows"]) == [9007199254740993, None]


def test_small_integers_are_floats_if_one_is_missing():
    rows = integers("7", None)["rows"]
    assert (str(rows.dtype), rows[0], rows.isna()[1]) == ("float64", 7.0, True)


def test_hyperparameters_with_the_names_of_columns_have_their_own_columns():
    frame = integers("7", **{"name": "a", "hyperparameter name": "b"})
    names = [column for column in frame.columns if "name" in column]
    assert dict(frame[names].iloc[0]) == {
        "name": "demo-0",
        "hyperparameter hyperparameter name": "a",
        "hyperparameter name": "b",
    }


def test_a_frame_of_polars_has_the_same_values(job, frame):
    polars = job.to_dataframe(library="polars")
    assert polars.columns == list(frame.columns)
    for name in polars.columns:
        assert [None if value is None else value for value in polars[name]] == [
            None if pd.isna(value) else value for value in frame[name]
        ]


def test_the_types_of_polars_are_those_of_the_values(job):
    schema = job.to_dataframe(library="polars").schema
    assert {name: str(schema[name]) for name in ("name", "objective", "start", "layers", RATE, "kind")} == {
        "name": "String",
        "objective": "Float64",
        "start": "Datetime(time_unit='us', time_zone='UTC')",
        "layers": "Int64",
        RATE: "Float64",
        "kind": "String",
    }


@pytest.mark.parametrize(
    ("texts", "dtype"), [(["1", None], "Int64"), (["1", "2.5"], "Float64"), (["9223372036854775808", None], "Object")]
)
def test_the_type_of_integers_in_polars(texts, dtype):
    rows = integers(*texts, library="polars")["rows"]
    assert (str(rows.dtype), rows[0]) == (dtype, int(texts[0]))
