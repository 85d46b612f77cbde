"""Shapes as tables in a notebook, without values that may be secrets."""

from datetime import UTC, datetime

import pytest

import hptsdk
from hptsdk import schema, shapes

pytestmark = pytest.mark.usefixtures("no_rules")

SECRETIVE = [(cls, member) for cls in schema.all_shapes() for member in schema.of(cls).members if member.type.is_secret]


def test_a_shape_is_a_table_of_its_members():
    assert shapes.Tag(key="team", value="growth")._repr_html_() == (
        "<table><caption>Tag</caption>"
        "<tr><th style='text-align:left'>Key</th><td style='text-align:left'>team</td></tr>"
        "<tr><th style='text-align:left'>Value</th><td style='text-align:left'>growth</td></tr>"
        "</table>"
    )


def test_members_that_are_not_set_are_left_out():
    assert "VolumeSizeInGB" not in shapes.ResourceConfig(instance_count=2)._repr_html_()


def test_a_falsy_value_is_included():
    assert ">0</td>" in shapes.ShuffleConfig(seed=0)._repr_html_()


def test_a_shape_in_a_shape_is_a_table_in_a_table(valid):
    assert valid(shapes.AddTagsInput, tags=[shapes.Tag(key="a", value="")])._repr_html_().count("<table>") == 2


def test_each_item_of_a_list_has_its_own_line():
    shape = shapes.VpcConfig(security_group_ids=["sg-1"], subnets=["a", "b"])
    assert "<div>a</div><div>b</div>" in shape._repr_html_()


def test_each_entry_of_a_map_has_its_own_line():
    shape = shapes.CollectionConfiguration(collection_parameters={"start": "1", "end": "2"})
    assert "<div>start = 1</div><div>end = 2</div>" in shape._repr_html_()


@pytest.mark.parametrize(
    "shape",
    [
        shapes.HubAccessConfig(hub_content_arn="<b>&"),
        shapes.CollectionConfiguration(collection_parameters={"<b>&": "1"}),
        shapes.CollectionConfiguration(collection_parameters={"a": "<b>&"}),
        shapes.CategoricalParameterRange(name="a", values=["<b>&"]),
    ],
)
def test_markup_in_a_value_is_escaped(shape):
    html = shape._repr_html_()
    assert ("<b>" in html, "&lt;b&gt;&amp;" in html) == (False, True)


@pytest.mark.parametrize(
    ("cls", "document", "shown"),
    [
        (shapes.MetricData, {"MetricName": ["<b>&"]}, "a list of 1 item"),
        (shapes.ListTagsOutput, {"Tags": "<b>&"}, "text of 4 characters"),
    ],
)
def test_a_value_of_a_wrong_type_in_a_response_is_shown_as_its_type_and_size(cls, document, shown):
    html = hptsdk.from_wire(cls, document)._repr_html_()
    assert ("<b>" in html, f">{shown}</td>" in html) == (False, True)


@pytest.mark.parametrize(("cls", "member"), SECRETIVE, ids=lambda part: getattr(part, "__name__", None))
def test_a_secret_is_shown_as_its_length(cls, member, valid):
    html = valid(cls, **{member.attribute: {"TOKEN": "hunter2"}})._repr_html_()
    assert ("hunter2" in html, "<div>TOKEN = text of 7 characters</div>" in html) == (False, True)


@pytest.mark.parametrize(
    "definition",
    [
        {"Environment": "hunter2"},
        {"Environment": ["hunter2"]},
        {"Environment": {"TOKEN": ["hunter2"]}},
        {"Environment": {"TOKEN": {"is": "hunter2"}}},
        [{"Environment": {"TOKEN": "hunter2"}}],
        {"InputDataConfig": {"Environment": {"TOKEN": "hunter2"}}},
        {"ResourceConfig": [{"Environment": {"TOKEN": "hunter2"}}]},
        {"Elsewhere": {"Environment": {"TOKEN": "hunter2"}}},
    ],
    ids=repr,
)
def test_a_secret_in_a_response_in_an_unknown_format_is_not_shown(definition):
    document = {"TrainingJobDefinition": definition}
    shape = hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, document)
    assert "hunter2" not in shape._repr_html_()


def test_a_time_is_shown():
    shape = shapes.MetricData(timestamp=datetime(2026, 11, 3, 12, 30, tzinfo=UTC))
    assert ">2026-11-03 12:30:00+00:00</td>" in shape._repr_html_()
