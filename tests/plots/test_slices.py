"""Each hyperparameter against the objective, and all of them at once."""

from itertools import pairwise

import pytest
from drawings import (
    SVG,
    centre,
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

# The width of a digit in a label, in pixels, of the widest usual font.
DIGIT = 7.04

TRIED = [
    {"rate": 0.001, "layers": 1, "kind": "a", "momentum": 0, "width": 10},
    {"rate": 0.01, "layers": 6, "kind": "b", "momentum": 0.9, "width": 15},
    {"rate": 0.1, "layers": 12, "kind": "c", "momentum": 0.99, "width": 20},
]
JOBS = [training_job(n, 0.1 * (n + 1), **tried) for n, tried in enumerate(TRIED)]


def panels(picture):
    """Return the panels by the names of their hyperparameters."""
    root = drawn(picture)
    nodes = [node for node in root.iter(f"{SVG}svg") if node is not root and node.get("aria-label")]
    return {node.get("aria-label").partition(" against ")[0]: node for node in nodes}


def across(panel):
    """Return the horizontal position of each mark."""
    return [centre(mark)[0] for mark in of_class(panel, "jobs")]


def test_each_hyperparameter_has_a_panel():
    assert set(panels(plots(JOBS).slices)) == {"rate (log)", "layers", "kind", "momentum (reverse log)", "width"}


@pytest.mark.parametrize("name", ["rate (log)", "momentum (reverse log)", "width"])
def test_values_are_even_on_the_scale_of_their_range(name):
    first, second, third = across(panels(plots(JOBS).slices)[name])
    assert second - first == pytest.approx(third - second, abs=0.2)


def test_values_far_apart_of_an_unknown_range_are_drawn_on_a_logarithmic_scale():
    jobs = [training_job(n, 0.5, free=tried) for n, tried in enumerate([0.01, 1, 100])]
    first, second, third = across(panels(plots(jobs + JOBS).slices)["free (log)"])
    assert second - first == pytest.approx(third - second, abs=0.2)


def test_integers_have_whole_ticks():
    ticks = [word for word in visible_texts(panels(plots(JOBS).slices)["layers"]) if word.replace(".", "").isdigit()]
    assert {"5", "10"} <= set(ticks)


def test_categories_are_in_the_order_of_the_range():
    first, second, third = across(panels(plots(JOBS).slices)["kind"])
    assert first < second < third


def test_the_best_has_a_ring():
    panel = panels(plots(JOBS).slices)["width"]
    [ring] = [node for node in panel.findall(f"{SVG}circle") if node.get("fill") == "none"]
    assert centre(ring) == centre(of_class(panel, "jobs")[0])


def test_a_tooltip_has_the_training_job_and_its_hyperparameter():
    panel = panels(plots(JOBS).slices)["width"]
    assert tooltips(of_class(panel, "jobs"))[0] == "demo-000: loss 0.1, width 10"


def test_a_hyperparameter_that_no_training_job_tried_has_no_panel():
    assert set(panels(plots([training_job(1, 0.5, width=11, kind="a")]).slices)) == {"kind", "width"}


def test_a_single_panel_is_the_whole_picture():
    assert visible_texts(drawn(plots([training_job(1, 0.5, width=11)]).slices))[-2:] == ["width", "loss"]


def test_a_long_category_is_cut_and_complete_in_its_tooltip():
    jobs = [*JOBS, training_job(9, 0.5, kind="x" * 200)]
    panel = panels(plots(jobs).slices)["kind"]
    labels = [node for node in panel.iter(f"{SVG}text") if node.findtext(f"{SVG}title") == "x" * 200]
    assert [len(node.find(f"{SVG}title").tail) < 20 for node in labels] == [True]


def test_a_value_that_is_not_a_number_is_left_out():
    jobs = [*JOBS, training_job(9, 0.5, width="wide")]
    assert len(of_class(panels(plots(jobs).slices)["width"], "jobs")) == 3


def test_definitions_have_separate_panels():
    jobs = [training_job(1, 0.5, definition="one", **TRIED[0]), training_job(2, 0.4, definition="two", **TRIED[1])]
    texts = visible_texts(drawn(plots(jobs, described("one", "two")).slices))
    assert [word for word in texts if "better" in word] == [
        "one (loss, smaller is better)",
        "two (loss, smaller is better)",
    ]


APART = [
    training_job(n, value, definition=name, rate=0.1 + n / 90)
    for n, (name, value) in enumerate([("one", 9000.0), ("one", 9001.0), ("two", 0.5), ("two", 0.6)])
]


def test_different_metrics_have_different_axes():
    marks = of_class(drawn(plots(APART, with_different_objectives()).slices), "jobs")
    positions = [float(mark.get("cy") or mark.get("y")) for mark in marks]
    assert positions[0] - positions[1] == pytest.approx(positions[2] - positions[3], abs=0.2)
    assert positions[0] - positions[1] > 100


def test_training_jobs_of_an_unknown_definition_are_drawn():
    jobs = [training_job(1, 0.5, definition="one", **TRIED[0]), training_job(2, 0.4, definition="new", **TRIED[1])]
    assert len(of_class(drawn(plots(jobs, described("one", "two")).objective), "jobs")) == 2


def test_long_labels_of_an_axis_do_not_overlap():
    jobs = [training_job(n, 0.5 + n, wide=1e9 + n / 10) for n in range(9)]
    panel = panels(plots(jobs + JOBS).slices)["wide"]
    labels = [node for node in panel.iter(f"{SVG}text") if (node.text or "").startswith("1000000000")]
    places = [(float(node.get("x")), len(node.text) * DIGIT) for node in labels]
    assert len(places) > 1
    assert all(x + wide / 2 < y - other / 2 for (x, wide), (y, other) in pairwise(places))


# --- parallel axes ---


def lines(jobs, response=None):
    return of_class(drawn(plots(jobs, response).parallel), "jobs")


def test_each_training_job_is_a_line_through_all_axes():
    assert [len(list(numbers(line.get("d")))) for line in lines(JOBS)] == [6, 6, 6]


@pytest.mark.parametrize(("direction", "best"), [("minimize", "demo-000"), ("maximize", "demo-002")])
def test_the_best_is_drawn_last(direction, best):
    assert tooltips(lines(JOBS, described(direction=direction)))[-1].startswith(best)


def test_better_lines_are_darker():
    def light(line):
        return sum(int(line.get("stroke")[at : at + 2], 16) for at in (1, 3, 5))

    assert all(light(worse) > light(better) for worse, better in pairwise(lines(JOBS)))


def test_different_metrics_have_different_objective_axes():
    ends = [list(numbers(line.get("d")))[-1][1] for line in lines(APART, with_different_objectives())]
    assert max(ends[:2]) - min(ends[:2]) == pytest.approx(max(ends[2:]) - min(ends[2:]), abs=0.2)


def test_a_missing_hyperparameter_leaves_a_gap():
    [line] = [x for x in lines([*JOBS, training_job(9, 0.5, rate=0.5, width=11)]) if "009" in tooltips([x])[0]]
    assert line.get("d").count("M") > 1


def test_a_job_without_hyperparameters_has_a_sentence_in_place_of_a_picture():
    assert plots([training_job(1, 0.5)]).parallel.missing == "No hyperparameter has been tried."
    assert plots([training_job(1, 0.5)]).slices.missing == "No hyperparameter has been tried."


def test_slices_and_lines_of_a_job_without_values_are_a_sentence():
    assert {plots([]).parallel.missing, plots([]).slices.missing} == {"No training job has an objective value yet."}
