"""Mutants that may live: each does what the code does, for the reason that is given."""

from __future__ import annotations

import re
from typing import NamedTuple


class Explained(NamedTuple):
    """Mutants of one line, and why no test can find them; `after` has what may stand in the place of `before`."""

    subject: str
    place: str
    before: str
    after: tuple[str, ...]
    why: str


# Reasons that come more than once.
NEVER_MORE = "a set never has more members than what it is made of"
NOTHING_TOLD = "without a fault the list that follows is empty, which tells of nothing too"
NEEDED = "the rule needs these members: it is not applied where one is absent"
FIRST = "of the values that may stand there, this one comes first in the alphabet"
LAST = "of the values that may stand there, this one comes last in the alphabet"
FASTER = "a cache changes nothing but the time"

EXPLAINED = [
    Explained(
        "constraints.py",
        "_Bounds.expected",
        "self.minimum == self.maximum",
        ("self.minimum >= self.maximum",),
        "no lower bound lies above its upper bound",
    ),
    Explained("constraints.py", "OneOf.expected", "> 1", ("!= 1",), "an enumeration has a value at least"),
    Explained(
        "constraints.py",
        "Constraint.__eq__",
        "is not type(other)",
        ("!= type(other)",),
        "a type is equal to itself only",
    ),
    Explained(
        "rules/ranges.py",
        "range_names_differ",
        "len(set(names)) == len(names)",
        ("len(set(names)) >= len(names)",),
        NEVER_MORE,
    ),
    Explained("rules/ranges.py", "range_names_differ", "== len(hinted)", (">= len(hinted)",), NEVER_MORE),
    Explained("rules/ranges.py", "range_names_differ", "== len(hinted)", ("> len(hinted)",), NOTHING_TOLD),
    Explained("rules/ranges.py", "range_names_differ", "== len(names)", ("> len(names)",), NOTHING_TOLD),
    Explained("rules/ranges.py", "range_names_differ", "not hinted or", ("not hinted and",), NOTHING_TOLD),
    Explained("rules/ranges.py", "categories_differ", "==", (">=",), NEVER_MORE),
    Explained("rules/ranges.py", "categories_differ", "==", (">",), NOTHING_TOLD),
    Explained(
        "rules/ranges.py",
        "reverse_logarithmic_needs_unit_interval",
        "!=",
        ("<",),
        LAST,
    ),
    Explained(
        "rules/ranges.py",
        "integers_scale_forwards",
        "!=",
        ("<",),
        LAST,
    ),
    Explained("rules/ranges.py", "", "1024", ("1023", "1025"), FASTER),
    Explained(
        "rules/ranges.py",
        "",
        "@lru_cache(maxsize=1024)",
        ("",),
        FASTER,
    ),
    Explained("rules/tags.py", "tag_keys_differ", "==", (">=",), NEVER_MORE),
    Explained("rules/tags.py", "tag_keys_differ", "==", (">",), NOTHING_TOLD),
    Explained(
        "rules/tuning.py",
        "training_jobs_within_quota",
        "==",
        (">=",),
        LAST,
    ),
    Explained(
        "rules/tuning.py",
        "hyperband_needs_early_stopping_off",
        'type != "Auto"',
        ('type > "Auto"',),
        FIRST,
    ),
    Explained("rules/tuning.py", "hyperband_resources_in_order", "low is None or", ("low is None and",), NEEDED),
    Explained(
        "rules/tuning.py",
        "enough_combinations",
        "ranges is None or",
        ("ranges is None and",),
        f"{NEEDED}; fractions have no number of combinations",
    ),
    Explained("rules/channels.py", "_wrong", "==", ("<=",), "the only other class is named later in the alphabet"),
    Explained("rules/channels.py", "_is_augmented_outside_pipe", 'type == "A', ('type <= "A',), FIRST),
    Explained("rules/channels.py", "_is_augmented_outside_pipe", 'mode == "P', ('mode >= "P',), LAST),
    Explained("rules/channels.py", "augmented_manifest_names_attributes", "!=", (">",), FIRST),
    Explained("rules/channels.py", "channel_names_differ", "==", (">=",), NEVER_MORE),
    Explained("rules/channels.py", "channel_names_differ", "==", (">",), NOTHING_TOLD),
    Explained("rules/parents.py", "identical_parent_has_the_same_definition", "==", ("<=",), FIRST),
    Explained("rules/request.py", "definition_names_differ", "==", (">=",), NEVER_MORE),
    Explained("rules/request.py", "definition_names_differ", "==", (">",), NOTHING_TOLD),
    Explained("rules/request.py", "_ends", "==", (">=",), LAST),
    Explained("rules/request.py", "_are_several", "> 1", ("!= 1",), "a list of definitions has one at least"),
    Explained("rules/request.py", "one_kind_of_definition", "is not", ("!=",), "of truth values there are two"),
    Explained(
        "rules/request.py", "tuning_outlasts_training", "or 0", ("or 1", "or -1"), "a time limit is a second at least"
    ),
    Explained("rules/request.py", "tuning_outlasts_training", "=0", ("=1", "=-1"), "a time limit is a second at least"),
    Explained("rules/facts/regexes.py", "", "2048", ("2047", "2049"), FASTER),
    Explained(
        "rules/facts/regexes.py", "", "DOTALL |", ("DOTALL +", "DOTALL ^"), "the two flags have no bit in common"
    ),
    Explained("rules/facts/regexes.py", "_look_into", 'kind == "f', ('kind <= "f',), FIRST),
    Explained("rules/facts/regexes.py", "_look_into", 'kind == "v', ('kind >= "v',), LAST),
    Explained("rules/facts/regexes.py", "_look_at", 'kind == "backslash"', ('kind <= "backslash"',), FIRST),
    Explained(
        "rules/facts/regexes.py",
        "_look_at",
        'kind == "brackets"',
        ('kind <= "brackets"',),
        "of what comes earlier in the alphabet none gets here, or it is a bar, which holds no range",
    ),
    Explained(
        "rules/facts/regexes.py",
        "_repeated",
        'before == "quantifier"',
        ('before >= "quantifier"',),
        "what comes later in the alphabet had its say, but for `(?`, after which no engine takes two quantifiers",
    ),
    Explained("rules/compute.py", "at_least_one_instance", "!= 0", ("> 0",), "no count lies below 0"),
    Explained("rules/compute.py", "volume_fits_local_storage", "size is None or", ("size is None and",), NEEDED),
    Explained(
        "rules/compute.py", "keep_alive_up_to_an_hour", "or 0", ("or 1", "or -1"), "none of these is more than an hour"
    ),
    Explained("rules/compute.py", "preferences_all_have_a_count", "(0,", ("(-1,",), NOTHING_TOLD),
    Explained("rules/compute.py", "several_instance_configs", "!= 1", ("> 1",), "the list has one at least"),
    Explained(
        "rules/runtime.py",
        "is_s3_express",
        'scheme == "s3"',
        ('scheme > "s3"', 'scheme >= "s3"'),
        "the name of such a bucket has no point, so that what comes before one is all of it",
    ),
    Explained("rules/runtime.py", "is_s3_express", 'name != ""', ('name > ""',), "no text comes before the empty one"),
    Explained("rules/runtime.py", "runtime_up_to_28_days", "or 0", ("or 1", "or -1"), NEEDED),
    Explained("rules/runtime.py", "wait_covers_runtime", "or 0,", ("or 1,", "or -1,"), NEEDED),
    Explained(
        "rules/runtime.py",
        "wait_covers_runtime",
        "runtime_in_seconds or 0",
        ("runtime_in_seconds or 1", "runtime_in_seconds or -1"),
        NEEDED,
    ),
    Explained("rules/runtime.py", "wait_covers_default_runtime", "or 0", ("or 1", "or -1"), NEEDED),
    Explained(
        "rules/objectives.py",
        "definitions_have_objectives",
        "== 1",
        ("<= 1",),
        "a list of definitions has one at least",
    ),
    Explained("rules/_base.py", "Rule.__init__", "> 1", ("!= 1",), "every rule takes the shape"),
    Explained("rules/algorithms.py", "image_or_algorithm", "is not", ("!=",), "of truth values there are two"),
    Explained(
        "rules/algorithms.py",
        "is_from_marketplace",
        '== "arn"',
        ('<= "arn"', '>= "arn"'),
        "the name of an algorithm that has colons is an ARN",
    ),
    Explained(
        "rules/algorithms.py",
        "is_from_marketplace",
        "> 4",
        (">= 4", "> 5", "> 3"),
        "an ARN has six parts, and the name of an algorithm that is none has one",
    ),
    Explained(
        "rules/algorithms.py",
        "marketplace_defines_its_metrics",
        "name or spec",
        ("name and spec",),
        "the rule needs a name, and a request with both a name and an image is refused",
    ),
    Explained(
        "rules/hyperparameters.py",
        "algorithm_has_what_it_needs_of_the_job",
        "definition is None or",
        ("definition is None and",),
        NEEDED,
    ),
    Explained("rules/metrics.py", "metric_names_differ", "==", (">=",), NEVER_MORE),
    Explained("rules/metrics.py", "metric_names_differ", "==", (">",), NOTHING_TOLD),
    Explained("rules/metrics.py", "metric_regex_has_a_group", "is not", ("!=",), "it is a truth value, or None"),
    Explained(
        "rules/warm_start.py",
        "parents_differ",
        "== 1",
        ("< 1", "<= 1", "== 0"),
        "a single parent is no repeat, which the rest finds too, and there is one at least",
    ),
    Explained(
        "rules/training.py",
        "built_in_takes_plain_text",
        "value != '\"'",
        ("value > '\"'",),
        "of texts that begin with a quote all others are larger",
    ),
    Explained("rules/training.py", "", "1024", ("1023", "1025"), FASTER),
    Explained("rules/training.py", "", "@lru_cache(maxsize=1024)", ("",), FASTER),
    Explained("rules/facts/accounts.py", "", "256", ("255", "257"), FASTER),
    Explained("rules/facts/accounts.py", "", "@lru_cache(maxsize=256)", ("",), FASTER),
    Explained("rules/facts/accounts.py", "", "@cache", ("",), FASTER),
    Explained("rules/facts/instance_families.py", "", "@cache", ("",), FASTER),
    Explained("rules/facts/instance_families.py", "_is_one_letter_apart", "== 1", ("<= 1",), "the two names differ"),
    Explained(
        "rules/facts/instance_families.py",
        "nearest_known_type",
        "family(known) != family",
        ("family(known) > family",),
        "of the known types as near, none of a family that sorts before its own is listed first",
    ),
    Explained(
        "rules/ranges.py",
        "minimum_below_maximum",
        "low > high",
        ("low != high",),
        "bounds in order have been let pass before",
    ),
    Explained("rules/tuning.py", "numeric_ranges", "count == 1", ("count <= 1",), "lists of none are passed over"),
    Explained(
        "rules/parents.py",
        "parent_has_the_same_objective",
        "own is None or",
        ("own is None and",),
        "a request without an objective is refused before",
    ),
]


def explained(subject: str, place: str, before: str, after: str) -> Explained | None:
    """Find what explains a mutant."""
    for each in EXPLAINED:
        if (each.subject, each.place) == (subject, place) and each.before in before:
            made = {squeezed(before.replace(each.before, other)) for other in each.after}
            if squeezed(after) in made:
                return each
    return None


def squeezed(line: str) -> str:
    """Take the spaces out of a line: an operator may leave too many, or too few."""
    return re.sub(r"\s", "", line)
