"""Rules of the tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, repeated, rule, shown

if TYPE_CHECKING:
    from hptsdk.shapes import AddTagsInput, CreateHyperParameterTuningJobRequest, Tag


@advice(
    "tag-prefix-not-reserved",
    "C112",
    source="https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html",
    basis="inferred",
)
def tag_prefix_not_reserved(tag: Tag) -> Breach | None:
    """Keys that begin with "aws:", in any case, are AWS's own."""
    if not tag.key.lower().startswith("aws:"):
        return None
    return Breach("key", expected="a key without the prefix aws:", got=shown(tag.key), hint="choose another key")


@rule("tag-keys-differ", "C113", source="API_Tag", needs=("tags",))
def tag_keys_differ(tagging: CreateHyperParameterTuningJobRequest | AddTagsInput) -> list[Breach] | None:
    """The keys of a resource's tags differ; case counts."""
    keys = [tag.key for tag in tagging.tags or ()]
    if len(set(keys)) == len(keys):
        return None
    return [
        Breach("tags", index, "key", expected="a key not given before", got=shown(key), hint="drop one of the two")
        for index, key in repeated(keys)
    ]
