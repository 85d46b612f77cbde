"""Rules of tags.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html.

Example:
    >>> from hptsdk import advise, shapes
    >>> [advice.rule for advice in advise(shapes.Tag(key="aws:team", value="growth"))]
    ['tag-prefix-not-reserved']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, rule, shown
from hptsdk.rules._duplicates import duplicates

if TYPE_CHECKING:
    from hptsdk.shapes import AddTagsInput, CreateHyperParameterTuningJobRequest, Tag

__all__ = ["TAG", "TAGGED"]


@advice(
    "tag-prefix-not-reserved",
    "C112",
    source="https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html",
    basis="inferred",
)
def tag_prefix_not_reserved(tag: Tag) -> Problem | None:
    """The key of a tag does not begin with "aws:" in upper or lower case; AWS reserves this prefix.

    Tags with this prefix are created by AWS services, and a user cannot create or change them. It is not known
    whether SageMaker rejects the request or ignores the tag, so this is advice.
    """
    if not tag.key.lower().startswith("aws:"):
        return None
    return Problem("key", expected="a key without the prefix aws:", got=shown(tag.key), hint="use another key")


@rule("tag-keys-differ", "C113", source="API_Tag", needs=("tags",))
def tag_keys_differ(tagged: CreateHyperParameterTuningJobRequest | AddTagsInput) -> list[Problem] | None:
    """The keys of the tags of a resource differ; keys are case-sensitive.

    A resource has one value for each key, so two values are ambiguous. AWS documents that keys must be
    unique. The keys "team" and "Team" differ. The SDK of AWS sends the tags of the estimator and of the tuner
    together, which repeats keys that both have.

    Example:
        `Tags` [{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}].
    """
    hint = "remove one of the two; the SageMaker SDK joins the tags of the estimator and of the tuner"
    return duplicates([tag.key for tag in tagged.tags or ()], "tags", "key", noun="key", hint=hint)


TAG = (tag_prefix_not_reserved,)
TAGGED = (tag_keys_differ,)
