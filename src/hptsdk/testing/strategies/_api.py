"""The public strategies of requests and of shapes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import hptsdk
from hptsdk import schema
from hptsdk._extras import requires_extra

with requires_extra("testing", "hptsdk.testing.strategies"):
    from hypothesis import strategies as st
    from hypothesis.errors import InvalidArgument

from hptsdk._validation import Response, Shape, closest, examine, is_list, is_tuple, members_of, source_of, violations
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import (
    CreateHyperParameterTuningJobRequest,
)
from hptsdk.testing.strategies import _extreme_parts, _extreme_requests, _plausible_requests
from hptsdk.testing.strategies._arguments import Context, conflict_of, is_strategy, problem_of
from hptsdk.testing.strategies._extreme import Extreme, Minimal
from hptsdk.testing.strategies._invalid_requests import invalid_request, rule_ids
from hptsdk.testing.strategies._plausible import Choices, members_by_name
from hptsdk.testing.strategies._texts import localized

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk._validation import Problem

__all__ = ["invalid_requests", "requests", "shapes", "wire"]

Value = Any
"""A member, or a strategy for one; it may have any type."""

ShapeT = TypeVar("ShapeT", bound=Shape)

_NAME = "hyper_parameter_tuning_job_name"

# Each of these modules registers its draw functions when it is imported.
_ = (_extreme_parts, _extreme_requests, _plausible_requests)


def shapes(cls: type[ShapeT], /, *, extreme: bool = False, **overrides: object) -> SearchStrategy[ShapeT]:
    """Create a strategy for valid instances of a class.

    Args:
        cls: a class of `hptsdk.shapes`.
        extreme: whether to draw everything that the model and the rules allow. Defaults to False for instances such as
            those in plausible requests; classes that no request contains are always drawn as with True.
        **overrides: by member, a value or a strategy for it; None omits the member.

    Returns:
        A strategy for instances of `cls`. It rejects no draws, and shrinks to an instance with the required members and
        those that almost all instances have.

    Raises:
        hypothesis.errors.InvalidArgument: the class has no such member, a value is invalid, or no valid instance has
            these values, which is raised by a draw.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import strategies
        >>> ranges = strategies.shapes(hptsdk.shapes.ContinuousParameterRange, scaling_type="Logarithmic")
    """
    _require_subclass(cls, Shape, "a class of hptsdk.shapes")
    _require_members(cls, overrides)
    _require_valid(cls, overrides)
    return _shapes(cls, overrides, Context(), extreme=extreme)


def requests(
    *,
    strategy: str | SearchStrategy[str] | None = None,
    algorithm: str | SearchStrategy[str] | None = None,
    definitions: int | SearchStrategy[int] | None = None,
    spot: bool | SearchStrategy[bool] | None = None,
    warm_start: bool | SearchStrategy[bool] | None = None,
    name: str | SearchStrategy[str] | None = None,
    extreme: bool = False,
    unknown_instance_types: bool = False,
    **overrides: object,
) -> SearchStrategy[CreateHyperParameterTuningJobRequest]:
    """Create a strategy for valid requests.

    By default requests are plausible: they have an image, names, ranges and instances that people use, and are within
    the default quotas. `docs/how-to/test-your-code.md` has the share of each optional member. A failing example shrinks
    to a custom image with one continuous range on one instance, and the members that make it fail.

    Args:
        strategy: the strategy of the tuning job, as in ``"Bayesian"``. Defaults to any strategy.
        algorithm: the name of a built-in algorithm that can be tuned and has an image, as in ``"xgboost"``;
            `hptsdk.schema.algorithms` has the names. Defaults to any algorithm and to custom images.
        definitions: the number of definitions, from 1 to 10; one is in `training_job_definition`, several are in
            `training_job_definitions`. Defaults to any number.
        spot: whether all definitions use managed spot training. Defaults to either.
        warm_start: whether the request has a warm start. Defaults to either.
        name: the name of the tuning job. Defaults to any name.
        extreme: whether to draw everything that the model and the rules allow, at both ends of every bound. Defaults to
            False for plausible requests.
        unknown_instance_types: whether to draw also instance types that hptsdk does not know, of the form
            ``ml.FAMILY.SIZE``. Defaults to False.
        **overrides: by member of the request, a value or a strategy for it; None omits the member.

    Returns:
        A strategy for instances of `hptsdk.CreateHyperParameterTuningJobRequest`.

    Raises:
        hypothesis.errors.InvalidArgument: the request has no such member, two arguments set the same member or exclude
            each other, or no valid request has these values. If it depends on the values of strategies, a draw raises
            the error.

    Example:
        >>> from hypothesis import strategies as st
        >>> from hptsdk.testing import strategies
        >>> few = strategies.requests(strategy="Hyperband", definitions=st.integers(2, 4), name="few")
    """
    _require_members(CreateHyperParameterTuningJobRequest, overrides)
    arguments = Context(strategy, algorithm, definitions, spot, warm_start, unknown_instance_types)
    values = Context(*(None if is_strategy(value) else value for value in arguments))
    problem = conflict_of(arguments._asdict() | {"name": name}, overrides)
    problem = problem or problem_of(values, overrides, extreme=extreme)
    if problem is not None:
        raise InvalidArgument(problem)
    fixed = overrides if name is None else overrides | {_NAME: name}
    _require_valid(CreateHyperParameterTuningJobRequest, fixed)
    return _requests(arguments, fixed, extreme=extreme)


def wire(cls: type[Shape], /, *, extreme: bool = False, **overrides: object) -> SearchStrategy[dict[str, Any]]:
    """Create a strategy for valid instances of a class in wire form: the dicts that boto3 takes.

    Args:
        cls: a class of `hptsdk.shapes`.
        extreme: see `shapes`.
        **overrides: by member, a value or a strategy for it; None omits the member.

    Returns:
        A strategy for results of `hptsdk.to_wire`.

    Raises:
        hypothesis.errors.InvalidArgument: see `shapes`.
    """
    return shapes(cls, extreme=extreme, **overrides).map(hptsdk.to_wire)


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
    draw: DrawFn, arguments: Context, fixed: Mapping[str, object], *, extreme: bool
) -> CreateHyperParameterTuningJobRequest:
    context = Context(*(_resolved(draw, value) for value in arguments))
    problem = problem_of(context, fixed, extreme=extreme)
    if problem is not None:
        raise InvalidArgument(problem)
    cls = CreateHyperParameterTuningJobRequest
    request: CreateHyperParameterTuningJobRequest = _draw(draw, cls, fixed, context, extreme=extreme)
    return request


@st.composite
def _shapes(
    draw: DrawFn, cls: type[ShapeT], overrides: Mapping[str, object], context: Context, *, extreme: bool
) -> ShapeT:
    shape: ShapeT = _draw(draw, cls, overrides, context, extreme=extreme)
    return shape


def _draw(draw: DrawFn, cls: type[Shape], overrides: Mapping[str, object], context: Context, *, extreme: bool) -> Value:
    kinds: list[type[Choices]] = [Extreme] if extreme or cls not in _classes() else [Choices]
    if not overrides:
        return _draw_shape(kinds[0](draw, context), cls, {})
    try:
        fixed = _validated(cls, {name: _resolved(draw, value) for name, value in overrides.items()})
        try:
            return _draw_shape(kinds[0](draw, context), cls, fixed)
        except InvalidShapeError:
            # a member that is drawn may conflict with those that are fixed, so only required members are drawn
            return _draw_shape(Minimal(draw, context), cls, fixed)
    except InvalidShapeError as error:
        raise InvalidArgument(f"no valid {cls.__name__} has these values:\n{error}") from None


@cache
def _classes() -> frozenset[type[Shape]]:
    """Return the classes of which a request has instances."""
    classes: list[type[Shape]] = [CreateHyperParameterTuningJobRequest]
    for cls in classes:
        inner = [(member.type.item or member.type).shape for member in schema.of(cls).members]
        classes += [each for each in inner if each is not None and each not in classes]
    return frozenset(classes)


def _draw_shape(choices: Choices, cls: type[Shape], fixed: Mapping[str, Any]) -> Value:
    """Draw an instance with the members that are fixed.

    Raises:
        InvalidShapeError: the members that are drawn contradict those that are fixed.
    """
    infos = members_by_name(cls)
    decided = {name: _wire(fixed[info.attribute]) for name, info in infos.items() if info.attribute in fixed}
    document = localized(choices.part(cls, decided), choices.region)
    if not fixed:
        return hptsdk.from_wire(cls, document)
    drawn: dict[str, Any] = {}
    for name, value in document.items():
        info = infos[name].type
        if info.shape is not None:
            drawn[infos[name].attribute] = hptsdk.from_wire(info.shape, value)
        elif info.item is not None and info.item.shape is not None:
            drawn[infos[name].attribute] = [hptsdk.from_wire(info.item.shape, item) for item in value]
        else:
            drawn[infos[name].attribute] = value
    return cls(**drawn | dict(fixed))


def _wire(value: Value) -> Value:
    """Return a member in wire form."""
    if is_list(value) or is_tuple(value):
        return [_wire(item) for item in value]
    return hptsdk.to_wire(value) if hasattr(value, "__attrs_attrs__") else value


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


def _require_valid(cls: type[Shape], overrides: Mapping[str, object]) -> None:
    """Raise an error if a value violates a constraint."""
    try:
        _validated(cls, {name: value for name, value in overrides.items() if not is_strategy(value)})
    except InvalidShapeError as error:
        raise InvalidArgument(f"no valid {cls.__name__} has these values:\n{error}") from None


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
