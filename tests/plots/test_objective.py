"""The objective over time."""

import pytest
from picturing import SVG, described, drawn, numbers, of_class, place, plots, tips, training_job, words

VALUES = [0.5, 0.7, 0.3, 0.4, 0.1]


def best_line(root):
    [line] = [node for node in root.iter(f"{SVG}path") if node.get("class") == "best"]
    return list(numbers(line.get("d")))


def test_each_training_job_with_a_value_is_a_mark():
    marks = of_class(drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)]).objective), "jobs")
    assert tips(marks) == [f"demo-{n:03d}: loss {v}" for n, v in enumerate(VALUES)]


def test_larger_values_lie_higher():
    marks = of_class(drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)]).objective), "jobs")
    heights = [place(mark)[1] for mark in marks]
    assert sorted(range(5), key=lambda n: heights[n]) == sorted(range(5), key=lambda n: -VALUES[n])


def test_later_ends_lie_further_right():
    marks = of_class(drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)]).objective), "jobs")
    assert [place(mark)[0] for mark in marks] == sorted(place(mark)[0] for mark in marks)


@pytest.mark.parametrize("way", ["minimize", "maximize"])
def test_the_best_so_far_never_worsens(way):
    root = drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)], described(way=way)).objective)
    heights = [y for _, y in best_line(root)]
    assert heights == sorted(heights, reverse=way == "maximize")


@pytest.mark.parametrize(("way", "best"), [("minimize", 4), ("maximize", 1)])
def test_the_best_so_far_ends_at_the_best(way, best):
    root = drawn(plots([training_job(n, v) for n, v in enumerate(VALUES)], described(way=way)).objective)
    assert best_line(root)[-1][1] == place(of_class(root, "jobs")[best])[1]


def test_training_jobs_without_a_value_are_shown_below():
    root = drawn(
        plots([training_job(1, 0.5), training_job(2, status="Failed"), training_job(3, status="InProgress")]).objective
    )
    told = [tip for tip in tips(of_class(root, "others")) if tip]
    assert told == ["demo-002: Failed", "demo-003: InProgress"]
    assert {"no value", "ended without a value", "running"} <= set(words(root))


def test_a_legend_tells_only_of_what_is_there():
    found = words(drawn(plots([training_job(1, 0.5)]).objective))
    assert "best so far" in found
    assert {"running", "ended without a value", "stopped early"} & set(found) == set()


def test_a_stopped_training_job_is_hollow():
    marks = of_class(drawn(plots([training_job(1, 0.5), training_job(2, 0.6, status="Stopped")]).objective), "jobs")
    assert [mark.get("fill") for mark in marks] == ["#0072B2", "#fff"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_no_number_is_below_the_others(value):
    root = drawn(plots([training_job(1, 0.5), training_job(2, value)]).objective)
    assert tips(of_class(root, "others")) == [f"demo-002: loss {value}"]


def test_values_far_apart_are_drawn_by_magnitude_where_small_is_good():
    jobs = [training_job(1, 0.001), training_job(2, 0.1), training_job(3, 10.0)]
    small, middle, large = (place(mark)[1] for mark in of_class(drawn(plots(jobs).objective), "jobs"))
    assert small - middle == pytest.approx(middle - large, abs=0.2)


def test_values_far_apart_are_drawn_as_they_are_where_large_is_good():
    jobs = [training_job(1, 0.001), training_job(2, 5.0005), training_job(3, 10.0)]
    marks = of_class(drawn(plots(jobs, described(way="maximize")).objective), "jobs")
    small, middle, large = (place(mark)[1] for mark in marks)
    assert small - middle == pytest.approx(middle - large, abs=0.2)


@pytest.mark.parametrize(("minutes", "unit"), [(1, "s"), (100, "min"), (600, "h"), (60 * 24 * 9, "d")])
def test_the_unit_of_time_suits(minutes, unit):
    found = words(drawn(plots([training_job(1, 0.5, minutes=minutes)]).objective))
    assert f"Time since the first training job was created ({unit})" in found


@pytest.mark.parametrize(("way", "said"), [("minimize", "smaller"), ("maximize", "larger")])
def test_it_says_which_way_is_better(way, said):
    found = words(drawn(plots([training_job(1, 0.5)], described(way=way)).objective))
    assert f"loss, {said} is better" in found


def test_definitions_are_told_apart_by_mark_and_colour():
    jobs = [training_job(1, 0.5, definition="one"), training_job(2, 0.4, definition="two")]
    root = drawn(plots(jobs, described("one", "two")).objective)
    one, two = of_class(root, "jobs")
    assert (one.tag, two.tag) == (f"{SVG}circle", f"{SVG}rect")
    assert one.get("fill") != two.get("fill")
    assert {"one", "two"} <= set(words(root))


def test_nothing_is_said_to_be_missing_where_there_is_one_value():
    assert plots([training_job(1, 0.5)]).objective.missing == ""


def test_without_any_value_it_says_so():
    assert plots([training_job(1, status="Failed")]).objective.missing == "No training job has an objective yet."
