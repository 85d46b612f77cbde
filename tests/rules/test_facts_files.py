"""The data file of each algorithm has the format that the README beside the files describes."""

import datetime as dt
import fnmatch
import json
from collections import Counter
from math import inf
from pathlib import Path

import pytest

import hptsdk

FOLDER = Path(hptsdk.__file__).parent / "rules/facts/algorithms"
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}

NUMBER = (int, float)

FILE_MEMBERS = {
    "title": str,
    "repositories": list,
    "source_prefixes": list,
    "page": str,
    "tuning_page": str,
    "hyperparameters_page": str,
    "sources": list,
    "notes": list,
    "read": str,
    "checkpoint_repositories": list,
    "input_modes": list,
    "network_isolation": bool,
    "script_mode": bool,
    "metric_regex": str,
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
INSTANCES_MEMBERS = {"gpu": str, "gpu_since": str, "gpu_if": dict, "cpu_if": dict, "max_count": int, "single_if": dict}
ROW_MEMBERS = {
    "channels": {
        "note": str,
        "required": bool,
        "required_for": list,
        "required_by": list,
        "only_if": dict,
        "content_types": list,
    },
    "content_types": {"note": str, "input_modes": list, "parameters": dict},
    "metrics": {"note": str, "direction": str, "objective": bool, "channel": str, "only_if": dict, "regex": str},
    "hyperparameters": {
        "note": str,
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
    """Check a type exactly: true is no number."""
    return type(value) in (expected if isinstance(expected, tuple) else (expected,))


def wrong_members(table, members):
    return [key for key, value in table.items() if not has_type(value, members.get(key, ()))]


def each_file(wrong):
    """Return what is wrong in each file, by the name of the file, without the files in which nothing is wrong."""
    results = {file: wrong(facts) for file, facts in FILES.items()}
    return {file: result for file, result in results.items() if result}


def each_hyperparameter(wrong):
    """Return the hyperparameters in which something is wrong, as pairs of file and name."""
    return {
        (file, name) for file, facts in FILES.items() for name, row in facts["hyperparameters"].items() if wrong(row)
    }


def is_list_of_text(value):
    return all(isinstance(item, str) for item in value)


def conditions_of(facts):
    """Yield all conditions of a file."""
    for member in ("gpu_if", "cpu_if", "single_if"):
        yield facts["instances"].get(member, {})
    for row in (*facts["channels"].values(), *facts.get("metrics", {}).values()):
        yield row.get("only_if", {})
    for row in facts["hyperparameters"].values():
        yield row.get("required_if", {})
        yield row.get("only_if", {})
        yield from row.get("value_needs", {}).values()


def names_of(facts):
    """Return the names and aliases of all hyperparameters of a file."""
    rows = facts["hyperparameters"].values()
    return [*facts["hyperparameters"], *(name for row in rows for name in row.get("aliases", ()))]


def is_allowed(value, row):
    """Check a value, or a pattern of values, of a condition or of a range."""
    values = row.get("values")
    if not values:
        return True
    return any(fnmatch.fnmatchcase(known, value) for known in [*values, *row.get("also", [])])


def is_within(row, value):
    """Check a number against the bounds of a hyperparameter."""
    low, high = row.get("min", -inf), row.get("max", inf)
    is_excluded = (row.get("min_excluded") and value == low) or (row.get("max_excluded") and value == high)
    return low <= value <= high and not is_excluded


def recommended(row, *ranges):
    """Return the recommended values of a hyperparameter if its range has one of these types."""
    return row.get("recommended", []) if row.get("range") in ranges else []


def test_a_file_has_known_members_of_the_right_type():
    assert each_file(lambda facts: wrong_members(facts, FILE_MEMBERS)) == {}


def test_a_file_has_all_required_members():
    assert each_file(lambda facts: REQUIRED - facts.keys()) == {}


def test_a_file_names_its_sources():
    assert each_file(lambda facts: not facts["sources"] or not is_list_of_text(facts["sources"])) == {}


def test_a_file_has_a_date():
    assert each_file(lambda facts: dt.date.fromisoformat(facts["read"]) < dt.date(2026, 11, 24)) == {}


def test_the_pages_are_in_the_developer_guide():
    pages = ("page", "tuning_page", "hyperparameters_page")
    assert each_file(lambda facts: [key for key in pages if not facts.get(key, "dg/").startswith("dg/")]) == {}


def test_the_instances_have_known_members_of_the_right_type():
    assert each_file(lambda facts: wrong_members(facts["instances"], INSTANCES_MEMBERS)) == {}


@pytest.mark.parametrize("table", ROW_MEMBERS)
def test_a_row_has_known_members_of_the_right_type(table):
    def wrong(facts):
        rows = facts.get(table, {})
        return {name: members for name, row in rows.items() if (members := wrong_members(row, ROW_MEMBERS[table]))}

    assert each_file(wrong) == {}


@pytest.mark.parametrize("member", ALLOWED)
def test_a_member_with_few_values_has_one_of_them(member):
    def wrong(facts):
        rows = [facts["instances"], *facts.get("metrics", {}).values(), *facts["hyperparameters"].values()]
        return {row[member] for row in rows if member in row} - ALLOWED[member]

    assert each_file(wrong) == {}


def test_lists_of_rows_contain_text():
    def wrong(facts):
        rows = [row for table in ROW_MEMBERS for row in facts.get(table, {}).values()]
        lists = [v for row in rows for key, v in row.items() if isinstance(v, list) and key != "recommended"]
        return [values for values in lists if not is_list_of_text(values)]

    assert each_file(wrong) == {}


def test_a_metric_has_a_direction():
    def wrong(facts):
        return [name for name, row in facts.get("metrics", {}).items() if "direction" not in row]

    assert each_file(wrong) == {}


def test_only_an_algorithm_with_a_tuning_page_has_metrics_and_ranges():
    def wrong(facts):
        is_tunable = any("range" in row for row in facts["hyperparameters"].values())
        return "tuning_page" not in facts and bool(facts.get("metrics") or is_tunable)

    assert each_file(wrong) == {}


def test_the_input_modes_of_an_algorithm_exist():
    assert each_file(lambda facts: set(facts["input_modes"]) - {"File", "Pipe", "FastFile"}) == {}


def test_a_file_has_the_name_of_the_repositories():
    names = {name: {each.removeprefix("sagemaker-") for each in facts["repositories"]} for name, facts in FILES.items()}
    assert {name: others for name, others in names.items() if others - {name}} == {}


def test_an_algorithm_has_either_an_image_or_scripts():
    assert each_file(lambda facts: bool(facts["repositories"]) is bool(facts.get("source_prefixes"))) == {}


def test_the_input_modes_of_content_types_are_those_of_the_algorithm():
    def wrong(facts):
        modes = {mode for row in facts.get("content_types", {}).values() for mode in row.get("input_modes", ())}
        return modes - set(facts["input_modes"])

    assert each_file(wrong) == {}


def test_checkpoints_are_for_repositories_of_the_algorithm():
    assert each_file(lambda facts: set(facts.get("checkpoint_repositories", ())) - set(facts["repositories"])) == {}


def test_the_channel_of_a_metric_exists():
    def wrong(facts):
        channels = {row["channel"] for row in facts.get("metrics", {}).values() if "channel" in row}
        return channels - facts["channels"].keys()

    assert each_file(wrong) == {}


def test_a_channel_depends_on_existing_hyperparameters():
    def wrong(facts):
        names = {name for row in facts["channels"].values() for name in row.get("required_by", ())}
        return names - facts["hyperparameters"].keys()

    assert each_file(wrong) == {}


def test_a_channel_depends_on_existing_content_types():
    def wrong(facts):
        names = {name for row in facts["channels"].values() for name in row.get("required_for", ())}
        return names - facts.get("content_types", {}).keys()

    assert each_file(wrong) == {}


def test_a_condition_names_existing_hyperparameters():
    def wrong(facts):
        return {name for condition in conditions_of(facts) for name in condition} - facts["hyperparameters"].keys()

    assert each_file(wrong) == {}


def test_a_condition_names_existing_values():
    def wrong(facts):
        values = [(name, value) for row in conditions_of(facts) for name, values in row.items() for value in values]
        return [(name, value) for name, value in values if not is_allowed(value, facts["hyperparameters"][name])]

    assert each_file(wrong) == {}


def test_a_value_that_needs_others_is_an_allowed_value():
    assert each_hyperparameter(lambda row: not all(is_allowed(v, row) for v in row.get("value_needs", ()))) == set()


def test_the_names_and_aliases_of_hyperparameters_differ():
    def wrong(facts):
        counts = Counter(names_of(facts))
        return [name for name, count in counts.items() if count > 1]

    assert each_file(wrong) == {}


def test_a_similar_name_is_neither_a_name_nor_an_alias():
    def wrong(facts):
        similar = {name for row in facts["hyperparameters"].values() for name in row.get("similar", ())}
        return similar & set(names_of(facts))

    assert each_file(wrong) == {}


def test_required_hyperparameters_come_first():
    def wrong(facts):
        required = ["required" in row for row in facts["hyperparameters"].values()]
        return required != sorted(required, reverse=True)

    assert each_file(wrong) == {}


def test_a_hyperparameter_is_required_always_or_with_some_values():
    assert each_hyperparameter(lambda row: "required" in row and "required_if" in row) == set()


def test_only_numbers_have_bounds():
    assert (
        each_hyperparameter(lambda row: ("min" in row or "max" in row) and row["type"] not in {"integer", "float"})
        == set()
    )


def test_bounds_are_in_order():
    assert each_hyperparameter(lambda row: row.get("min", -inf) >= row.get("max", inf)) == ONE_VALUE


@pytest.mark.parametrize("bound", ["min", "max"])
def test_an_excluded_bound_exists(bound):
    assert each_hyperparameter(lambda row: f"{bound}_excluded" in row and bound not in row) == set()


def test_a_default_is_an_allowed_value():
    assert each_hyperparameter(lambda row: "default" in row and not is_allowed(row["default"], row)) == set()


def test_a_default_number_is_within_the_bounds():
    def wrong(row):
        is_number = "default" in row and row.get("type") in {"integer", "float"}
        return is_number and row["default"] not in row.get("also", ()) and not is_within(row, float(row["default"]))

    assert each_hyperparameter(wrong) == set()


def test_a_tunable_hyperparameter_has_a_recommended_range():
    assert each_hyperparameter(lambda row: "range" in row and "recommended" not in row) == WITHOUT_RECOMMENDATION


def test_a_recommended_list_has_allowed_values():
    def wrong(row):
        return [v for v in recommended(row, "Categorical") if not isinstance(v, str) or not is_allowed(v, row)]

    assert each_hyperparameter(wrong) == set()


def test_a_recommended_range_is_within_the_bounds():
    def wrong(row):
        return not all(is_within(row, end) for end in recommended(row, "Integer", "Continuous"))

    assert each_hyperparameter(wrong) == set()


def test_a_recommended_range_has_two_ends_in_order():
    def wrong(row):
        ends = recommended(row, "Integer", "Continuous")
        return ends and (len(ends) != 2 or ends[0] >= ends[1])

    assert each_hyperparameter(wrong) == set()


def test_a_recommended_integer_range_has_integers():
    assert each_hyperparameter(lambda row: {type(end) for end in recommended(row, "Integer")} - {int}) == set()


@pytest.mark.parametrize("member", ["recommended", "scaling"])
def test_only_a_tunable_hyperparameter_has_a_recommendation(member):
    assert each_hyperparameter(lambda row: member in row and "range" not in row) == set()
