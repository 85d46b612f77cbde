"""The time that a rule takes grows with the number of items, not with its square."""

import time
from types import SimpleNamespace as Object

import pytest

from hptsdk.rules import channels, instances, metrics, ranges, request, warm_start

pytestmark = pytest.mark.long

# For eight times as many items: eight times the time if it grows with the number, 64 times if with the square.
FEW, MANY, MOST = 1_500, 12_000, 24


def items(count, **members):
    return [Object(**members) for _ in range(count)]


RULES = {
    channels.channel_names_differ: lambda n: Object(input_data_config=items(n, channel_name="a")),
    instances.instance_group_names_differ: lambda n: Object(instance_groups=items(n, instance_group_name="a")),
    metrics.metric_names_differ: lambda n: Object(metric_definitions=items(n, name="a")),
    ranges.categories_differ: lambda n: Object(values=[f"{index // 2}" for index in range(n)]),
    ranges.range_names_differ: lambda n: Object(
        integer_parameter_ranges=[Object(name=f"{index}") for index in range(n)],
        continuous_parameter_ranges=None,
        categorical_parameter_ranges=None,
        auto_parameters=[Object(name=f"{index // 2}") for index in range(n)],
    ),
    request.definition_names_differ: lambda n: Object(
        training_job_definitions=[Object(definition_name=f"{index // 2}") for index in range(n)]
    ),
    request.tag_keys_differ: lambda n: Object(tags=[Object(key=f"{index // 2}") for index in range(n)]),
    warm_start.parents_differ: lambda n: Object(
        parent_hyper_parameter_tuning_jobs=[Object(hyper_parameter_tuning_job_name=f"{i // 2}") for i in range(n)]
    ),
}


def seconds(check, shape):
    """Return the shortest of three times."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        assert check(shape)
        times.append(time.thread_time() - start)
    return min(times)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_time_of_a_rule_grows_with_the_number_of_items(rule):
    few, many = RULES[rule](FEW), RULES[rule](MANY)
    assert seconds(rule.function, many) < MOST * seconds(rule.function, few)
