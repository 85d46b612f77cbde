"""The local service refuses regexes of metrics that need gigabytes."""

import pytest
import regex

from hptsdk.local.process._training_process import compile_metrics
from hptsdk.shapes import MetricDefinition


@pytest.mark.parametrize("expression", ["((a+){1000}){1000}", "(a{1000000000})", "(((a{99}){99}){99})"])
def test_a_regex_whose_repeats_take_gigabytes_is_refused_before_it_is_compiled(expression, monkeypatch):
    monkeypatch.setattr(regex, "compile", lambda *_, **__: pytest.fail("it was compile_metrics"))
    with pytest.raises(ValueError, match=r"The regex of metric loss can't be used: .* Use smaller counts"):
        compile_metrics([MetricDefinition(name="loss", regex=expression)])


@pytest.mark.parametrize(
    "expression",
    [
        r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6} loss=([-+0-9.eE]{1,40})",
        r"(?:\s+\S+){12} loss=([0-9.]{1,1000})",
        r"[[:digit:]]{1,3} loss=(\d{1,3}\.\d{4})",
    ],
)
def test_a_typical_regex_is_compiled(expression):
    (watched,) = compile_metrics([MetricDefinition(name="loss", regex=expression)])
    assert watched.name == "loss"
