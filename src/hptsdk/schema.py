"""A read-only description of every structure, rule and built-in algorithm."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import attrs

from hptsdk import shapes
from hptsdk._validation import (
    Basis,
    Level,
    MemberInfo,
    Response,
    Shape,
    TypeInfo,
    cache_by_class,
    check_class,
    closest,
    members_of,
    source_of,
    suggestion,
    waiving,
)
from hptsdk.rules.facts import accounts
from hptsdk.rules.facts.algorithms import algorithm_facts, algorithm_names
from hptsdk.rules.facts.algorithms.model import (
    Algorithm,
    AlgorithmChannel,
    ContentType,
    Hyperparameter,
    Instances,
    Metric,
)
from hptsdk.rules.range_values import parse_number
from hptsdk.rules.warm_start import PARENT_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from hptsdk.enums import HyperParameterScalingType

__all__ = [
    "Algorithm",
    "AlgorithmChannel",
    "ContentType",
    "Hyperparameter",
    "Instances",
    "MemberInfo",
    "Metric",
    "RuleInfo",
    "ShapeInfo",
    "TypeInfo",
    "algorithm_of",
    "algorithms",
    "all_shapes",
    "default_ranges",
    "of",
    "rules",
    "waived",
]


@attrs.frozen(kw_only=True)
class ShapeInfo:
    """One structure of the API.

    Attributes:
        shape: the class in `hptsdk.shapes`.
        members: the members, in the order of the API model.
        documentation: the first line of the docstring of the class.
        source: the URL of the page in the API reference.
        is_response: whether only the service sends the structure, so that it is not validated.
    """

    shape: type[Shape]
    members: tuple[MemberInfo, ...]
    documentation: str
    source: str
    is_response: bool

    @property
    def name(self) -> str:
        """The name of the structure in the API."""
        return self.shape.__name__


@cache_by_class
def of(cls: type[Shape]) -> ShapeInfo:
    """Return the description of a structure.

    Args:
        cls: a class of `hptsdk.shapes`.

    Raises:
        TypeError: `cls` is not a class of `hptsdk.shapes`.

    Example:
        >>> import hptsdk
        >>> hptsdk.schema.of(hptsdk.shapes.ResourceLimits).members[0].constraints
        (Range(minimum=1, maximum=None),)
    """
    check_class(cls)
    return ShapeInfo(
        shape=cls,
        members=members_of(cls),
        documentation=(cls.__doc__ or "").partition("\n")[0],
        source=source_of(cls),
        is_response=issubclass(cls, Response),
    )


def all_shapes() -> tuple[type[Shape], ...]:
    """Return the classes of all structures, sorted by name."""
    classes: tuple[type[Shape], ...] = tuple(getattr(shapes, name) for name in shapes.__all__)
    return classes


@cache
def map_members() -> frozenset[str]:
    """Return the wire names of all members that are maps."""
    return frozenset(member.wire_name for member in _all_members() if member.type.kind == "map")


@cache
def described_members() -> tuple[str, ...]:
    """Return the wire names of the members of a request that the response of Describe has as well."""
    response = {member.wire_name for member in members_of(shapes.DescribeHyperParameterTuningJobResponse)}
    names = (member.wire_name for member in members_of(shapes.CreateHyperParameterTuningJobRequest))
    return tuple(name for name in names if name in response)


@cache
def secret_members() -> frozenset[str]:
    """Return the wire names of all members whose values may be secrets."""
    return frozenset(member.wire_name for member in _all_members() if member.type.is_secret)


# The values that mean the same as a missing member, by wire name.
# Source: the pages of their structures in the API reference.
_DEFAULTS: dict[str, tuple[str, ...]] = {
    "CompleteOnConvergence": ("Disabled",),
    "CompressionType": ("None", "GZIP"),  # of a channel, and of the output
    "LocalPath": ("/opt/ml/checkpoints",),
    "RecordWrapperType": ("None",),
    "S3DataDistributionType": ("FullyReplicated",),
    "ScalingType": ("Auto",),
    "TrainingJobEarlyStoppingType": ("Off",),
}


def is_default(name: str, value: object) -> bool:
    """Check whether a value of the member with this wire name means the same as a missing member; False always does."""
    return value is False or value in _DEFAULTS.get(name, ())


def _all_members() -> Iterator[MemberInfo]:
    for cls in all_shapes():
        yield from members_of(cls)


@attrs.frozen(kw_only=True)
class RuleInfo:
    """One rule between members.

    Attributes:
        id: the id in violations, in advice and in `hptsdk.waived`.
        refs: the ids that the developers of hptsdk use for the mistakes that the rule covers, such as "C099".
        level: "error" for a rule with violations, "advice" for a rule of `hptsdk.advise`.
        basis: "documented" by AWS, "observed" to be enforced by SageMaker, or "inferred" from what AWS documents.
        sentence: the requirement or the advice, as one sentence.
        source: the URL of the page that documents the rule; or a thread or path on GitHub, as in
            "aws/sagemaker-python-sdk#132".
        shape: the class to which the rule applies. A rule of several classes is listed once for each.
        needs_parents: whether only `TuningClient.check_warm_start` applies the rule, because it needs the descriptions
            of the parent tuning jobs. Defaults to False.
    """

    id: str
    refs: tuple[str, ...]
    level: Level
    basis: Basis
    sentence: str
    source: str
    shape: type[Shape]
    needs_parents: bool = False


def rules() -> tuple[RuleInfo, ...]:
    """Return all rules, sorted by the name of their class; those with `needs_parents` are last."""
    all_rules = [(rule, cls, False) for cls in all_shapes() for rule in cls.RULES]
    all_rules += [(rule, shapes.CreateHyperParameterTuningJobRequest, True) for rule in PARENT_RULES]
    return tuple(
        RuleInfo(
            id=rule.id,
            refs=rule.refs,
            level=rule.level,
            basis=rule.basis,
            sentence=rule.sentence,
            source=rule.source,
            shape=cls,
            needs_parents=needs_parents,
        )
        for rule, cls, needs_parents in all_rules
    )


def waived(*ids: str) -> AbstractContextManager[None]:
    """Create a context in which some rules are not applied, for example because AWS has relaxed them.

    It affects only the current thread or asyncio task, and the tasks created in the context. A shape constructed in it
    stays valid afterwards. Types, constraints and required members cannot be waived.

    Args:
        *ids: the ids of the rules, as in `Violation.rule` and `RuleInfo.id`.

    Raises:
        ValueError: one of the ids is not that of a rule.

    Example:
        >>> import hptsdk
        >>> with hptsdk.waived("categories-differ"):
        ...     hptsdk.shapes.CategoricalParameterRange(name="booster", values=["gbtree", "gbtree"])
        CategoricalParameterRange(name='booster', values=['gbtree', 'gbtree'])
    """
    known = {rule.id for rule in rules()}
    for name in ids:
        if name not in known:
            raise ValueError(f"no rule has the id {name!r}{suggestion(name, known)}")
    return waiving(frozenset(ids))


def algorithms() -> tuple[Algorithm, ...]:
    """Return the facts about SageMaker's built-in algorithms, sorted by name.

    See https://docs.aws.amazon.com/sagemaker/latest/dg/algos.html.

    Example:
        >>> import hptsdk
        >>> [algorithm.name for algorithm in hptsdk.schema.algorithms() if not algorithm.tunable]
        ['autogluon-tabular', 'pca']
    """
    return tuple(map(algorithm_facts, algorithm_names()))


def algorithm_of(image: str) -> Algorithm | None:
    """Return the facts about the built-in algorithm that an image runs.

    Args:
        image: the registry path of an image, as in `TrainingImage`.

    Returns:
        The facts; None unless both the account and the repository are those of a built-in algorithm. An algorithm that
        runs as a script in the image of a framework, such as lightgbm, has no image of its own.

    Example:
        >>> import hptsdk
        >>> hptsdk.schema.algorithm_of("382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1")
        Algorithm(name='kmeans')
        >>> hptsdk.schema.algorithm_of("123456789012.dkr.ecr.us-east-1.amazonaws.com/kmeans:1") is None
        True
    """
    name = accounts.algorithm_of(image)
    return algorithm_facts(name) if name is not None else None


def default_ranges(algorithm: str) -> shapes.ParameterRanges:
    """Return the ranges that AWS recommends for tuning a built-in algorithm.

    Each hyperparameter with a recommended range has one here, with the documented bounds, values and scaling, unless it
    has no effect with the recommended values of the others. A scaling that the bounds do not allow is omitted, such as
    `Logarithmic` from 0.

    Args:
        algorithm: the name of the algorithm, such as `"xgboost"`; `hptsdk.schema.algorithms()` lists the names.

    Raises:
        ValueError: there is no algorithm with this name, or AWS documents no ranges for tuning it.

    Example:
        >>> import hptsdk
        >>> ranges = hptsdk.default_ranges("kmeans")
        >>> [(item.name, item.min_value, item.max_value) for item in ranges.integer_parameter_ranges]
        [('epochs', '1', '10'), ('extra_center_factor', '4', '10'), ('mini_batch_size', '3000', '15000')]
    """
    names = algorithm_names()
    if algorithm not in names:
        hint = closest(algorithm, names) or "hptsdk.schema.algorithms() lists the names"
        message = f"no algorithm has the name {algorithm!r}; {hint}"
        raise ValueError(message)
    tunable = algorithm_facts(algorithm).tunable
    facts = [fact for fact in tunable.values() if fact.recommended and _has_effect(fact, tunable)]
    if not facts:
        message = f"{algorithm} cannot be tuned: AWS documents no ranges for its hyperparameters"
        raise ValueError(message)
    continuous = [
        shapes.ContinuousParameterRange(name=fact.name, min_value=low, max_value=high, scaling_type=_scaling(fact))
        for fact in facts
        if fact.range == "Continuous"
        for low, high in [fact.recommended]
    ]
    integers = [
        shapes.IntegerParameterRange(name=fact.name, min_value=low, max_value=high, scaling_type=_scaling(fact))
        for fact in facts
        if fact.range == "Integer"
        for low, high in [fact.recommended]
    ]
    categorical = [
        shapes.CategoricalParameterRange(name=fact.name, values=fact.recommended)
        for fact in facts
        if fact.range == "Categorical"
    ]
    return shapes.ParameterRanges(
        continuous_parameter_ranges=continuous or None,
        integer_parameter_ranges=integers or None,
        categorical_parameter_ranges=categorical or None,
    )


def _has_effect(fact: Hyperparameter, tunable: Mapping[str, Hyperparameter]) -> bool:
    """Check whether a hyperparameter has an effect with the recommended values of those on which it depends."""
    return not any(
        other in tunable and tunable[other].recommended and set(values).isdisjoint(tunable[other].recommended)
        for other, values in fact.only_if.items()
    )


def _scaling(fact: Hyperparameter) -> HyperParameterScalingType | None:
    """Return the documented scaling; None if it is logarithmic and the lowest value has no logarithm."""
    lowest = parse_number(fact.recommended[0])
    is_logarithmic = fact.scaling == "Logarithmic"
    return None if is_logarithmic and lowest is not None and lowest <= 0 else fact.scaling
