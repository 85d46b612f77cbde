"""The strategies by their names."""

# ruff: noqa: ANN401 - members are of any type while they are drawn

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import hptsdk
from hptsdk._extras import requires_extra

with requires_extra("testing", "hptsdk.testing.strategies"):
    from hypothesis import strategies as st
    from hypothesis.errors import InvalidArgument
    from hypothesis.strategies import SearchStrategy

from hptsdk._validation import Response, Shape, closest, examine, members_of, source_of, violations
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.testing.strategies import _channels, _compute, _ranges, _request, _training, _tuning
from hptsdk.testing.strategies._draft import Setting, drawn
from hptsdk.testing.strategies._invalid_requests import broken, spoiled
from hptsdk.testing.strategies._responses import lenient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn

    from hptsdk._validation import Problem

__all__ = ["invalid_requests", "requests", "responses", "shapes", "wire"]

ShapeT = TypeVar("ShapeT", bound=Shape)

_MOST_DEFINITIONS = 10

# What requests() calls otherwise than the request does.
_NAME = "hyper_parameter_tuning_job_name"

# The modules whose drawers are in force by being imported.
_ = (_channels, _compute, _ranges, _request, _training, _tuning)


def shapes(cls: type[ShapeT], /, **overrides: object) -> SearchStrategy[ShapeT]:
    """Draw valid instances of a class.

    Args:
        cls: a class of `hptsdk.shapes`.
        **overrides: values for members, or strategies for them; None keeps a member absent.

    Raises:
        hypothesis.errors.InvalidArgument: there is no such member, or, when drawn, no valid instance has these values.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import strategies
        >>> ranges = strategies.shapes(hptsdk.shapes.ContinuousParameterRange, scaling_type="Logarithmic")
    """
    if not isinstance(cast("object", cls), type) or not issubclass(cast("type", cls), Shape):
        raise InvalidArgument(f"expected a class of hptsdk.shapes, got {cls!r}")
    _look_at(cls, overrides, [member.attribute for member in members_of(cls)])
    return cast("SearchStrategy[ShapeT]", _instances(cls, overrides, Setting()))


def requests(
    *,
    strategy: str | SearchStrategy[str] | None = None,
    definitions: int | SearchStrategy[int] | None = None,
    name: str | SearchStrategy[str] | None = None,
    unknown_instance_types: bool = False,
    **overrides: object,
) -> SearchStrategy[CreateHyperParameterTuningJobRequest]:
    """Draw valid requests.

    Args:
        strategy: of the search, where it is not to be any.
        definitions: how many; one stands in `training_job_definition`, several in `training_job_definitions`.
        name: of the job.
        unknown_instance_types: whether to draw instance types that hptsdk does not know as well, of the form
            ``ml.FAMILY.SIZE``.
        **overrides: values or strategies for the request's members, as of `shapes`.

    Raises:
        hypothesis.errors.InvalidArgument: there is no such member, two arguments speak of the same, or, when drawn, no
            valid request has these values.

    Example:
        >>> from hypothesis import strategies as st
        >>> from hptsdk.testing import strategies
        >>> few = strategies.requests(strategy="Hyperband", definitions=st.integers(2, 4), name="few")
    """
    cls = CreateHyperParameterTuningJobRequest
    _look_at(cls, overrides, [member.attribute for member in members_of(cls)])
    for given, said, covered in (
        (strategy, "strategy", ("hyper_parameter_tuning_job_config",)),
        (definitions, "definitions", ("training_job_definition", "training_job_definitions")),
        (name, "name", (_NAME,)),
    ):
        twice = [member for member in covered if member in overrides]
        if given is not None and twice:
            raise InvalidArgument(f"{said} and {twice[0]} speak of the same: give one of the two")
    members = {**overrides} if name is None else {**overrides, _NAME: name}
    return _requests(strategy, definitions, members, unknown_instance_types=unknown_instance_types)


def wire(cls: type[Shape], /, **overrides: object) -> SearchStrategy[dict[str, Any]]:
    """Draw valid instances of a class as the dicts that boto3 takes; the arguments are those of `shapes`."""
    return shapes(cls, **overrides).map(hptsdk.to_wire)


def responses(cls: type[ShapeT], /) -> SearchStrategy[ShapeT]:
    """Draw what the service might send one day: members missing, unknown members, and values that no enumeration has.

    Raises:
        hypothesis.errors.InvalidArgument: the class is none that the service sends.
    """
    if not isinstance(cast("object", cls), type) or not issubclass(cast("type", cls), Response):
        raise InvalidArgument(f"expected a class of hptsdk.shapes that the service sends, got {cls!r}")
    return lenient(cls, _instances(cls, {}, Setting()))


def invalid_requests(*rules: str) -> SearchStrategy[tuple[dict[str, Any], str]]:
    """Draw requests as wire dicts that break one rule, each with its id as `hptsdk.from_wire` reports it.

    Args:
        *rules: ids of rules to choose from; where none is given, every rule whose breach is an error and every kind of
            constraint: a wrong type, a value out of bounds, a member that is missing, null or unknown.

    Raises:
        hypothesis.errors.InvalidArgument: no request breaks such a rule.
    """
    for rule in rules:
        if rule not in broken():
            hint = closest(rule, broken())
            raise InvalidArgument(f"no request breaks a rule {rule}{'; ' if hint else ''}{hint}")
    return spoiled(rules)


@st.composite
def _requests(
    draw: DrawFn,
    strategy: object = None,
    definitions: object = None,
    overrides: Mapping[str, object] | None = None,
    *,
    unknown_instance_types: bool = False,
) -> CreateHyperParameterTuningJobRequest:
    count = _resolved(draw, definitions)
    if count is not None and (not isinstance(count, int) or not 1 <= count <= _MOST_DEFINITIONS):
        raise InvalidArgument(f"definitions is a number from 1 to {_MOST_DEFINITIONS}, got {count!r}")
    setting = Setting(
        strategy=_resolved(draw, strategy), definitions=count, unknown_instance_types=unknown_instance_types
    )
    made: Any = draw(_instances(CreateHyperParameterTuningJobRequest, overrides or {}, setting))
    return cast("CreateHyperParameterTuningJobRequest", made)


@st.composite
def _instances(draw: DrawFn, cls: type[Shape], overrides: Mapping[str, object], setting: Setting) -> Shape:
    given = {name: _resolved(draw, value) for name, value in overrides.items()}
    if not given and setting == Setting():
        return cast("Shape", drawn(draw, cls, given, setting))
    try:
        given = _checked(cls, given)
        try:
            return cast("Shape", drawn(draw, cls, given, setting))
        except InvalidShapeError:
            # something drawn may stand in the way of what is given, so nothing is drawn that need not be
            return cast("Shape", drawn(draw, cls, given, setting._replace(plain=True)))
    except InvalidShapeError as error:
        raise InvalidArgument(f"no valid {cls.__name__} was found with what is given:\n{error}") from None


def _resolved(draw: DrawFn, value: object) -> Any:
    return draw(cast("SearchStrategy[object]", value)) if isinstance(value, SearchStrategy) else value


def _look_at(cls: type[Shape], overrides: Mapping[str, object], names: list[str]) -> None:
    """Refuse what is no member."""
    for name in overrides:
        if name not in names:
            hint = closest(name, names)
            raise InvalidArgument(f"{cls.__name__} has no member {name}{'; ' if hint else ''}{hint}")


def _checked(cls: type[Shape], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values as a shape keeps them."""
    if issubclass(cls, Response):
        return dict(given)
    problems: list[Problem] = []
    kept: dict[str, Any] = dict(given)
    for member in members_of(cls):
        if given.get(member.attribute) is not None:
            kept[member.attribute], found = examine(member.type, given[member.attribute], source_of(cls))
            problems += [problem.within(member.wire_name) for problem in found]
    if problems:
        raise InvalidShapeError(violations(cls, problems))
    return kept
