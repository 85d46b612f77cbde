"""The importance of hyperparameters."""

import importlib.util
import math
import random
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from drawings import SVG, as_described, definition, described, drawn, plots, training_job, visible_texts

import hptsdk


def jobs(count, *, sign=1, definition=None):
    """Return training jobs whose objective depends on the rate and the kind, most on the rate."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    for number in range(count):
        rate, layers = 10 ** chance.uniform(-3, 0), chance.randint(1, 12)
        kind, width = chance.choice("abc"), chance.uniform(10, 20)
        momentum = 1 - 10 ** chance.uniform(-3, 0)
        value = sign * ((rate - 0.05) ** 2 * 10 + (kind == "c") * 0.05)
        tried = {"rate": rate, "layers": layers, "kind": kind, "width": width, "momentum": momentum}
        yield training_job(number, value, definition=definition, **tried)


def bars(picture):
    """Return the tooltips of the bars, in their order."""
    nodes = [node for node in drawn(picture).iter(f"{SVG}rect") if node.get("class") == "bar"]
    return [node.findtext(f"{SVG}title") for node in nodes]


@pytest.mark.parametrize(("direction", "sign"), [("minimize", 1), ("maximize", -1)])
def test_the_most_important_hyperparameter_comes_first(direction, sign):
    picture = bars(plots(jobs(60, sign=sign), described(direction=direction)).importance)
    assert picture[0].startswith("rate")
    assert len(picture) == 5


def test_the_sum_of_all_shares_is_one():
    picture = bars(plots(jobs(60)).importance)
    assert sum(float(tip.rpartition(" ")[2]) for tip in picture) == pytest.approx(1, abs=0.005)


def test_importance_is_the_same_each_time():
    assert plots(jobs(30)).importance.svg == plots(jobs(30)).importance.svg


def test_the_importance_of_many_training_jobs_is_measured_with_a_sample_as_the_plot_says():
    picture = plots(jobs(1500)).importance
    assert "Share of the importance, measured with 1000 of 1500 training jobs" in visible_texts(drawn(picture))
    assert bars(picture)[0].startswith("rate")


def test_a_hyperparameter_without_a_range_is_measured_on_the_logarithmic_scale_of_its_axis():
    chance = random.Random(7)  # noqa: S311 - the same each time
    rates = [10 ** chance.uniform(-5, 0) for _ in range(40)]
    tried = [
        training_job(number, (math.log10(rate) + 2) ** 2, rate=rate, width=chance.uniform(10, 20))
        for number, rate in enumerate(rates)
    ]
    job = hptsdk.tuning_job("demo", definition(), minimize="loss", max_jobs=50, max_parallel_jobs=2)
    width = job.continuous("width", 10, 20)
    rate = width.continuous("rate", min(rates), max(rates), scaling="Logarithmic")
    without, with_range = (bars(plots(tried, as_described(each.build())).importance) for each in (width, rate))
    assert without == with_range


@pytest.mark.parametrize("scaling", ["Linear", "Logarithmic"])
def test_integers_of_more_than_64_bits_have_an_importance(scaling):
    builder = hptsdk.tuning_job("demo", definition(), minimize="loss", max_jobs=50, max_parallel_jobs=2)
    response = as_described(builder.integer("seed", 1, 10**30, scaling=scaling).build())
    picture = plots([training_job(n, n, seed=10 ** (2 * n)) for n in range(12)], response).importance
    assert bars(picture) == ["seed: 1.000"]


def test_importance_writes_nothing(capsys):
    _ = plots(jobs(30)).importance.svg
    assert capsys.readouterr() == ("", "")


NOTEBOOK = """
import sys
from types import ModuleType, SimpleNamespace
# tqdm, which Optuna uses for its bars, recognizes a notebook by these modules
sys.modules["ipykernel.zmqshell"] = ModuleType("ipykernel.zmqshell")
sys.modules["IPython"] = SimpleNamespace(get_ipython=object)
sys.modules["ipywidgets"] = None
"""


SEARCHING = "import hptsdk.local.search._bayesian"
MEASURING = """
sys.path.append("..")  # the shared requests
from drawings import plots, training_job
assert plots([training_job(n, n, width=10 + n / 9) for n in range(12)]).importance.missing == ""
"""


@pytest.mark.long
@pytest.mark.parametrize("program", [SEARCHING, MEASURING], ids=["searching", "measuring"])
def test_a_notebook_without_widgets_gets_no_warning(program):
    command = [sys.executable, "-c", NOTEBOOK + program]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - our own
    assert done.stderr == ""


def test_too_few_training_jobs_are_the_reason_for_no_importance():
    assert (
        plots(jobs(9)).importance.missing
        == "Importance requires 10 training jobs with an objective value; 9 available so far."
    )


def test_equal_objectives_are_the_reason_for_no_importance():
    picture = plots([training_job(n, 0.5, width=10 + n / 2) for n in range(12)]).importance
    assert picture.missing == "Importance cannot be measured: all training jobs have the same objective value."


def test_constant_hyperparameters_are_the_reason_for_no_importance():
    picture = plots([training_job(n, 0.5 + n, width=11) for n in range(12)]).importance
    assert picture.missing == "Importance cannot be measured: no hyperparameter was tried with more than one value."


def test_training_jobs_without_all_hyperparameters_do_not_count():
    some = [
        training_job(n, 0.5 + n, **({"width": 11 + n / 9} if n % 2 else {"rate": 0.01 + n / 90})) for n in range(12)
    ]
    missing = "Importance requires 10 training jobs with all hyperparameters; 0 available."
    assert plots(some).importance.missing == missing


def test_a_missing_optuna_is_reported_with_how_to_install_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert plots(jobs(30)).importance.missing.endswith('pip install "hptsdk[local]"')


def test_a_missing_picture_has_the_reason_in_its_place():
    picture = plots(jobs(3)).importance
    assert visible_texts(ET.fromstring(picture.svg)) == [picture.missing]  # noqa: S314 - our own


def test_the_importance_of_each_definition_is_measured_separately():
    picture = plots([*jobs(20, definition="one"), *jobs(15, definition="two")], described("one", "two")).importance
    assert [word for word in visible_texts(drawn(picture)) if "better" in word] == [
        "one (loss, smaller is better)",
        "two (loss, smaller is better)",
    ]


def test_a_definition_with_too_few_training_jobs_has_a_sentence_among_the_pictures():
    picture = plots([*jobs(20, definition="one"), *jobs(3, definition="two")], described("one", "two")).importance
    sentence = "Importance requires 10 training jobs with an objective value; 3 available so far."
    assert visible_texts(drawn(picture))[-2:] == ["two (loss, smaller is better)", sentence]
    assert picture.html.count(sentence) == 2


def test_definitions_with_different_reasons_have_a_sentence_each():
    picture = plots([*jobs(2, definition="one"), *jobs(3, definition="two")], described("one", "two")).importance
    sentence = "Importance requires 10 training jobs with an objective value"
    assert picture.missing == f"one: {sentence}; 2 available so far. two: {sentence}; 3 available so far."


def test_the_number_of_training_jobs_in_the_sentence_is_enough():
    assert plots(jobs(10)).importance.missing == ""
