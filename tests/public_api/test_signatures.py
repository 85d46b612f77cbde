"""Signatures have all types, and those that tools see are those of the source."""

import ast
import importlib
import inspect
import re
import typing

import attrs
import pytest
from surface import NAMES, PARTS

from hptsdk import schema, shapes

FUNCTIONS = [(part.name, f) for part in PARTS for f in part.functions if inspect.isfunction(f)]
CLASSES = schema.all_shapes()

# Documents are mappings with values of any type. These functions have one as an argument or a result.
DOCUMENTS = re.compile(r"(Mapping|dict)\[str, Any\]")
OF_DOCUMENTS = {
    "hptsdk.wire.Template",
    "hptsdk.wire.Template.fill",
    "hptsdk.placeholder",
    "hptsdk.wire.template",
    "hptsdk.export.airflow",
    "hptsdk.export.pipelines_step",
    "hptsdk.export.stepfunctions",
    "hptsdk.export.stepfunctions_policy",
    "hptsdk.wire.from_event",
    "hptsdk.builder.training_from",
    "hptsdk.client.differences_from_training_job",
    "hptsdk.client.TuningClient.create",
    "hptsdk.local.RecordedRequest",
    "hptsdk.transport.BotocoreTransport.call",
    "hptsdk.transport.Transport.call",
    "hptsdk.wire.from_wire",
    "hptsdk.wire.to_wire",
}
# In `hptsdk.testing` all transports have documents.
TESTING = "hptsdk.testing."


def hints(function):
    """Return the annotations of a function as text."""
    return {name: hint if isinstance(hint, str) else str(hint) for name, hint in function.__annotations__.items()}


def has_all_types(function):
    signature = inspect.signature(function)
    arguments = [p.annotation for name, p in signature.parameters.items() if name not in {"self", "cls"}]
    return signature.empty not in [*arguments, signature.return_annotation]


def test_every_argument_and_result_has_a_type():
    assert [name for name, function in FUNCTIONS if not has_all_types(function)] == []


def test_only_documents_have_values_of_any_type():
    rest = {(name, DOCUMENTS.sub("", hint)) for name, function in FUNCTIONS for hint in hints(function).values()}
    # a placeholder stands for a member of any type
    names = {name.rpartition(".")[2] for name, hint in rest if re.search(r"\bAny\b", hint)}
    assert names == {"placeholder"}


def test_only_these_signatures_have_documents():
    names = {name for name, function in FUNCTIONS if any(DOCUMENTS.search(hint) for hint in hints(function).values())}
    without_private_modules = {re.sub(r"\._[a-z_.]+(?=\.)", "", name) for name in names if not name.startswith(TESTING)}
    assert without_private_modules == OF_DOCUMENTS


def in_source(cls):
    """Yield the members of a shape from its source: the name, the annotation, and the default."""
    tree = ast.parse(inspect.getsource(importlib.import_module(cls.__module__)))
    [definition] = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__]
    for node in definition.body:
        if isinstance(node, ast.AnnAssign) and node.target.id.islower():
            yield node.target.id, node.annotation, node.value


@pytest.fixture(scope="module")
def constructors():
    """Return each class and the signature of its constructor."""
    return [(cls, inspect.signature(cls)) for cls in CLASSES]


def test_a_constructor_takes_the_members_in_the_order_of_the_source(constructors):
    for cls, signature in constructors:
        assert list(signature.parameters) == [name for name, _, _ in in_source(cls)]


def test_a_constructor_takes_its_arguments_by_name_only(constructors):
    for _, signature in constructors:
        assert {p.kind for p in signature.parameters.values()} <= {inspect.Parameter.KEYWORD_ONLY}


def test_a_constructor_has_the_defaults_of_the_source(constructors):
    for cls, signature in constructors:
        defaults = {name: p.default for name, p in signature.parameters.items() if p.default is not p.empty}
        assert defaults == {name: ast.literal_eval(value) for name, _, value in in_source(cls) if value is not None}


def test_a_constructor_has_the_types_of_the_source(constructors):
    for cls, _ in constructors:
        names = vars(importlib.import_module(cls.__module__))
        actual = typing.get_type_hints(cls.__init__, names, include_extras=True)
        expected = {name: eval(ast.unparse(hint), dict(names)) for name, hint, _ in in_source(cls)}  # noqa: S307 - our source
        assert {name: hint for name, hint in actual.items() if name != "return"} == expected


def test_a_constructor_has_the_name_and_the_module_of_its_class(constructors):
    for cls, _ in constructors:
        assert (cls.__init__.__name__, cls.__init__.__qualname__) == ("__init__", f"{cls.__name__}.__init__")
        assert cls.__init__.__module__ == cls.__module__


def test_the_members_of_attrs_are_those_of_the_source():
    for cls in CLASSES:
        assert [field.name for field in attrs.fields(cls)] == [name for name, _, _ in in_source(cls)]


def test_every_exported_shape_is_tested():
    assert {cls.__name__ for cls in CLASSES} == set(shapes.__all__)
    assert len(NAMES) == len(set(NAMES))
