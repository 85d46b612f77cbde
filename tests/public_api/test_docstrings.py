"""Public modules, classes, functions, methods and properties have docstrings."""

import importlib
import inspect

import pytest
from surface import PARTS, public_modules

# The name of a conformance test is its sentence, as in this folder.
DESCRIBED = [part for part in PARTS if not part.name.rpartition(".")[2].startswith("test_")]


@pytest.mark.parametrize("name", public_modules())
def test_a_module_has_a_docstring(name):
    assert (importlib.import_module(name).__doc__ or "").strip()


def test_every_part_has_its_own_docstring():
    # an inherited docstring describes another class
    assert [part.name for part in DESCRIBED if not own_docstring(part.value).strip()] == []


def test_every_docstring_starts_with_a_sentence():
    assert [part.name for part in DESCRIBED if not starts_with_a_sentence(part.value.__doc__)] == []


def test_the_docstring_of_a_function_starts_with_a_standard_verb():
    first_words = {part.name: part.value.__doc__.split()[0] for part in DESCRIBED if inspect.isfunction(part.value)}
    assert {name: word for name, word in first_words.items() if word in {"Begin", "Give", "Look", "Say", "Tell"}} == {}


def starts_with_a_sentence(docstring):
    first = inspect.cleandoc(docstring).partition("\n\n")[0]
    return not first[0].islower() and first[-1] in ".:"


def own_docstring(value):
    """Return the docstring of a class, function or property, not an inherited one."""
    return (vars(value).get("__doc__") if isinstance(value, type) else value.__doc__) or ""


def test_parts_are_classes_functions_and_properties():
    assert {type(part.value).__name__ for part in PARTS} >= {"type", "function", "property"}


@pytest.mark.parametrize("name", ["hptsdk.TuningClient", "hptsdk.training", "hptsdk.to_wire"])
def test_public_names_are_among_the_parts(name):
    module, _, attribute = name.rpartition(".")
    assert getattr(importlib.import_module(module), attribute) in [part.value for part in PARTS]
