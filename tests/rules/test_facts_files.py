"""The data file of each algorithm has the format that the README beside the files describes."""

import datetime as dt
import fnmatch
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import hptsdk

FOLDER = Path(hptsdk.__file__).parent / "rules/facts/algorithms"
FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}

NUMBER = (int, float)

FILE_MEMBERS = {
    "title": str,
    "repositories": list,
    "source_prefixes": list,
    "page": str,
    "tuning_page": str,
    "hyperparameters_page": str,
    "sources": list,
    "read": dt.date,
    "checkpoint_repositories": list,
    "input_modes": list,
    "network_isolation": bool,
    "script_mode": bool,
    "instances": dict,
    "channels": dict,
    "content_types": dict,
    "metrics": dict,
    "hyperparameters": dict,
}
REQUIRED = {
    "title",
    "repositories",
    "page",
    "hyperparameters_page",
    "sources",
    "read",
    "input_modes",
    "instances",
    "channels",
    "hyperparameters",
}
INSTANCES_MEMBERS = {
    "gpu": str,
    "gpu_since": str,
    "gpu_if": dict,
    "cpu_if": dict,
    "max_count": int,
    "single_if": dict,
}
ROW_MEMBERS = {
    "channels": {"required": bool, "required_for": list, "required_by": list, "if": dict, "content_types": list},
    "content_types": {"input_modes": list, "parameters": dict},
    "metrics": {"direction": str, "objective": bool, "channel": str, "if": dict},
    "hyperparameters": {
        "type": str,
        "min": NUMBER,
        "max": NUMBER,
        "min_excluded": bool,
        "max_excluded": bool,
        "values": list,
        "also": list,
        "default": str,
        "required": bool,
        "required_if": dict,
        "only_if": dict,
        "value_needs": dict,
        "range": str,
        "recommended": list,
        "scaling": str,
        "aliases": list,
        "similar": list,
        "since": str,
        "until": str,
    },
}
ALLOWED = {
    "direction": {"Maximize", "Minimize"},
    "gpu": {"required", "optional", "unsupported"},
    "range": {"Integer", "Continuous", "Categorical"},
    "scaling": {"Auto", "Linear", "Logarithmic", "ReverseLogarithmic"},
    "type": {"integer", "float", "text", "boolean", "list"},
}

# the developer guide has this single value
ONE_VALUE = {("randomcutforest", "mini_batch_size")}
# their tuning pages recommend no range for these, or have no ranges at all
WITHOUT_RECOMMENDATION = {
    ("catboost", "early_stopping_rounds"),
    ("catboost", "iterations"),
    ("factorization-machines", "epoch"),
    ("lightgbm", "early_stopping_rounds"),
    ("lightgbm", "num_boost_round"),
    ("seq2seq", "weight_init_scale"),
    ("tabtransformer", "batch_size"),
}


def has_type(value, expected):
    """Check a type exactly: true is no number, and a time is no date."""
    return type(value) in (expected if isinstance(expected, tuple) else (expected,))


def wrong_members(table, members):
    return [key for key, value in table.items() if key not in members or not has_type(value, members[key])]


def is_list_of_text(value):
    return all(isinstance(item, str) for item in value)


def conditions_of(facts):
    """Yield all conditions of a file."""
    for member in ("gpu_if", "cpu_if", "single_if"):
        yield facts["instances"].get(member, {})
    for row in (*facts["channels"].values(), *facts.get("metrics", {}).values()):
        yield row.get("if", {})
    for row in facts["hyperparameters"].values():
        yield row.get("required_if", {})
        yield row.get("only_if", {})
        yield from row.get("value_needs", {}).values()


def is_allowed(value, row):
    """Check a value, or a pattern of values, of a condition or of a range."""
    values = row.get("values")
    if not values:
        return True
    return any(fnmatch.fnmatchcase(known, value) for known in [*values, *row.get("also", [])])


def is_within(row, value):
    """Check a number against the bounds of a hyperparameter."""
    low, high = row.get("min", float("-inf")), row.get("max", float("inf"))
    is_excluded = (row.get("min_excluded") and value == low) or (row.get("max_excluded") and value == high)
    return low <= value <= high and not is_excluded


def numeric_ranges(facts):
    return {
        name: row for name, row in facts["hyperparameters"].items() if row.get("range") in {"Integer", "Continuous"}
    }


@pytest.fixture(params=FILES, scope="module")
def file(request):
    return request.param


@pytest.fixture(scope="module")
def facts(file):
    return FILES[file]


def test_a_file_has_known_members_of_the_right_type(facts):
    assert wrong_members(facts, FILE_MEMBERS) == []


def test_a_file_has_all_required_members(facts):
    assert REQUIRED - facts.keys() == set()


def test_a_file_names_its_sources_and_its_date(facts):
    assert facts["sources"]
    assert is_list_of_text(facts["sources"])
    assert facts["read"] >= dt.date(2026, 11, 24)


def test_the_pages_are_in_the_developer_guide(facts):
    pages = [value for key, value in facts.items() if key in {"page", "tuning_page", "hyperparameters_page"}]
    assert all(page.startswith("dg/") for page in pages)


def test_the_instances_have_known_members_of_the_right_type(facts):
    assert wrong_members(facts["instances"], INSTANCES_MEMBERS) == []


@pytest.mark.parametrize("table", ROW_MEMBERS)
def test_a_row_has_known_members_of_the_right_type(facts, table):
    rows = facts.get(table, {})
    assert {name: wrong for name, row in rows.items() if (wrong := wrong_members(row, ROW_MEMBERS[table]))} == {}


@pytest.mark.parametrize("member", ALLOWED)
def test_a_member_with_few_values_has_one_of_them(facts, member):
    rows = [facts["instances"], *facts.get("metrics", {}).values(), *facts["hyperparameters"].values()]
    assert {row[member] for row in rows if member in row} <= ALLOWED[member]


def test_lists_of_rows_contain_text(facts):
    rows = [row for table in ROW_MEMBERS for row in facts.get(table, {}).values()]
    lists = [value for row in rows for key, value in row.items() if isinstance(value, list) and key != "recommended"]
    assert all(map(is_list_of_text, lists))


def test_a_metric_has_a_direction(facts):
    assert [name for name, row in facts.get("metrics", {}).items() if "direction" not in row] == []


def test_only_an_algorithm_with_a_tuning_page_has_metrics_and_ranges(facts):
    is_tunable = any("range" in row for row in facts["hyperparameters"].values())
    assert "tuning_page" in facts or not (facts.get("metrics") or is_tunable)


def test_the_input_modes_of_content_types_are_those_of_the_algorithm(facts):
    modes = {mode for row in facts.get("content_types", {}).values() for mode in row.get("input_modes", ())}
    assert modes <= set(facts["input_modes"]) <= {"File", "Pipe", "FastFile"}


def test_a_file_has_the_name_of_the_repositories(file, facts):
    assert {repository.removeprefix("sagemaker-") for repository in facts["repositories"]} <= {file}


def test_an_algorithm_has_an_image_or_scripts(facts):
    assert bool(facts["repositories"]) is not bool(facts.get("source_prefixes"))


def test_checkpoints_are_for_repositories_of_the_algorithm(facts):
    assert set(facts.get("checkpoint_repositories", ())) <= set(facts["repositories"])


def test_the_channel_of_a_metric_exists(facts):
    channels = {row["channel"] for row in facts.get("metrics", {}).values() if "channel" in row}
    assert channels <= facts["channels"].keys()


def test_a_channel_depends_on_existing_hyperparameters_and_content_types(facts):
    channels = facts["channels"].values()
    assert {name for row in channels for name in row.get("required_by", ())} <= facts["hyperparameters"].keys()
    assert {name for row in channels for name in row.get("required_for", ())} <= facts.get("content_types", {}).keys()


def test_a_condition_names_existing_hyperparameters(facts):
    names = {name for condition in conditions_of(facts) for name in condition}
    assert names <= facts["hyperparameters"].keys()


def test_a_condition_names_existing_values(facts):
    values = [(name, value) for row in conditions_of(facts) for name, values in row.items() for value in values]
    assert [row for row in values if not is_allowed(row[1], facts["hyperparameters"][row[0]])] == []


def test_a_value_that_needs_others_is_an_allowed_value(facts):
    rows = [row for row in facts["hyperparameters"].values() if "value_needs" in row]
    assert [value for row in rows for value in row["value_needs"] if not is_allowed(value, row)] == []


def test_the_names_and_aliases_of_hyperparameters_differ(facts):
    rows = facts["hyperparameters"].values()
    names = [*facts["hyperparameters"], *(name for row in rows for name in row.get("aliases", ()))]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_a_similar_name_is_neither_a_name_nor_an_alias(facts):
    rows = facts["hyperparameters"].values()
    names = {*facts["hyperparameters"], *(name for row in rows for name in row.get("aliases", ()))}
    assert [name for row in rows for name in row.get("similar", ()) if name in names] == []


def test_required_hyperparameters_come_first(facts):
    required = ["required" in row for row in facts["hyperparameters"].values()]
    assert required == sorted(required, reverse=True)


def test_a_hyperparameter_is_required_always_or_with_some_values(facts):
    assert [name for name, row in facts["hyperparameters"].items() if "required" in row and "required_if" in row] == []


def test_bounds_are_in_order_and_belong_to_numbers(file, facts):
    rows = {name: row for name, row in facts["hyperparameters"].items() if "min" in row or "max" in row}
    assert {row["type"] for row in rows.values()} <= {"integer", "float"}
    pairs = {
        (file, name) for name, row in rows.items() if row.get("min", float("-inf")) >= row.get("max", float("inf"))
    }
    assert pairs == {key for key in ONE_VALUE if key[0] == file}


@pytest.mark.parametrize("bound", ["min", "max"])
def test_an_excluded_bound_exists(facts, bound):
    assert [row for row in facts["hyperparameters"].values() if f"{bound}_excluded" in row and bound not in row] == []


def test_a_default_is_an_allowed_value(facts):
    rows = {name: row for name, row in facts["hyperparameters"].items() if "default" in row}
    assert [name for name, row in rows.items() if not is_allowed(row["default"], row)] == []
    numbers = {
        name: row
        for name, row in rows.items()
        if row.get("type") in {"integer", "float"} and row["default"] not in row.get("also", ())
    }
    assert [name for name, row in numbers.items() if not is_within(row, float(row["default"]))] == []


def test_a_tunable_hyperparameter_has_a_recommended_range(file, facts):
    rows = facts["hyperparameters"].items()
    missing = {(file, name) for name, row in rows if "range" in row and "recommended" not in row}
    assert missing == {key for key in WITHOUT_RECOMMENDATION if key[0] == file}


def test_a_recommended_list_has_allowed_values(facts):
    rows = [row for row in facts["hyperparameters"].values() if row.get("range") == "Categorical"]
    values = [(value, row) for row in rows for value in row.get("recommended", ())]
    assert [value for value, row in values if not isinstance(value, str) or not is_allowed(value, row)] == []


def test_a_recommended_range_is_within_the_bounds(facts):
    rows = {name: row for name, row in numeric_ranges(facts).items() if "recommended" in row}
    assert [name for name, row in rows.items() if not all(is_within(row, end) for end in row["recommended"])] == []


def test_a_recommended_range_has_two_ends_in_order(facts):
    ranges = [row["recommended"] for row in numeric_ranges(facts).values() if "recommended" in row]
    assert [ends for ends in ranges if len(ends) != 2 or ends[0] >= ends[1]] == []


def test_a_recommended_integer_range_has_integers(facts):
    ranges = [row for row in facts["hyperparameters"].values() if row.get("range") == "Integer"]
    assert {type(end) for row in ranges for end in row.get("recommended", ())} <= {int}


@pytest.mark.parametrize("member", ["recommended", "scaling"])
def test_only_a_tunable_hyperparameter_has_a_recommendation(facts, member):
    assert [row for row in facts["hyperparameters"].values() if member in row and "range" not in row] == []
