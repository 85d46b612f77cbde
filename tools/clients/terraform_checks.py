"""Exports to Terraform, parsed by an HCL parser, against the schema of the AWS provider.

Terraform is not a Python package. Pulumi's package for AWS is generated from the schema of the provider, and contains
the names of its arguments, their structure, and whether they are required.
"""

import ast
import importlib.util
from functools import cache
from pathlib import Path

import hcl2
import pytest
from hypothesis import HealthCheck, given, settings

from hptsdk.export import convert_request
from hptsdk.testing.strategies import requests

RESOURCE = "HyperParameterTuningJob"


@cache
def structures():
    """Return the arguments of each structure: by name, the type of the argument and whether it is required."""
    result = {}
    for node in ast.parse(source("_inputs.py")).body:
        if isinstance(node, ast.ClassDef) and node.name.startswith(RESOURCE) and node.name.endswith("ArgsDict"):
            fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
            result[structure_name(node.name)] = {each.target.id: argument(each.annotation) for each in fields}
    [resource] = [node for node in ast.parse(source("hyper_parameter_tuning_job.py")).body if is_class_of(node, "Args")]
    [constructor, *_] = [each for each in resource.body if isinstance(each, ast.FunctionDef)]
    result[RESOURCE] = {each.arg: argument(each.annotation) for each in constructor.args.kwonlyargs}
    return result


def source(name):
    spec = importlib.util.find_spec("pulumi_aws")
    return Path(spec.submodule_search_locations[0], "sagemaker", name).read_text("utf-8")


def is_class_of(node, end):
    return isinstance(node, ast.ClassDef) and node.name == f"{RESOURCE}{end}"


def structure_name(name):
    return name.removesuffix("Dict").removesuffix("Args")


def argument(annotation):
    """Return the type of an argument, and whether it is required."""
    names = [part.value for part in ast.walk(annotation) if isinstance(part, ast.Constant)]
    structure = next((structure_name(name) for name in names if isinstance(name, str)), "str")
    return structure, "Optional" not in ast.unparse(annotation)


def find(arguments, name):
    """Return the argument with a name or its plural, which Pulumi uses for a repeated block; None if there is none."""
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return next((arguments[each] for each in (name, plural) if each in arguments), None)


def problems(block, arguments, path):
    """Yield a text for each argument of a block that the schema does not have, and for each that is missing."""
    names = set()
    for name, value in block.items():
        if name.startswith("__"):
            continue
        found = find(arguments, name)
        if found is None:
            yield f"{path}{name} is unknown"
            continue
        names.add(name)
        structure, _ = found
        for each in value if isinstance(value, list) else [value]:
            if structure in structures():
                yield from problems(each, structures()[structure], f"{path}{name}.")
            elif isinstance(each, dict) and name not in ("tags", "environment", "static_hyper_parameters"):
                yield f"{path}{name} is not a block"
    for name, (_, required) in arguments.items():
        if required and not any(find({name: 1}, each) for each in names):
            yield f"{path}{name} is missing"


def problems_of(text):
    """Return the problems of an exported resource, from its HCL text."""
    [resource] = hcl2.loads(text)["resource"]
    [(kind, labels)] = resource.items()
    assert kind.strip('"') == "aws_sagemaker_hyper_parameter_tuning_job"
    [block] = labels.values()
    return list(problems(block, structures()[RESOURCE], ""))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(requests(extreme=True))
def test_an_exported_request_has_the_arguments_of_the_provider(request):
    assert problems_of(convert_request(request, "terraform").text) == []


@pytest.mark.parametrize(
    ("text", "problem"), [("colour = 1", "colour is unknown"), ("config {}", "config.strategy is missing")]
)
def test_a_resource_with_another_argument_has_problems(text, problem):
    assert problem in problems_of(f'resource "aws_sagemaker_hyper_parameter_tuning_job" "one" {{\n{text}\n}}\n')
