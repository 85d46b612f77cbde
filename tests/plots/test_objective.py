"""The objective over time."""

import pytest
from drawings import (
    SVG,
    as_described,
    centre,
    definition,
    described,
    drawn,
    numbers,
    of_class,
    plots,
    searched,
    tooltips,
    training_job,
    visible_texts,
    with_different_objectives,
)

import hptsdk

VALUES = [0.5, 0.7, 0.3, 0.4, 0.1]


def best_line(root):
    [line] = [node for node in root.iter(f"{SVG}path") if node.get("class") == "best"]
    return list(numbers(line.get("d")))


def panels(picture):
    """Return the pictures inside a picture, without headings."""
    root = drawn(picture)
    return [node for node in root.iter(f"{SVG}svg") if node is not root and len(node) > 2]


def test_each_training_job_with_a_value_has_a_mark():
    marks = of_class(drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)]).objective), "jobs")
    assert tooltips(marks) == [f"demo-{n:03d}: loss {v}" for n, v in enumerate(VALUES)]


def test_larger_values_lie_higher():
    marks = of_class(drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)]).objective), "jobs")
    heights = [centre(mark)[1] for mark in marks]
    assert sorted(range(5), key=lambda n: heights[n]) == sorted(range(5), key=lambda n: -VALUES[n])


def test_later_end_times_lie_further_right():
    marks = of_class(drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)]).objective), "jobs")
    assert [centre(mark)[0] for mark in marks] == sorted(centre(mark)[0] for mark in marks)


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_the_best_so_far_never_worsens(direction):
    root = drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)], described(direction=direction)).objective)
    heights = [y for _, y in best_line(root)]
    assert heights == sorted(heights, reverse=direction == "maximize")


@pytest.mark.parametrize(("direction", "best"), [("minimize", 4), ("maximize", 1)])
def test_the_best_so_far_ends_at_the_best(direction, best):
    root = drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)], described(direction=direction)).objective)
    assert best_line(root)[-1][1] == centre(of_class(root, "jobs")[best])[1]


def test_training_jobs_without_a_value_are_shown_below():
    root = drawn(
        plots([training_job(1, 0.5), training_job(2, status="Failed"), training_job(3, status="InProgress")]).objective
    )
    notes = [tip for tip in tooltips(of_class(root, "others")) if tip]
    assert notes == ["demo-002: Failed", "demo-003: InProgress"]
    assert {"no value", "ended without a value", "running"} <= set(visible_texts(root))


def test_a_legend_has_only_marks_that_are_drawn():
    texts = visible_texts(drawn(plots([training_job(1, 0.5)]).objective))
    assert "best so far" in texts
    assert {"running", "ended without a value", "not completed"} & set(texts) == set()


def test_a_stopped_training_job_is_hollow():
    marks = of_class(drawn(plots([training_job(1, 0.5), training_job(2, 0.6, status="Stopped")]).objective), "jobs")
    assert [mark.get("fill") for mark in marks] == ["#0072B2", "#fff"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_not_finite_is_drawn_below_the_others(value):
    root = drawn(plots([training_job(1, 0.5), training_job(2, value)]).objective)
    assert tooltips(of_class(root, "others")) == [f"demo-002: loss {value}"]


def test_values_far_apart_are_drawn_on_a_logarithmic_scale_if_small_is_better():
    jobs = [training_job(1, 0.001), training_job(2, 0.1), training_job(3, 10.0)]
    small, middle, large = (centre(mark)[1] for mark in of_class(drawn(plots(jobs).objective), "jobs"))
    assert small - middle == pytest.approx(middle - large, abs=0.2)


def test_values_far_apart_are_drawn_on_a_linear_scale_if_large_is_better():
    jobs = [training_job(1, 0.001), training_job(2, 5.0005), training_job(3, 10.0)]
    marks = of_class(drawn(plots(jobs, described(direction="maximize")).objective), "jobs")
    small, middle, large = (centre(mark)[1] for mark in marks)
    assert small - middle == pytest.approx(middle - large, abs=0.2)


@pytest.mark.parametrize(("minutes", "unit"), [(1, "s"), (100, "min"), (600, "h"), (60 * 24 * 9, "d")])
def test_the_time_axis_has_a_suitable_unit(minutes, unit):
    texts = visible_texts(drawn(plots([training_job(1, 0.5, minutes=minutes)]).objective))
    assert f"Time since the first training job was created ({unit})" in texts


@pytest.mark.parametrize(("direction", "adjective"), [("minimize", "smaller"), ("maximize", "larger")])
def test_the_title_has_the_better_direction(direction, adjective):
    texts = visible_texts(drawn(plots([training_job(1, 0.5)], described(direction=direction)).objective))
    assert f"loss, {adjective} is better" in texts


def test_a_value_of_a_training_job_that_still_runs_lies_at_the_end():
    jobs = [training_job(1, 0.5, minutes=1), training_job(2, 0.4, minutes=9), training_job(3, 0.3, status="InProgress")]
    root = drawn(plots(jobs).objective)
    _, ended, running = of_class(root, "jobs")
    assert centre(running)[0] == centre(ended)[0]
    assert best_line(root)[-1][1] == centre(ended)[1]


def test_definitions_with_different_objectives_have_separate_lines():
    names = [("one", "minimize"), ("two", "maximize")]
    jobs = [training_job(n, n / 9, definition=name) for n in range(1, 5) for name, _ in names]
    request = hptsdk.tuning_job(
        "demo",
        [searched(definition(name, direction=direction)) for name, direction in names],
        max_jobs=9,
        max_parallel_jobs=1,
    )
    root = drawn(plots(jobs, as_described(request.build())).objective)
    lines = [node.get("stroke") for node in root.iter(f"{SVG}path") if node.get("class") == "best"]
    assert lines == ["#0072B2", "#009E73"]


def test_definitions_with_different_metrics_have_separate_panels():
    jobs = [training_job(1, 9000.0, definition="one"), training_job(2, 0.5, definition="two")]
    texts = [
        word for word in visible_texts(drawn(plots(jobs, with_different_objectives()).objective)) if "better" in word
    ]
    # a heading and the title of an axis
    assert texts == ["loss, smaller is better"] * 2 + ["auc, larger is better"] * 2


def test_a_panel_shows_failed_training_jobs_of_its_definitions():
    jobs = [training_job(1, 9000.0, definition="one"), training_job(2, status="Failed", definition="two")]
    one, two = panels(plots(jobs, with_different_objectives()).objective)
    assert (len(of_class(one, "jobs")), of_class(one, "others")) == (1, [])
    assert (of_class(two, "jobs"), len(of_class(two, "others"))) == ([], 1)


def test_a_definition_has_the_same_colour_in_all_pictures():
    jobs = [training_job(1, 0.5, definition="two", width=11)]
    job_plots = plots(jobs, described("one", "two"))
    colours = {of_class(drawn(p), "jobs")[0].get("fill") for p in (job_plots.objective, job_plots.slices)}
    assert colours == {"#009E73"}


def test_a_legend_has_as_many_rows_as_it_needs():
    names = [f"definition-{n}-with-a-long-name" for n in range(8)]
    jobs = [training_job(n, 0.5, definition=name) for n, name in enumerate(names)]
    rows = {
        node.get("y")
        for node in drawn(plots(jobs, described(*names)).objective).iter(f"{SVG}text")
        if node.text in names
    }
    assert len(rows) > 1


@pytest.mark.parametrize("letter", ["\x1b", "\ud800"], ids=ascii)
def test_invalid_characters_of_a_name_are_replaced_in_the_legend(letter):
    document = hptsdk.to_wire(described("one", "two"))
    document["TrainingJobDefinitions"][0]["DefinitionName"] = f"a{letter}b"
    response = hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, document)
    jobs = [training_job(1, 0.5, definition=f"a{letter}b")]
    assert "a\ufffdb" in visible_texts(drawn(plots(jobs, response).objective))


def test_training_jobs_without_times_are_the_reason_for_no_picture():
    bare = hptsdk.to_wire(training_job(1, 0.5))
    for name in ("CreationTime", "TrainingStartTime", "TrainingEndTime"):
        del bare[name]
    described = plots([hptsdk.from_wire(hptsdk.shapes.HyperParameterTrainingJobSummary, bare)]).objective
    assert described.missing == "The training jobs have no times."


def test_definitions_differ_in_mark_and_colour():
    jobs = [training_job(1, 0.5, definition="one"), training_job(2, 0.4, definition="two")]
    root = drawn(plots(jobs, described("one", "two")).objective)
    one, two = of_class(root, "jobs")
    assert (one.tag, two.tag) == (f"{SVG}circle", f"{SVG}rect")
    assert one.get("fill") != two.get("fill")
    assert {"one", "two"} <= set(visible_texts(root))


def test_one_value_is_enough_for_a_picture():
    assert plots([training_job(1, 0.5)]).objective.missing == ""


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped"])
def test_an_ended_job_without_values_does_not_say_yet(status):
    document = hptsdk.to_wire(described()) | {"HyperParameterTuningJobStatus": status}
    response = hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, document)
    job_plots = plots([training_job(1, status="Failed")], response)
    assert job_plots.objective.missing == "No training job has an objective value."


def test_a_job_without_values_has_one_sentence_in_place_of_all_pictures():
    assert plots([]).html == "<p>No training job has an objective value yet.</p>"


def test_a_job_without_values_has_a_sentence_in_place_of_a_picture():
    assert plots([training_job(1, status="Failed")]).objective.missing == "No training job has an objective value yet."
