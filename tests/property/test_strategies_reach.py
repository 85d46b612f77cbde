"""Strategies reach each member, each value of an enumeration, both bounds of each constraint, and each rule.

Drawn from a fixed seed and counted, so that each of these tests has the same result in every run.
"""

from collections import Counter

import pytest

from hptsdk import schema, shapes
from hptsdk.constraints import Pattern
from hptsdk.errors import InvalidShapeError
from hptsdk.testing import strategies
from hptsdk.wire import from_wire

pytestmark = pytest.mark.long

REQUEST = shapes.CreateHyperParameterTuningJobRequest

# A rule excludes them from requests, so only invalid requests have them.
NEVER = {("ResourceConfig", "selected_instance_type"), ("ResourceConfig", "selected_instance_count")}
# The enumeration has this scaling type, but an integer range may not have it.
NEVER_VALUES = {("IntegerParameterRange", "scaling_type", "ReverseLogarithmic")}


def below(cls, classes=None):
    """Return a class and all classes in it."""
    classes = {} if classes is None else classes
    if cls not in classes:
        classes[cls] = None
        for member in schema.of(cls).members:
            leaf = leaf_of(member.type)
            if leaf.shape:
                below(leaf.shape, classes)
    return list(classes)


def leaf_of(info):
    while info.item is not None:
        info = info.item
    return info


MEMBERS = {(cls.__name__, member.attribute) for cls in below(REQUEST) for member in schema.of(cls).members}
VALUES = {
    (cls.__name__, member.attribute, value)
    for cls in below(REQUEST)
    for member in schema.of(cls).members
    if any(constraint.rule == "enum" for constraint in member.constraints)
    for value in member.type.known_values
}


@pytest.fixture(scope="module")
def seen(many_requests, parts_of):
    """Count the parts of the requests that have each member, and each text in each member."""
    counts = Counter()
    for part in (part for request in many_requests for part in parts_of(request)):
        name = type(part).__name__
        members = {member.attribute: getattr(part, member.attribute) for member in schema.of(type(part)).members}
        counts.update((name, attribute) for attribute, value in members.items() if value is not None)
        counts.update((name, attribute, value) for attribute, value in members.items() if isinstance(value, str))
    return counts


def test_requests_have_every_member(seen):
    assert {member for member in MEMBERS if not seen[member]} == NEVER


def test_requests_have_every_value_of_the_enumerations(seen):
    assert {value for value in VALUES if not seen[value]} == NEVER_VALUES


KINDS = {
    "one definition": lambda r: r.training_job_definition is not None,
    "a list of one": lambda r: r.training_job_definitions is not None and len(r.training_job_definitions) == 1,
    "several definitions": lambda r: r.training_job_definitions is not None and len(r.training_job_definitions) > 1,
    "ranges of the job": lambda r: bool(r.hyper_parameter_tuning_job_config.parameter_ranges),
    "no ranges": lambda r: r.hyper_parameter_tuning_job_config.parameter_ranges is None,
    "a grid with its number of jobs": lambda r: (
        r.hyper_parameter_tuning_job_config.strategy == "Grid"
        and r.hyper_parameter_tuning_job_config.resource_limits.max_number_of_training_jobs is not None
    ),
    "Hyperband by its epochs": lambda r: (
        r.hyper_parameter_tuning_job_config.strategy == "Hyperband"
        and r.hyper_parameter_tuning_job_config.strategy_config is None
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_requests_are_of_every_kind(kind, many_requests):
    assert any(map(KINDS[kind], many_requests))


OF_DEFINITIONS = {
    "spot": lambda d: bool(d.enable_managed_spot_training),
    "a file system": lambda d: any(c.data_source.file_system_data_source for c in d.input_data_config or ()),
    "a data set of a hub": lambda d: any(c.data_source.dataset_source for c in d.input_data_config or ()),
    "instance preferences": lambda d: d.resource_config is not None and bool(d.resource_config.instance_preferences),
    "a choice of instances": lambda d: (
        d.hyper_parameter_tuning_resource_config is not None
        and bool(d.hyper_parameter_tuning_resource_config.instance_configs)
    ),
    "a placement": lambda d: d.resource_config is not None and d.resource_config.instance_placement_config is not None,
    "access to a hub": lambda d: any(
        c.data_source.s3_data_source and c.data_source.s3_data_source.hub_access_config
        for c in d.input_data_config or ()
    ),
    "an algorithm of Marketplace": lambda d: "865070037744" in (d.algorithm_specification.algorithm_name or ""),
    "an image": lambda d: bool(d.algorithm_specification.training_image),
}


@pytest.mark.parametrize("kind", OF_DEFINITIONS)
def test_definitions_are_of_every_kind(kind, many_requests, parts_of):
    definitions = [
        p for r in many_requests for p in parts_of(r) if isinstance(p, shapes.HyperParameterTrainingJobDefinition)
    ]
    assert any(map(OF_DEFINITIONS[kind], definitions))


# --- bounds of constraints ---

# Rules narrow these bounds: a bound of a range is a number, a regular expression has a group, and so on.
NARROWER = {
    ("ContinuousParameterRange", "MinValue", "length", 0): 1,
    ("ContinuousParameterRange", "MaxValue", "length", 0): 1,
    ("IntegerParameterRange", "MinValue", "length", 0): 1,
    ("IntegerParameterRange", "MaxValue", "length", 0): 1,
    ("MetricDefinition", "Regex", "length", 1): 2,
}
BOUNDED = ("length", "range", "items", "entries")


def levels(info):
    """Return a type and its inner types, each with a function that returns the values of that type."""
    yield info, lambda value: [value]
    if info.kind == "list":
        yield from (
            (inner, lambda value, get=get: [x for v in value for x in get(v)]) for inner, get in levels(info.item)
        )
    elif info.kind == "map":
        yield info.key, list
        yield info.item, lambda value: list(value.values())


def attainable(info, constraint):
    """Return the bounds of a constraint that values can reach."""
    low, high = constraint.minimum, constraint.maximum
    if constraint.rule == "length":
        pattern = next((c.regex for c in info.constraints if isinstance(c, Pattern)), None)
        low = max(low, SHORTEST.get(pattern, 0))
    return [end for end in (low, high) if end is not None]


# The lengths of the shortest texts of these patterns, if they exceed the minimum length.
SHORTEST = {
    r"[a-zA-Z0-9\-]+": 1,
    r"[-0-9a-zA-Z]+": 1,
    r"[a-zA-Z_][a-zA-Z0-9_]*": 1,
    r"(https|s3)://([^/]+)/?(.*)": len("s3://a"),
    r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+": len("arn:aws:iam::123456789012:rolea"),
    r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+": len("arn:aws:sagemaker::123456789012:a"),
    r"(arn:[a-z0-9-\.]{1,63}:sagemaker:\w+(?:-\w+)+:(\d{12}|aws):hub-content\/)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
    r"\/DataSet\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}(\/\d{1,4}.\d{1,4}.\d{1,4})?": len(
        "arn:a:sagemaker:a-a:aws:hub-content/a/DataSet/a"
    ),
}


def measured(constraint, value):
    return value if constraint.rule == "range" else len(value)


def missed(cls, draws):
    """Return the bounds that no draw reached."""
    for member in schema.of(cls).members:
        values = [value for draw in draws if (value := getattr(draw, member.attribute)) is not None]
        for info, inside in levels(member.type):
            inner_values = [inner for value in values for inner in inside(value)]
            for constraint in (c for c in info.constraints if c.rule in BOUNDED):
                sizes = {measured(constraint, value) for value in inner_values}
                for end in attainable(info, constraint):
                    key = (cls.__name__, member.wire_name, constraint.rule, end)
                    if NARROWER.get(key, end) not in sizes and (cls.__name__, member.attribute) not in NEVER:
                        yield key


STRICT = [cls for cls in schema.all_shapes() if not schema.of(cls).is_response and schema.of(cls).members]


@pytest.mark.parametrize("cls", STRICT, ids=lambda cls: cls.__name__)
def test_the_strategy_of_a_class_reaches_both_bounds_of_each_constraint(cls, batches):
    """At least 3 of 100 draws reach each bound, so that 1,000 draws are enough for any seed."""
    for draws in batches(strategies.shapes(cls, extreme=True), 1000):
        left = list(missed(cls, draws))
        if not left:
            break
    assert left == []


# --- invalid requests ---


def reported(document):
    try:
        from_wire(REQUEST, document)
    except InvalidShapeError as error:
        return {violation.rule for violation in error.violations}
    return set()


ERRORS = {rule.id for rule in schema.rules() if rule.level == "error" and not rule.needs_parents}
CONSTRAINTS = {
    *("type", "required", "null", "unknown-member", "encoding"),
    *("length", "pattern", "enum", "range", "items", "entries"),
}


@pytest.fixture(scope="module")
def spoiled(drawn):
    return drawn(strategies.invalid_requests(), 2000)


def test_invalid_requests_break_every_rule_and_every_kind_of_constraint(spoiled):
    assert (ERRORS | CONSTRAINTS) - {rule for _, rule in spoiled} == set()


def test_an_invalid_request_violates_exactly_its_rule(spoiled):
    assert [(rule, rules) for document, rule in spoiled if (rules := reported(document)) != {rule}] == []


@pytest.mark.parametrize("rule", sorted(ERRORS | CONSTRAINTS))
def test_a_rule_can_be_chosen(rule, drawn):
    assert {violated for _, violated in drawn(strategies.invalid_requests(rule), 3)} == {rule}
