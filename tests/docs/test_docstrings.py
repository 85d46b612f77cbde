"""The examples in docstrings run: interactive sessions, and the calls in docstrings of shapes."""

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import hptsdk
from hptsdk import schema, shapes

pytestmark = pytest.mark.hptsdk_offline

ROOT = Path(hptsdk.__file__).parent
MODULES = [
    info.name
    for info in pkgutil.walk_packages([str(ROOT)], "hptsdk.")
    if not info.ispkg and ">>> " in (ROOT.parent / f"{info.name.replace('.', '/')}.py").read_text()
] + ["hptsdk.testing.strategies"]


@pytest.fixture(autouse=True)
def _environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def examples_in(name):
    return [test for test in doctest.DocTestFinder().find(importlib.import_module(name)) if test.examples]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name):
    tests = examples_in(name)
    assert tests
    for test in tests:
        failures = []
        doctest.DocTestRunner().run(test, out=failures.append)
        assert not failures, "".join(failures)


def public_examples():
    """Return the examples of each public name, which can be copied into an empty interpreter."""
    for info in pkgutil.walk_packages([str(ROOT)], "hptsdk."):
        if "._" in info.name:
            continue
        module = importlib.import_module(info.name)
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                for test in doctest.DocTestFinder().find(value, f"{info.name}.{name}", globs={}):
                    if test.examples:
                        yield pytest.param(test, id=test.name)


@pytest.mark.parametrize("test", list(public_examples()))
def test_a_public_example_imports_what_it_uses(test):
    failures = []
    doctest.DocTestRunner().run(test, out=failures.append)
    assert not failures, "".join(failures)


@pytest.mark.parametrize("name", MODULES)
def test_no_example_is_skipped(name):
    skipped = [e.source for test in examples_in(name) for e in test.examples if e.options.get(doctest.SKIP)]
    assert not skipped


def examples_of_shapes():
    """Return the class and the source of each example that is a call."""
    for cls in schema.all_shapes():
        for source in re.findall(r"^Example:\n((?: {4}.*\n?|\n)+)", inspect.getdoc(cls), re.MULTILINE):
            yield pytest.param(cls, inspect.cleandoc(source), id=cls.__name__)


@pytest.mark.parametrize(("cls", "source"), list(examples_of_shapes()))
def test_the_example_of_a_shape_creates_an_instance(cls, source):
    names = {name: getattr(shapes, name) for name in shapes.__all__}
    instance = eval(source, names)  # noqa: S307 - the project's own docstrings
    assert type(instance) is cls


def test_there_are_examples_of_both_kinds():
    assert len(MODULES) > 10
    assert len(list(examples_of_shapes())) > 10
