"""The names of `hptsdk.testing`, which are imported on first use."""

import ast
import importlib
import inspect
import subprocess
import sys

import pytest

from hptsdk import testing


def imported_for_type_checkers():
    [block] = [node for node in ast.parse(inspect.getsource(testing)).body if isinstance(node, ast.If)]
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname: node.module for node in imports for alias in node.names}


def test_the_names_are_sorted():
    assert testing.__all__ == sorted(testing.__all__)


def test_the_names_are_those_that_dir_returns():
    assert dir(testing) == testing.__all__


def test_the_names_are_those_that_type_checkers_see():
    assert sorted(imported_for_type_checkers()) == testing.__all__


@pytest.mark.parametrize("name", testing.__all__)
def test_a_name_is_what_type_checkers_see(name):
    home = importlib.import_module(imported_for_type_checkers()[name])
    assert getattr(testing, name) is getattr(home, name)


def test_an_absent_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"hptsdk\.testing.*Stubb"):
        testing.Stubb  # noqa: B018 - the error is the test


def test_importing_the_package_imports_no_other_module():
    script = "import hptsdk.testing, sys; print(*(n for n in sys.modules if n.startswith('hptsdk')), sep=' ')"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert set(done.stdout.split()) == {"hptsdk", "hptsdk.testing"}


@pytest.mark.parametrize("name", ["StubTransport", "MemoryTransport", "FaultyServer", "PretendClock"])
def test_a_transport_imports_neither_botocore_nor_pytest_nor_hypothesis(name):
    script = f"import hptsdk.testing, sys; hptsdk.testing.{name}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert set(done.stdout.split()) & {"botocore", "pytest", "hypothesis"} == set()
