"""The reference is complete: every shape with its members and rules, every public name, every command."""

import importlib
import os
import pkgutil
import re
from pathlib import Path

import algorithm_pages
import command_pages
import enum_pages
import module_pages
import public_names
import pytest
import shape_pages
import typer
from doc_blocks import DOCS, blocks_of, pages

import hptsdk
from hptsdk import constraints, schema, shapes
from hptsdk.cli._main import app

# Documented by other directives: rules and shapes, scalars as bounds of members, commands.
OTHER = ("hptsdk.cli", "hptsdk.enums", "hptsdk.instance_types", "hptsdk.rules", "hptsdk.scalars", "hptsdk.shapes")


def public_modules():
    """Return the modules that users import from: their names have no underscore, and they define `__all__`."""
    names = [info.name for info in pkgutil.walk_packages(hptsdk.__path__, "hptsdk.") if "._" not in info.name]
    public = [name for name in names if not name.startswith(OTHER)]
    return ["hptsdk", *(name for name in public if hasattr(importlib.import_module(name), "__all__"))]


def directives(kind):
    """Return the arguments of all directives of a kind."""
    arguments = []
    for page in pages():
        for block in blocks_of(page):
            name, _, argument = block.kind.partition(" ")
            if name == f"{{{kind}}}":
                arguments.append(argument or block.text)
    return arguments


AREAS = directives("hpt-shapes")


@pytest.fixture(scope="module")
def shapes_text():
    return "".join(shape_pages.shapes_text(area) for area in AREAS)


@pytest.fixture(scope="module")
def text_of():
    """Return the text about each shape, by its class."""
    return {cls: shape_pages.shape_text(cls.__name__) for cls in schema.all_shapes()}


def test_every_area_of_shapes_is_on_one_page():
    assert sorted(AREAS) == sorted(shape_pages.areas())


def test_every_page_of_shapes_is_in_the_index():
    listed = (DOCS / "reference" / "shapes" / "index.md").read_text().split("\n")
    assert {area.replace("_", "-") for area in AREAS} <= set(listed)


def test_every_shape_is_described(shapes_text):
    assert sorted(re.findall(r"^````\{py:class\} (\w+)\(", shapes_text, re.MULTILINE)) == sorted(dir(shapes))


def test_every_member_of_a_shape_is_in_its_table(text_of):
    for cls, text in text_of.items():
        rows = [f"| `{m.attribute}`<br>`{m.wire_name}`<br>type: " for m in schema.of(cls).members]
        assert [row for row in rows if row not in text] == []


def test_the_documentation_of_every_member_is_in_the_table_of_its_shape(text_of):
    for cls, text in text_of.items():
        sentences = [member.documentation.replace("|", r"\|") for member in schema.of(cls).members]
        assert [sentence for sentence in sentences if sentence not in text] == []


def test_every_rule_is_listed_with_its_shape(text_of):
    rows = [(rule.shape, f"- `{rule.id}` ({rule.level}): {rule.sentence}") for rule in schema.rules()]
    assert [row for shape, row in rows if row not in text_of[shape]] == []


def test_the_source_of_every_rule_is_listed_with_its_shape(text_of):
    assert [rule.id for rule in schema.rules() if rule.source not in text_of[rule.shape]] == []


def test_a_member_is_listed_with_its_type_and_bounds():
    text = shape_pages.shape_text("ContinuousParameterRange")
    row = next(line for line in text.splitlines() if line.startswith("| `scaling_type`"))
    assert row == (
        "| `scaling_type`<br>`ScalingType`<br>type: text |  "
        "| one of `Auto`, `Linear`, `Logarithmic`, `ReverseLogarithmic` "
        "| Scaling of the search. Logarithmic requires values above 0, ReverseLogarithmic values from 0 to below 1. |"
    )


def test_every_table_of_members_has_four_columns(shapes_text):
    tables = re.findall(r"^```\{table\}\n:class: members\n\n(.*)\n", shapes_text, re.MULTILINE)
    assert len(tables) == sum(bool(schema.of(cls).members) for cls in schema.all_shapes())
    assert set(tables) == {"| member | required | bounds | meaning |"}


@pytest.mark.parametrize("table", ["table.members", "#rules table", "#members-of-a-request-in-the-local-service table"])
def test_the_style_sheet_keeps_a_wide_table_within_the_page(table):
    styles = (DOCS / "_static" / "hptsdk.css").read_text()
    [rule] = re.findall(rf"^{re.escape(table)}[^}}]*}}", styles, re.MULTILINE)[:1]
    assert "table-layout: fixed;" in rule
    assert "width: 100%;" in rule


def test_a_structure_within_a_list_is_a_link():
    assert "list of {py:class}`~hptsdk.shapes.Tag`" in shape_pages.shape_text("CreateHyperParameterTuningJobRequest")


def test_a_possible_secret_is_marked():
    row = next(
        line
        for line in shape_pages.shape_text("HyperParameterTrainingJobDefinition").splitlines()
        if line.startswith("| `environment`")
    )
    assert "map of text to text" in row
    assert "may be a secret, so messages do not show it" in row


def test_the_example_of_a_docstring_is_a_code_block():
    assert "```python\nTag(" not in shape_pages.shape_text("Channel")
    assert "```python\nChannel(\n" in shape_pages.shape_text("Channel")


def test_every_algorithm_has_a_page_with_its_title(tmp_path):
    algorithm_pages.write_pages(tmp_path)
    written = {path.stem: path.read_text("utf-8") for path in tmp_path.iterdir()}
    directive = "```{hpt-algorithm} "
    assert written == {a.name: f"# {a.title}\n\n{directive}{a.name}\n```\n" for a in schema.algorithms()}
    assert all(f"[{a.title}]({a.name}.md)" in algorithm_pages.algorithms_text() for a in schema.algorithms())


def test_a_page_of_an_algorithm_is_written_once(tmp_path):
    algorithm_pages.write_pages(tmp_path)
    page = tmp_path / "xgboost.md"
    os.utime(page, (0, 0))
    algorithm_pages.write_pages(tmp_path)
    assert page.stat().st_mtime == 0


@pytest.mark.parametrize("algorithm", schema.algorithms(), ids=lambda algorithm: algorithm.name)
def test_the_page_of_an_algorithm_has_all_its_facts(algorithm):
    text = algorithm_pages.algorithm_text(algorithm.name)
    names = [*algorithm.hyperparameters, *algorithm.metrics, *algorithm.channels, *algorithm.content_types]
    assert [name for name in names if f"\n| `{name}` |" not in text] == []
    sections = ["Hyperparameters", "Ranges", "Metrics", "Channels", "Content types", "Sources"]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == sections
    assert f"]({algorithm.page})" in text
    assert f"Read on {algorithm.read}" in text


@pytest.mark.parametrize(
    "row",
    [
        "| `lambda_bias` | float | at least 0, at most 1 | `0` | only if `booster` is `gblinear` |",
        "| `tweedie_variance_power` | float | above 1, below 2 | `1.5` | only if `objective` is `reg:tweedie` |",
        "| `silent` | integer | at least 0, at most 1 | `0` | until version 1.0 |",
        "| `eta` | Continuous | 0.1 to 0.5 | Linear |",
        "| `validation:merror` | Minimize | `validation` | yes | `objective` is `multi:*` |",
        "| `train:aucpr` | Maximize | training data | no |  |",
        "| `validation` | with the hyperparameter `early_stopping_rounds` |  |",
        "| `text/csv` | `File`, `Pipe` | `label_size` is `1` |",
    ],
)
def test_a_fact_about_an_algorithm_is_a_row(row):
    assert f"\n{row}\n" in algorithm_pages.algorithm_text("xgboost")


@pytest.mark.parametrize(
    "words",
    [
        "Any number. Only one if `mode` is `skipgram`, `cbow` or `supervised`. A GPU is optional.",
        "No GPU is used if `mode` is `batch_skipgram`.\n",
        "| `validation` | with the hyperparameter `early_stopping`; read only if `mode` is `supervised` |  |\n",
    ],
)
def test_conditions_of_instances_and_channels_are_on_the_page(words):
    assert words in algorithm_pages.algorithm_text("blazingtext")


def test_values_with_the_same_needs_are_one_list():
    text = algorithm_pages.algorithm_text("knn")
    assert "`INNER_PRODUCT`, `COSINE` only if `index_type` is `faiss.Flat` or `faiss.IVFFlat`" in text


def test_an_algorithm_that_cannot_be_tuned_has_no_ranges():
    assert "## Ranges\n\nSageMaker cannot tune this algorithm.\n" in algorithm_pages.algorithm_text("pca")


def test_sources_of_facts_are_links():
    text = algorithm_pages.algorithm_text("xgboost")
    assert "- [dmlc/xgboost](https://github.com/dmlc/xgboost), `doc/parameter.rst`\n" in text
    assert "- [dg/xgboost-72](https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost-72.html)\n" in text


@pytest.mark.parametrize("module", public_modules())
def test_every_public_name_of_a_module_is_documented(module):
    documented = {name.rpartition(".")[2] for lines in directives("hpt-api") for name in public_names.expanded(lines)}
    names = {name for name in public_names.resolve(module).__all__ if not name.startswith("_")}
    assert names - {"errors", "export", "schema", "shapes", "strategies"} <= documented


def test_the_docstring_of_a_type_alias_is_on_its_page():
    assert public_names.alias_docstring("hptsdk.testing", "Fault").startswith("A fault of one attempt.")
    assert public_names.alias_docstring("hptsdk.local", "Missing") == ""


def test_every_enumeration_is_listed_with_its_values():
    text = enum_pages.enums_text()
    for name, values in enum_pages.enumerations().items():
        assert f"{{py:type}} {name.rpartition('.')[2]}\n" in text
        assert values
        assert all(f"`{value}`" in text for value in values)


def test_an_open_enumeration_has_its_known_names_only():
    assert "ml.m5.xlarge" in enum_pages.enumerations()["hptsdk.instance_types.TrainingInstanceType"]


def test_every_command_is_described(monkeypatch):
    # commands of their own: the page creates their help options without -h, and other tests share the commands
    monkeypatch.setattr("typer.main.get_command", typer.main.get_command.__wrapped__)
    text = command_pages.commands_text()
    group = typer.main.get_command(app)
    for name in [*group.commands, "local serve"]:
        assert f"`hptsdk {name}`\n" in text
    assert "Example: `hptsdk validate" in text
    assert "* `describe`: Show the status and the results of a tuning job.\n" in text


def test_every_violation_id_that_is_not_a_rule_is_documented():
    package = Path(hptsdk.__file__).parent
    files = [path for path in package.rglob("*.py") if "cli" not in path.relative_to(package).parts]
    sources = "".join(path.read_text() for path in files)
    ids = {
        *re.findall(r'\brule="([a-z-]+)"', sources),
        *(cls.rule for name in constraints.__all__ if hasattr(cls := getattr(constraints, name), "rule")),
    }
    documented = re.findall(r"^\| `([a-z-]+)` \|", (DOCS / "reference" / "mistakes.md").read_text(), re.MULTILINE)
    # this one marks secrets; no message has it
    assert set(documented) == {name for name in ids if name != "secret"}


def test_the_architecture_lists_every_package_and_module_at_the_top_level():
    table = (DOCS / "explanation" / "architecture.md").read_text()
    folder = Path(hptsdk.__file__).parent
    packages = {f"{path.parent.relative_to(folder)}/" for path in folder.glob("*/__init__.py")}
    listed = set(re.findall(r"`([\w.]+(?:\.py|/))`", "\n".join(re.findall(r"^\| `.*? \|", table, re.MULTILINE))))
    assert packages | {path.name for path in folder.glob("*.py")} == {name for name in listed if "/" not in name[:-1]}


def test_every_module_is_listed_with_the_first_line_of_its_docstring():
    text = module_pages.modules_text()
    files = [path for path in Path(hptsdk.__file__).parent.rglob("*.py") if path.name != "__init__.py"]
    assert text.count("\n| `") == len(files)
    assert "| `_compiled_validator` | The compiled validator of a class" in text
