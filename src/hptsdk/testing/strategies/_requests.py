"""The public strategies of requests, of the other shapes, and of their wire form."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

import hptsdk
from hptsdk import schema
from hptsdk._validation import (
    Problem,
    Response,
    Shape,
    examine,
    is_list,
    is_tuple,
    members_of,
    source_of,
    suggestion,
    violations,
)
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import (
    CreateHyperParameterTuningJobRequest as Request,
    HyperParameterTrainingJobDefinition as Definition,
    HyperParameterTuningJobConfig,
)
from hptsdk.testing.strategies._draw import Context, jobs
from hptsdk.testing.strategies._draw.algorithms import is_tunable_by_grid, names
from hptsdk.testing.strategies._draw.choices import Choices
from hptsdk.testing.strategies._draw.extreme_choices import Extreme, Minimal
from hptsdk.testing.strategies._draw.texts import info_of, localized, members_by_name

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy
    from typing_extensions import TypeIs

Value = Any
"""A member, or a strategy for one; it may have any type."""

ShapeT = TypeVar("ShapeT", bound=Shape)

# It registers its draw functions, and those of the modules that it imports.
_ = jobs


_MAX_DEFINITIONS = 10
_SINGLE, _LIST = "training_job_definition", "training_job_definitions"

# By argument, the members that it sets.
_MEMBERS = {
    "strategy": ("hyper_parameter_tuning_job_config",),
    "algorithm": (_SINGLE, _LIST),
    "definitions": (_SINGLE, _LIST),
    "spot": (_SINGLE, _LIST),
    "warm_start": ("warm_start_config",),
    "name": ("hyper_parameter_tuning_job_name",),
}


def shapes(cls: type[ShapeT], /, *, extreme: bool = False, **overrides: object) -> SearchStrategy[ShapeT]:
    """Create a strategy for valid instances of a class.

    Args:
        cls: a class of `hptsdk.shapes`.
        extreme: whether to draw everything that the model and the rules allow. Defaults to False for instances such as
            those in plausible requests; classes that no request contains are always drawn as with True.
        **overrides: by attribute, as in ``scaling_type``, a value or a strategy for it; None omits the member.

    Returns:
        A strategy for instances of `cls`. It rejects no draws, and shrinks to an instance with the required members and
        those that almost all instances have.

    Raises:
        hypothesis.errors.InvalidArgument: `cls` is no class of `hptsdk.shapes`, it has no such member, a value is
            invalid, or no valid instance has these values, which is raised by a draw.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import strategies
        >>> ranges = strategies.shapes(hptsdk.shapes.ContinuousParameterRange, scaling_type="Logarithmic")
    """
    requested: Any = cls  # any object at run time
    if not (isinstance(requested, type) and issubclass(requested, Shape)):
        raise InvalidArgument(f"cls: expected a class of hptsdk.shapes, got {cls!r}")
    _require_valid(cls, overrides)
    return _instances(cls, overrides, Context(), extreme=extreme)


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
) -> SearchStrategy[Request]:
    """Create a strategy for valid requests.

    By default requests are plausible: they have algorithms, names, ranges and instances that people use, and are within
    the default quotas. The page "Generated requests" has the share of each optional member. A failing example shrinks
    to a custom image with one continuous range on one instance, and the members that make it fail.

    Args:
        strategy: the strategy of the tuning job, as in ``"Bayesian"``. Defaults to any strategy.
        algorithm: the name of a built-in algorithm that can be tuned and has an image, as in ``"xgboost"``;
            `hptsdk.schema.algorithms` has the names. Defaults to any algorithm and to custom images.
        definitions: the number of definitions, from 1 to 10; one is in `training_job_definition`, several are in
            `training_job_definitions`. Defaults to 1 to 3, with `extreme` also 10; one may then be in either member.
        spot: whether all definitions use managed spot training. Defaults to either.
        warm_start: whether the request has a warm start. Defaults to either.
        name: the name of the tuning job. Defaults to any name.
        extreme: whether to draw everything that the model and the rules allow, at both ends of every bound. Defaults to
            False for plausible requests.
        unknown_instance_types: whether to draw also instance types that hptsdk does not know, of the form
            ``ml.FAMILY.SIZE``. Defaults to False.
        **overrides: by attribute of the request, as in ``tags``, a value or a strategy for it; None omits the member.

    Returns:
        A strategy for instances of `hptsdk.shapes.CreateHyperParameterTuningJobRequest`.

    Raises:
        hypothesis.errors.InvalidArgument: the request has no such member, two arguments cannot be combined, or no valid
            request has these values. If it depends on the values of strategies, a draw raises the error.

    Example:
        >>> from hypothesis import strategies as st
        >>> from hptsdk.testing import strategies
        >>> few = strategies.requests(strategy="Hyperband", definitions=st.integers(2, 4), name="few")
    """
    arguments = Context(strategy, algorithm, definitions, spot, warm_start, unknown_instance_types)
    for argument, value in (*arguments._asdict().items(), ("name", name)):
        conflicts = [member for member in _MEMBERS.get(argument, ()) if member in overrides]
        if value is not None and conflicts:
            raise InvalidArgument(f"{argument} and {conflicts[0]} cannot be combined; pass one of the two")
    values = Context(*(None if is_strategy(value) else value for value in arguments))
    _require_possible(values, overrides, extreme=extreme)
    fixed = overrides if name is None else overrides | {"hyper_parameter_tuning_job_name": name}
    _require_valid(Request, fixed)
    return _instances(Request, fixed, arguments, extreme=extreme)


def wire(cls: type[Shape], /, *, extreme: bool = False, **overrides: object) -> SearchStrategy[dict[str, Any]]:
    """Create a strategy for valid instances of a class in wire form: the dicts that boto3 takes.

    Args:
        cls: a class of `hptsdk.shapes`.
        extreme: see `shapes`.
        **overrides: see `shapes`.

    Returns:
        A strategy for results of `hptsdk.to_wire`.

    Raises:
        hypothesis.errors.InvalidArgument: see `shapes`.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import strategies
        >>> tags = strategies.wire(hptsdk.shapes.Tag, key="team")
    """
    return shapes(cls, extreme=extreme, **overrides).map(hptsdk.to_wire)


@st.composite
def _instances(
    draw: DrawFn, cls: type[ShapeT], overrides: Mapping[str, object], arguments: Context, *, extreme: bool
) -> ShapeT:
    context = Context(*(_resolved(draw, value) for value in arguments))
    _require_possible(context, overrides, extreme=extreme)
    choices = (Extreme if extreme or cls not in _classes() else Choices)(draw, context)
    if not overrides:
        return _draw(choices, cls, {})
    with _raises_invalid_argument(cls):
        fixed = _validated(cls, {name: _resolved(draw, value) for name, value in overrides.items()})
        try:
            return _draw(choices, cls, fixed)
        except InvalidShapeError:
            # a member that is drawn may conflict with those that are fixed, so only required members are drawn
            return _draw(Minimal(draw, context), cls, fixed)


def _draw(choices: Choices, cls: type[ShapeT], fixed: dict[str, Any]) -> ShapeT:
    """Draw an instance with the members that are fixed.

    Raises:
        InvalidShapeError: the members that are drawn contradict those that are fixed.
    """
    members = members_by_name(cls)
    decided = {name: _wire(fixed[info.attribute]) for name, info in members.items() if info.attribute in fixed}
    shape = hptsdk.from_wire(cls, localized(choices.instance(cls, decided), choices.region))
    return cls(**attrs.asdict(shape, recurse=False) | fixed) if fixed else shape


@cache
def _classes() -> frozenset[type[Shape]]:
    """Return the classes of which a request has instances."""
    classes: list[type[Shape]] = [Request]
    for cls in classes:
        inner = [(member.type.item or member.type).shape for member in schema.of(cls).members]
        classes += [each for each in inner if each is not None and each not in classes]
    return frozenset(classes)


def _wire(value: Value) -> Value:
    if is_list(value) or is_tuple(value):
        return [_wire(item) for item in value]
    return hptsdk.to_wire(value) if isinstance(value, Shape) else value


def _resolved(draw: DrawFn, value: object) -> Value:
    return draw(value) if is_strategy(value) else value


def _require_valid(cls: type[Shape], overrides: Mapping[str, object]) -> None:
    """Raise InvalidArgument if the class has no such member, or a value violates a constraint."""
    names = [member.attribute for member in members_of(cls)]
    for name in overrides:
        if name not in names:
            raise InvalidArgument(f"{cls.__name__} has no member {name}{suggestion(name, names)}")
    with _raises_invalid_argument(cls):
        _validated(cls, {name: value for name, value in overrides.items() if not is_strategy(value)})


@contextmanager
def _raises_invalid_argument(cls: type[Shape]) -> Generator[None]:
    """Convert an InvalidShapeError to InvalidArgument."""
    try:
        yield
    except InvalidShapeError as error:
        raise InvalidArgument(f"no valid {cls.__name__} has these values:\n{error}") from None


def _validated(cls: type[Shape], fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values in the form in which a shape stores them.

    Raises:
        InvalidShapeError: a value violates a constraint.
    """
    values, source = dict(fixed), source_of(cls)
    problems: list[Problem] = []
    for member in () if issubclass(cls, Response) else members_of(cls):
        name, value = member.attribute, values.get(member.attribute)
        if value is not None:
            values[name], own = examine(member.type, value, source)
            problems += [problem.within(member.wire_name) for problem in own]
        elif member.required and name in values:
            missing = Problem(member.wire_name, expected="a value", got="None", rule="required", source=source)
            problems.append(missing)
    if problems:
        raise InvalidShapeError(violations(cls, problems))
    return values


def _require_possible(arguments: Context, overrides: Mapping[str, object], *, extreme: bool) -> None:
    """Raise InvalidArgument if no request has these arguments."""
    for problem in _problems(arguments, overrides, extreme=extreme):
        raise InvalidArgument(problem)


def _problems(arguments: Context, overrides: Mapping[str, object], *, extreme: bool) -> Iterator[str]:
    strategy, algorithm, definitions, spot, warm_start, _ = arguments
    yield from _one_of("strategy", strategy, info_of(HyperParameterTuningJobConfig, "Strategy").known_values)
    yield from _one_of("algorithm", algorithm, names())
    for name, value in (("spot", spot), ("warm_start", warm_start)):
        if value is not None and not isinstance(value, bool):
            yield f"{name}: expected True or False, got {value!r}"
    if definitions is not None and not (type(definitions) is int and 1 <= definitions <= _MAX_DEFINITIONS):
        yield f"definitions: expected an integer from 1 to {_MAX_DEFINITIONS}, got {definitions!r}"
    fixed = _fixed_definitions(overrides)
    if warm_start and max(definitions or 1, len(fixed)) > 1:
        yield "warm_start: expected False or None for several definitions, got True; use one definition"
    if strategy == "Grid" and any(map(_has_numeric_ranges, fixed)):
        yield (
            "strategy: expected another strategy for continuous and integer ranges, got 'Grid'; use categorical ranges"
        )
    if strategy == "Grid" and algorithm is not None and not extreme and not is_tunable_by_grid(algorithm):
        possible = ", ".join(filter(is_tunable_by_grid, names()))
        yield f"algorithm: expected one with categorical hyperparameters for a grid, got {algorithm!r}; use {possible}"


def _one_of(argument: str, value: object, allowed: tuple[str, ...]) -> Iterator[str]:
    if value is not None and value not in allowed:
        expected = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
        yield f"{argument}: expected {expected}, got {value!r}{suggestion(value, allowed)}"


def _fixed_definitions(overrides: Mapping[str, object]) -> list[Definition]:
    """Return the definitions that are values of the caller."""
    several = overrides.get(_LIST)
    values = [overrides.get(_SINGLE), *(several if is_list(several) or is_tuple(several) else ())]
    return [value for value in values if isinstance(value, Definition)]


def _has_numeric_ranges(definition: Definition) -> bool:
    ranges = definition.hyper_parameter_ranges
    return ranges is not None and bool(ranges.continuous_parameter_ranges or ranges.integer_parameter_ranges)


def is_strategy(value: object) -> TypeIs[st.SearchStrategy[Any]]:
    return isinstance(value, st.SearchStrategy)
