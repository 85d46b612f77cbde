"""Which hyperparameters mattered."""

import importlib.util
import random
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from picturing import SVG, described, drawn, plots, training_job, words

from hptsdk.report import _importance


def jobs(count, *, sign=1, definition=None):
    """Make training jobs of which only the rate and the kind matter, the rate most."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    for number in range(count):
        rate, layers = 10 ** chance.uniform(-3, 0), chance.randint(1, 12)
        kind, width = chance.choice("abc"), chance.uniform(10, 20)
        momentum = 1 - 10 ** chance.uniform(-3, 0)
        value = sign * ((rate - 0.05) ** 2 * 10 + (kind == "c") * 0.05)
        tried = {"rate": rate, "layers": layers, "kind": kind, "width": width, "momentum": momentum}
        yield training_job(number, value, definition=definition, **tried)


def bars(picture):
    """Give the tooltips of the bars, in order."""
    found = [node for node in drawn(picture).iter(f"{SVG}rect") if node.get("class") == "bar"]
    return [node.findtext(f"{SVG}title") for node in found]


@pytest.mark.parametrize(("way", "sign"), [("minimize", 1), ("maximize", -1)])
def test_what_mattered_most_comes_first(way, sign):
    found = bars(plots(jobs(60, sign=sign), described(way=way)).importance)
    assert found[0].startswith("rate")
    assert len(found) == 5


def test_all_shares_together_are_one():
    found = bars(plots(jobs(60)).importance)
    assert sum(float(tip.rpartition(" ")[2]) for tip in found) == pytest.approx(1, abs=0.005)


def test_it_is_the_same_each_time():
    assert plots(jobs(30)).importance.svg == plots(jobs(30)).importance.svg


def test_nothing_is_written_meanwhile(capsys):
    _ = plots(jobs(30)).importance.svg
    assert capsys.readouterr() == ("", "")


NOTEBOOK = """
import sys
from types import ModuleType, SimpleNamespace
# what tqdm, which Optuna shows bars with, knows a notebook by
sys.modules["ipykernel.zmqshell"] = ModuleType("ipykernel.zmqshell")
sys.modules["IPython"] = SimpleNamespace(get_ipython=object)
sys.modules["ipywidgets"] = None
"""


SEARCHING = "import hptsdk.local.search._bayesian"
MEASURING = """
from picturing import plots, training_job
assert plots([training_job(n, n, width=10 + n / 9) for n in range(12)]).importance.missing == ""
"""


@pytest.mark.long
@pytest.mark.parametrize("program", [SEARCHING, MEASURING], ids=["searching", "measuring"])
def test_a_notebook_without_widgets_is_not_told_of_them(program):
    command = [sys.executable, "-c", NOTEBOOK + program]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - our own
    assert done.stderr == ""


def test_too_few_training_jobs_are_said_to_be_so():
    assert (
        plots(jobs(9)).importance.missing == "Importance takes 10 training jobs with an objective; so far there are 9."
    )


def test_objectives_that_are_all_the_same_are_said_to_be_so():
    found = plots([training_job(n, 0.5, width=10 + n / 2) for n in range(12)]).importance
    assert found.missing == "Importance can't be measured: all training jobs reached the same objective."


def test_hyperparameters_that_never_differ_are_said_to_be_so():
    found = plots([training_job(n, 0.5 + n, width=11) for n in range(12)]).importance
    assert found.missing == "Importance can't be measured: no hyperparameter was tried with more than one value."


def test_training_jobs_that_tried_only_a_part_are_said_to_be_too_few():
    some = [
        training_job(n, 0.5 + n, **({"width": 11 + n / 9} if n % 2 else {"rate": 0.01 + n / 90})) for n in range(12)
    ]
    missing = "Importance can't be measured: too few training jobs tried all hyperparameters."
    assert plots(some).importance.missing == missing


def test_where_optuna_is_missing_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert plots(jobs(30)).importance.missing.endswith('pip install "hptsdk[local]"')


def test_a_picture_that_is_missing_says_why_in_its_place():
    found = plots(jobs(3)).importance
    assert words(ET.fromstring(found.svg)) == [found.missing]  # noqa: S314 - our own


def test_definitions_are_measured_by_themselves():
    found = plots([*jobs(20, definition="one"), *jobs(15, definition="two")], described("one", "two")).importance
    assert [word for word in words(drawn(found)) if "better" in word] == [
        "one (loss, smaller is better)",
        "two (loss, smaller is better)",
    ]


def test_a_definition_with_too_few_training_jobs_is_told_beside_the_others():
    found = plots([*jobs(20, definition="one"), *jobs(3, definition="two")], described("one", "two")).importance
    told = "Importance takes 10 training jobs with an objective; so far there are 3."
    assert words(drawn(found))[-2:] == ["two (loss, smaller is better)", told]
    assert found.html.count(told) == 2


def test_definitions_that_lack_other_numbers_of_training_jobs_are_told_apart():
    found = plots([*jobs(2, definition="one"), *jobs(3, definition="two")], described("one", "two")).importance
    told = "Importance takes 10 training jobs with an objective; so far there are"
    assert found.missing == f"one: {told} 2. two: {told} 3."


def test_the_smallest_number_of_training_jobs_is_the_one_that_is_told():
    assert plots(jobs(_importance.MIN_TRAINING_JOBS)).importance.missing == ""
