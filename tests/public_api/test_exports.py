"""The names of `import hptsdk`: each is documented, and large packages are imported on first use only."""

import ast
import importlib
import importlib.metadata
import inspect
import pkgutil
import subprocess
import sys

import attrs
import pytest

import hptsdk
from hptsdk import schema, shapes

LARGE = {"botocore", "boto3", "cattrs", "hypothesis", "optuna", "moto"}

BUILD_A_REQUEST = """
import hptsdk
from hptsdk.shapes import *

request = CreateHyperParameterTuningJobRequest(
    hyper_parameter_tuning_job_name="a",
    hyper_parameter_tuning_job_config=HyperParameterTuningJobConfig(
        strategy="Random",
        hyper_parameter_tuning_job_objective=HyperParameterTuningJobObjective(type="Minimize", metric_name="loss"),
        resource_limits=ResourceLimits(max_number_of_training_jobs=2, max_parallel_training_jobs=1),
        parameter_ranges=ParameterRanges(
            continuous_parameter_ranges=[ContinuousParameterRange(name="eta", min_value="0.1", max_value="0.5")]
        ),
    ),
    training_job_definition=HyperParameterTrainingJobDefinition(
        algorithm_specification=HyperParameterAlgorithmSpecification(
            training_image="123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1",
            training_input_mode="File",
            metric_definitions=[MetricDefinition(name="loss", regex="loss=([0-9.]+)")],
        ),
        role_arn="arn:aws:iam::123456789012:role/Role",
        output_data_config=OutputDataConfig(s3_output_path="s3://amzn-s3-demo-bucket/"),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=10),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=60),
    ),
    tags=[Tag(key="team", value="growth")],
)
hash(request), repr(request), request == request, request._repr_html_()
try:
    Tag(key="", value="")
except hptsdk.errors.InvalidShapeError as error:
    str(error)
hptsdk.schema.of(Tag)
"""


def modules_after(code):
    """Run code in a new interpreter, and return the top-level packages that it has imported."""
    script = f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return set(done.stdout.split())


def imported(module):
    """Return the names that a module imports for type checkers, each with the module from which it is imported."""
    tree = ast.parse(inspect.getsource(module))
    [block] = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return [
        (alias.name, alias.asname, node.module)
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]


def defined_shapes():
    """Yield the name of each class that a module of `hptsdk.shapes` defines, with the name of the module."""
    for info in pkgutil.iter_modules(shapes.__path__, f"{shapes.__name__}."):
        for name, value in vars(importlib.import_module(info.name)).items():
            if inspect.isclass(value) and value.__module__ == info.name and attrs.has(value):
                yield name, info.name


DEFINED = sorted(defined_shapes())


def test_the_names_are_sorted():
    assert hptsdk.__all__ == sorted(hptsdk.__all__)


def test_the_names_are_those_that_dir_returns():
    assert dir(hptsdk) == hptsdk.__all__


def test_the_names_are_those_that_type_checkers_see():
    names = [asname for _, asname, _ in imported(hptsdk)]
    assert sorted([*names, "__version__"]) == hptsdk.__all__


def test_a_name_is_what_type_checkers_see():
    for name, asname, module in imported(hptsdk):
        home = importlib.import_module(f"{module}.{name}" if module == "hptsdk" else module)
        assert getattr(hptsdk, asname) is (home if module == "hptsdk" else getattr(home, name))


def test_a_name_has_a_docstring_of_its_own():
    names = [name for name in hptsdk.__all__ if name != "__version__"]
    assert [name for name in names if not (getattr(hptsdk, name).__doc__ or "").strip()] == []


@pytest.mark.parametrize("name", ["errors", "schema"])
def test_every_name_in_a_public_module_has_a_docstring(name):
    module = getattr(hptsdk, name)
    assert [each for each in module.__all__ if not (getattr(module, each).__doc__ or "").strip()] == []


@pytest.mark.parametrize("name", ["errors", "schema", "shapes"])
def test_the_names_of_a_public_module_are_sorted(name):
    module = getattr(hptsdk, name)
    assert module.__all__ == sorted(module.__all__)


def test_every_shape_and_member_is_documented():
    shapes_and_members = [part for cls in schema.all_shapes() for part in (schema.of(cls), *schema.of(cls).members)]
    assert [part for part in shapes_and_members if not part.documentation] == []


def test_the_version_is_that_of_the_distribution():
    assert hptsdk.__version__ == importlib.metadata.version("hptsdk")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"^module 'hptsdk' has no attribute 'tuning'$"):
        _ = hptsdk.tuning


@pytest.mark.parametrize("name", ["_rules", "local.service"])
def test_the_error_for_another_name_has_no_import(name):
    with pytest.raises(AttributeError, match=rf"^module 'hptsdk' has no attribute '{name}'$"):
        hptsdk.__getattr__(name)


@pytest.mark.parametrize("name", ["constraints", "local", "testing"])
def test_the_error_for_a_module_that_is_not_imported_has_its_import(name):
    with pytest.raises(AttributeError) as raised:
        hptsdk.__getattr__(name)
    assert str(raised.value) == f"module 'hptsdk' has no attribute {name!r}; first run: import hptsdk.{name}"


def test_an_unknown_shape_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"module 'hptsdk\.shapes' has no attribute 'Taag'"):
        _ = shapes.Taag


def test_an_unknown_shape_cannot_be_imported():
    with pytest.raises(ImportError, match="Taag"):
        importlib.import_module("hptsdk.shapes.Taag")


@pytest.mark.parametrize("name", ["terrform", "_targets.ack", "json"])
def test_an_unknown_export_is_an_attribute_error(name):
    with pytest.raises(AttributeError, match=rf"^module 'hptsdk\.export' has no attribute '{name}'$"):
        hptsdk.export.__getattr__(name)


def test_importing_loads_no_large_package():
    assert modules_after("import hptsdk") & LARGE == set()


def test_importing_loads_no_module_of_its_own():
    script = "import hptsdk, sys; print(*sorted(n for n in sys.modules if n.startswith('hptsdk')))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert done.stdout.split() == ["hptsdk"]


def test_building_a_request_loads_no_large_package():
    assert modules_after(BUILD_A_REQUEST) & LARGE == set()


def test_to_wire_loads_no_botocore():
    code = "import hptsdk; hptsdk.to_wire(hptsdk.shapes.Tag(key='a', value=''))"
    assert modules_after(code) & (LARGE - {"cattrs"}) == set()


def test_dir_lists_every_shape_before_any_is_loaded():
    script = "import hptsdk; print(*dir(hptsdk.shapes))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert done.stdout.split() == [name for name, _ in DEFINED]


def test_every_shape_is_exported_once():
    assert shapes.__all__ == [name for name, _ in DEFINED]


def test_the_table_of_modules_has_every_shape_once():
    listed = [name for names in shapes._NAMES.values() for name in names.split()]
    assert sorted(listed) == [name for name, _ in DEFINED]


def test_a_shape_is_imported_from_the_module_that_defines_it():
    assert [(name, getattr(shapes, name).__module__) for name, _ in DEFINED] == DEFINED


def test_type_checkers_see_every_shape_in_its_module():
    assert sorted((asname, module) for _, asname, module in imported(shapes)) == DEFINED


def test_type_checkers_see_every_shape_under_its_own_name():
    assert [name for name, asname, _ in imported(shapes) if name != asname] == []


def test_an_import_of_all_shapes_imports_all_of_them():
    names = {}
    exec("from hptsdk.shapes import *", names)  # noqa: S102 - an import of all is only allowed at module level
    assert sorted(names.keys() - {"__builtins__"}) == shapes.__all__


def test_all_shapes_returns_all_of_them():
    assert [cls.__name__ for cls in schema.all_shapes()] == [name for name, _ in DEFINED]
