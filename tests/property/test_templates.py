"""Templates of any request: what is not known is never a violation, and a filled template is the request."""

import copy

from hypothesis import assume, given, strategies as st

import hptsdk
from hptsdk.shapes import CreateHyperParameterTuningJobRequest as Request
from hptsdk.testing import strategies

# A placeholder of each syntax with the number of its value.
WRITTEN = {
    "airflow": "{{{{ x{} }}}}".format,
    "env": "${{X{}}}".format,
    "flyte": "{{inputs.x{}}}".format,
    "pipelines": lambda number: {"Get": f"Parameters.X{number}"},
    "stepfunctions": "{{% $x{} %}}".format,
}
EXPRESSIONS = {
    "airflow": "x{}",
    "env": "X{}",
    "flyte": "inputs.x{}",
    "pipelines": "Parameters.X{}",
    "stepfunctions": "$x{}",
}
TEXTS = st.sampled_from(["airflow", "env", "flyte"])


def paths(value, path=()):
    """Yield the paths of all parts of a document."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in steps:
        yield (*path, step)
        yield from paths(item, (*path, step))


def parent_of(document, path):
    """Return the list or mapping that contains the part at a path."""
    for step in path[:-1]:
        document = document[step]
    return document


def without_placeholders(document, syntax):
    """Check whether no text of a document has the syntax by chance."""
    return hptsdk.template(Request, document, syntax=syntax).placeholders == ()


@st.composite
def parts(draw, document):
    """Draw the paths of a few parts of a document, of which none contains another one."""
    drawn = draw(st.lists(st.sampled_from(sorted(paths(document), key=str)), min_size=1, max_size=4, unique=True))
    return [path for path in drawn if not any(path != other and path[: len(other)] == other for other in drawn)]


@given(data=st.data(), syntax=st.sampled_from(sorted(WRITTEN)), extreme=st.booleans())
def test_any_parts_of_a_request_can_be_unknown(data, syntax, extreme):
    request = data.draw(strategies.requests(extreme=extreme))
    document = hptsdk.to_wire(request)
    assume(without_placeholders(document, syntax))
    values, unknown = {}, copy.deepcopy(document)
    for number, path in enumerate(data.draw(parts(document))):
        values[EXPRESSIONS[syntax].format(number)] = parent_of(document, path)[path[-1]]
        parent_of(unknown, path)[path[-1]] = WRITTEN[syntax](number)
    assert hptsdk.template(Request, unknown, syntax=syntax).fill(values) == request


@given(data=st.data(), syntax=TEXTS, extreme=st.booleans())
def test_any_part_of_a_text_can_be_unknown(data, syntax, extreme):
    request = data.draw(strategies.requests(extreme=extreme))
    document = hptsdk.to_wire(request)
    assume(without_placeholders(document, syntax))
    texts = [path for path in paths(document) if isinstance(parent_of(document, path)[path[-1]], str)]
    path = data.draw(st.sampled_from(sorted(texts, key=str)))
    text = parent_of(document, path)[path[-1]]
    start, end = sorted([data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))])
    parent_of(document, path)[path[-1]] = f"{text[:start]}{WRITTEN[syntax](0)}{text[end:]}"
    filled = hptsdk.template(Request, document, syntax=syntax).fill({EXPRESSIONS[syntax].format(0): text[start:end]})
    assert filled == request
