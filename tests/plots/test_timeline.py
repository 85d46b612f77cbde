"""When each training job ran, and its objective metric meanwhile."""

from datetime import timedelta

from drawings import (
    BEGIN,
    SVG,
    described,
    drawn,
    numbers,
    of_class,
    plots,
    tooltips,
    training_job,
    visible_texts,
    with_different_objectives,
)

from hptsdk.report import JobPlots, job_results
from hptsdk.shapes import HyperParameterTrainingJobSummary
from hptsdk.wire import from_wire, to_wire


def between(number, start, end, status="Completed", value=0.5):
    """Return a training job that ran between two minutes; it has not ended if the second one is None."""
    document = to_wire(training_job(number, value, status="InProgress"))
    document |= {"TrainingJobStatus": status, "TrainingStartTime": BEGIN + timedelta(minutes=start)}
    if end is not None:
        document["TrainingEndTime"] = BEGIN + timedelta(minutes=end)
    return from_wire(HyperParameterTrainingJobSummary, document)


def bars(*training_jobs):
    """Return the bars by the names of the training jobs."""
    marks = of_class(drawn(plots(training_jobs).timeline), "jobs")
    return dict(zip((tip.partition(":")[0] for tip in tooltips(marks)), marks, strict=True))


def test_a_bar_is_as_long_as_its_training_job():
    drawn_bars = bars(between(1, 0, 10), between(2, 0, 5))
    one, two = (float(bar.get("width")) for bar in drawn_bars.values())
    assert abs(one - 2 * two) < 0.2


def test_training_jobs_at_the_same_time_are_in_different_rows():
    drawn_bars = bars(between(1, 0, 10), between(2, 5, 15))
    assert len({bar.get("y") for bar in drawn_bars.values()}) == 2


def test_a_training_job_uses_the_first_row_that_is_free():
    drawn_bars = bars(between(1, 0, 10), between(2, 0, 5), between(3, 6, 20), between(4, 10, 20))
    assert drawn_bars["demo-003"].get("y") == drawn_bars["demo-002"].get("y")
    assert drawn_bars["demo-004"].get("y") == drawn_bars["demo-001"].get("y")


def test_a_running_training_job_has_a_dashed_bar_to_the_end_of_the_axis():
    drawn_bars = bars(between(1, 0, 10), between(2, 2, None, "InProgress", None))
    ended, running = drawn_bars.values()
    assert running.get("stroke-dasharray")
    ends = [float(bar.get("x")) + float(bar.get("width")) for bar in (ended, running)]
    assert abs(ends[0] - ends[1]) < 0.2


def test_failed_and_stopped_training_jobs_look_different():
    statuses = ["Completed", "Failed", "Stopped"]
    drawn_bars = bars(*(between(number, 0, 5, status, None) for number, status in enumerate(statuses)))
    assert len({bar.get("fill") for bar in drawn_bars.values()}) == 3
    texts = visible_texts(drawn(plots([between(n, 0, 5, status) for n, status in enumerate(statuses)]).timeline))
    assert {"completed", "failed", "stopped"} <= set(texts)


def test_a_hundred_rows_are_not_higher_than_forty():
    many = drawn(plots([between(number, 0, 5) for number in range(100)]).timeline)
    few = drawn(plots([between(number, 0, 5) for number in range(40)]).timeline)
    assert many.get("height") == few.get("height")


def test_a_job_without_a_started_training_job_has_no_timeline():
    assert plots([]).timeline.missing == "No training job has started."


def curves_of(training_jobs, curves, response=None):
    """Return the plots with values over time, in minutes."""
    times = {name: [(BEGIN + timedelta(minutes=m), v) for m, v in values] for name, values in curves.items()}
    return JobPlots(job_results(response or described(), training_jobs), times).curves


def test_each_training_job_with_values_has_a_line():
    jobs = [training_job(1, 0.5, minutes=9), training_job(2, 0.2, minutes=9), training_job(3, 0.4, minutes=9)]
    lines = of_class(drawn(curves_of(jobs, {"demo-001": [(1, 0.9), (2, 0.5)], "demo-002": [(1, 0.3)]})), "jobs")
    assert tooltips(lines) == ["demo-001: loss 0.5", "demo-002: loss 0.2"]


def test_the_line_of_the_best_training_job_is_above_the_others():
    jobs = [training_job(1, 0.1, minutes=9), training_job(2, 0.2, minutes=9)]
    lines = of_class(drawn(curves_of(jobs, {"demo-001": [(1, 0.1)], "demo-002": [(1, 0.2)]})), "jobs")
    assert tooltips(lines)[-1] == "demo-001: loss 0.1"


def test_lines_begin_at_the_start_of_their_training_job():
    jobs = [between(1, 0, 10), between(2, 5, 15, value=0.7)]
    picture = curves_of(jobs, {"demo-001": [(0, 0.9), (4, 0.5)], "demo-002": [(5, 0.9), (9, 0.7)]})
    two, one = (list(numbers(line.get("d"))) for line in of_class(drawn(picture), "jobs"))
    assert [x for x, _ in one] == [x for x, _ in two]


def test_a_long_curve_is_drawn_with_its_extremes():
    values = [(minute / 100, 9.0 if minute == 777 else 0.5) for minute in range(5000)]
    picture = curves_of([training_job(1, 0.5, minutes=60)], {"demo-001": values})
    [line] = of_class(drawn(picture), "jobs")
    points = list(numbers(line.get("d").replace("L", " L")))
    assert len(points) < 300
    assert min(y for _, y in points) < max(y for _, y in points) - 100


def test_each_objective_has_its_own_curves():
    jobs = [training_job(1, 0.5, minutes=9, definition="one"), training_job(2, 0.7, minutes=9, definition="two")]
    picture = curves_of(jobs, {"demo-001": [(1, 0.5)], "demo-002": [(1, 0.7)]}, with_different_objectives())
    panels = [node for node in drawn(picture).iter(f"{SVG}svg") if "while they trained" in node.get("aria-label", "")]
    assert len(panels) == 2


def test_curves_that_are_not_known_are_explained():
    assert plots([training_job(1, 0.5)]).curves.missing == (
        "No values over time: plots(learning_curves=True) was not used, or found none in the logs."
    )
