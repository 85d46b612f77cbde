"""Everything public says what it is: modules, classes, functions, methods, properties."""

import importlib
import inspect

import pytest
from surface import PARTS, public_modules


@pytest.mark.parametrize("name", public_modules())
def test_a_module_has_a_docstring(name):
    assert (importlib.import_module(name).__doc__ or "").strip()


def test_every_part_has_a_docstring_of_its_own():
    # an inherited docstring describes another class
    assert [part.name for part in PARTS if not own_docstring(part.found).strip()] == []


def test_every_docstring_begins_with_a_sentence():
    assert [part.name for part in PARTS if not begins_with_a_sentence(part.found.__doc__)] == []


def begins_with_a_sentence(docstring):
    first = inspect.cleandoc(docstring).partition("\n\n")[0]
    return not first[0].islower() and first[-1] in ".:"


def own_docstring(found):
    """Give the docstring that stands in a class, a function or a property itself."""
    return (vars(found).get("__doc__") if isinstance(found, type) else found.__doc__) or ""


def test_there_are_parts_of_every_kind():
    assert {type(part.found).__name__ for part in PARTS} >= {"type", "function", "property"}


@pytest.mark.parametrize("name", ["hptsdk.TuningClient", "hptsdk.training", "hptsdk.to_wire"])
def test_the_parts_are_those_that_users_name(name):
    module, _, attribute = name.rpartition(".")
    assert getattr(importlib.import_module(module), attribute) in [part.found for part in PARTS]
