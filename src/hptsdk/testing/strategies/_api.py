"""The public strategies of requests and of shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import hptsdk
from hptsdk._extras import requires_extra

with requires_extra("testing", "hptsdk.testing.strategies"):
    from hypothesis import strategies as st
    from hypothesis.errors import InvalidArgument

from hptsdk._validation import Response, Shape, closest, examine, members_of, source_of, violations
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.testing.strategies import _channels, _compute, _ranges, _request, _training, _tuning
from hptsdk.testing.strategies._draft import Context, draw_shape, is_strategy
from hptsdk.testing.strategies._invalid_requests import invalid_request, rule_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk._validation import Problem

__all__ = ["invalid_requests", "requests", "shapes", "wire"]

Value = Any
"""A member, or a strategy for one; it may have any type."""

ShapeT = TypeVar("ShapeT", bound=Shape)

_MAX_DEFINITIONS = 10
_NAME = "hyper_parameter_tuning_job_name"

# Each of these modules registers its draw functions when it is imported.
_ = (_channels, _compute, _ranges, _request, _training, _tuning)


def shapes(cls: type[ShapeT], /, **overrides: object) -> SearchStrategy[ShapeT]:
    """Create a strategy for valid instances of a class.

    Args:
        cls: a class of `hptsdk.shapes`.
        **overrides: by member, a value or a strategy for it; None omits the member.

    Returns:
        A strategy for instances of `cls`. It rejects no draws, and shrinks to an instance with the required members.

    Raises:
        hypothesis.errors.InvalidArgument: the class has no such member, or no valid instance has these values, which is
            raised by a draw.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import strategies
        >>> ranges = strategies.shapes(hptsdk.shapes.ContinuousParameterRange, scaling_type="Logarithmic")
    """
    _require_subclass(cls, Shape, "a class of hptsdk.shapes")
    _require_members(cls, overrides)
    return _instances(cls, overrides, Context())


def requests(
    *,
    strategy: str | SearchStrategy[str] | None = None,
    definitions: int | SearchStrategy[int] | None = None,
    name: str | SearchStrategy[str] | None = None,
    unknown_instance_types: bool = False,
    **overrides: object,
) -> SearchStrategy[CreateHyperParameterTuningJobRequest]:
    """Create a strategy for valid requests.

    Args:
        strategy: the strategy of the tuning job, as in ``"Bayesian"``. Defaults to any strategy.
        definitions: the number of definitions, from 1 to 10; one is in `training_job_definition`, several are in
            `training_job_definitions`. Defaults to any number.
        name: the name of the tuning job. Defaults to any name.
        unknown_instance_types: whether to draw also instance types that hptsdk does not know, of the form
            ``ml.FAMILY.SIZE``. Defaults to False.
        **overrides: by member of the request, a value or a strategy for it; None omits the member.

    Returns:
        A strategy for instances of `hptsdk.shapes.CreateHyperParameterTuningJobRequest`.

    Raises:
        hypothesis.errors.InvalidArgument: the request has no such member, two arguments set the same member, or no
            valid request has these values, which is raised by a draw.

    Example:
        >>> from hypothesis import strategies as st
        >>> from hptsdk.testing import strategies
        >>> few = strategies.requests(strategy="Hyperband", definitions=st.integers(2, 4), name="few")
    """
    _require_members(CreateHyperParameterTuningJobRequest, overrides)
    for argument, value, members in (
        ("strategy", strategy, ("hyper_parameter_tuning_job_config",)),
        ("definitions", definitions, ("training_job_definition", "training_job_definitions")),
        ("name", name, (_NAME,)),
    ):
        conflicts = [member for member in members if member in overrides]
        if value is not None and conflicts:
            raise InvalidArgument(f"{argument} and {conflicts[0]} set the same member; pass one of the two")
    fixed = overrides if name is None else overrides | {_NAME: name}
    return _requests(strategy, definitions, fixed, Context(unknown_instance_types=unknown_instance_types))


def wire(cls: type[Shape], /, **overrides: object) -> SearchStrategy[dict[str, Any]]:
    """Create a strategy for valid instances of a class in wire form: the dicts that boto3 takes.

    Args:
        cls: a class of `hptsdk.shapes`.
        **overrides: by member, a value or a strategy for it; None omits the member.

    Returns:
        A strategy for results of `hptsdk.to_wire`.

    Raises:
        hypothesis.errors.InvalidArgument: see `shapes`.
    """
    return shapes(cls, **overrides).map(hptsdk.to_wire)


def invalid_requests(*rules: str) -> SearchStrategy[tuple[dict[str, Any], str]]:
    """Create a strategy for requests that violate exactly one rule or constraint.

    Args:
        *rules: the ids of rules and constraints to choose from. Defaults to all rules whose violation is an error, and
            all constraints: ``type``, ``range``, ``length``, ``required``, ``null``, ``unknown-member`` and so on.

    Returns:
        A strategy for pairs of a request in wire form and the id of the rule that `hptsdk.from_wire` reports, as in
        `Violation.rule`.

    Raises:
        hypothesis.errors.InvalidArgument: no request can violate a rule with this id.

    Example:
        >>> from hptsdk.testing import strategies
        >>> repeated_tags = strategies.invalid_requests("tag-keys-differ")
    """
    for rule in rules:
        if rule not in rule_ids():
            raise InvalidArgument(f"no request violates a rule {rule}{_hint(rule, rule_ids())}")
    return invalid_request(rules)


@st.composite
def _requests(
    draw: DrawFn, strategy: Value, definitions: Value, fixed: Mapping[str, object], context: Context
) -> CreateHyperParameterTuningJobRequest:
    count = _resolved(draw, definitions)
    if count is not None and (not isinstance(count, int) or not 1 <= count <= _MAX_DEFINITIONS):
        raise InvalidArgument(f"definitions: expected a number from 1 to {_MAX_DEFINITIONS}, got {count!r}")
    context = context._replace(strategy=_resolved(draw, strategy), definitions=count)
    request: CreateHyperParameterTuningJobRequest = draw(
        _instances(CreateHyperParameterTuningJobRequest, fixed, context)
    )
    return request


@st.composite
def _instances(draw: DrawFn, cls: type[Shape], overrides: Mapping[str, object], context: Context) -> Value:
    if not overrides and context == Context():
        return draw_shape(draw, cls, {}, context)
    try:
        fixed = _validated(cls, {name: _resolved(draw, value) for name, value in overrides.items()})
        try:
            return draw_shape(draw, cls, fixed, context)
        except InvalidShapeError:
            # a member that is drawn may conflict with those that are fixed, so only required members are drawn
            return draw_shape(draw, cls, fixed, context._replace(minimal=True))
    except InvalidShapeError as error:
        raise InvalidArgument(f"no valid {cls.__name__} has these values:\n{error}") from None


def _resolved(draw: DrawFn, value: object) -> Value:
    return draw(value) if is_strategy(value) else value


def _require_subclass(cls: object, base: type[Shape], expected: str) -> None:
    if not (isinstance(cls, type) and issubclass(cls, base)):
        raise InvalidArgument(f"expected {expected}, got {cls!r}")


def _require_members(cls: type[Shape], overrides: Mapping[str, object]) -> None:
    names = [member.attribute for member in members_of(cls)]
    for name in overrides:
        if name not in names:
            raise InvalidArgument(f"{cls.__name__} has no member {name}{_hint(name, names)}")


def _hint(name: str, names: Iterable[str]) -> str:
    hint = closest(name, names)
    return f"; {hint}" if hint else ""


def _validated(cls: type[Shape], fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values in the form in which a shape stores them.

    Raises:
        InvalidShapeError: a value violates a constraint.
    """
    values = dict(fixed)
    problems: list[Problem] = []
    for member in () if issubclass(cls, Response) else members_of(cls):
        if values.get(member.attribute) is not None:
            values[member.attribute], found = examine(member.type, values[member.attribute], source_of(cls))
            problems += [problem.within(member.wire_name) for problem in found]
    if problems:
        raise InvalidShapeError(violations(cls, problems))
    return values
