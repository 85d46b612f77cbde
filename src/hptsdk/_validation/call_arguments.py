"""Decorators with which the errors of a call name the invalid argument and suggest what to write instead."""

from __future__ import annotations

import inspect
import json
import re
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from hptsdk._validation._members import TypeInfo, wire_name
from hptsdk._validation._problems import closest, count_of
from hptsdk.errors import InvalidShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hptsdk.errors import Violation

_FunctionT = TypeVar("_FunctionT", bound="Callable[..., object]")

# The steps of the path of a violation: the key of a map in quotes, or the name of a member. Indexes are omitted.
_STEPS = re.compile(r'\[("(?:[^"\\]|\\.)*")\]|(\w+)(?=[.\[]|$)')

# The parameters by their names in other libraries, if `closest` does not suggest them.
_OTHER_NAMES = {"max": "high", "max_value": "high", "min": "low", "min_value": "low", "seed": "random_seed"}

# What to use instead, by the function and by an argument that it does not have.
_REPLACEMENTS = {
    "TuningClient.__init__": {
        "aws_access_key_id": "use session=boto3.Session(aws_access_key_id=..., aws_secret_access_key=...)",
        "profile": "use session=boto3.Session(profile_name=...)",
        "profile_name": "use session=boto3.Session(profile_name=...)",
    },
    "training": {
        "channels": "add them with .channel(name, source)",
        "environment": "add them with .environment(NAME=value)",
        "hyperparameters": "add them with .static(name=value)",
        "inputs": "add them with .channel(name, source)",
        "max_wait": "use .spot(max_wait_in_seconds=...)",
        "metric_definitions": "add them with .metric(name, regex)",
        "metrics": "add them with .metric(name, regex)",
        "security_group_ids": "set them with .vpc(subnets=..., security_group_ids=...)",
        "static_hyperparameters": "add them with .static(name=value)",
        "subnets": "set them with .vpc(subnets=..., security_group_ids=...)",
        "use_spot_instances": "use .spot(max_wait_in_seconds=...)",
    },
}


def names_arguments(**members: str) -> Callable[[_FunctionT], _FunctionT]:
    """Create a decorator for a function whose errors name the invalid argument.

    Args:
        **members: by argument, the wire name of the member that it sets. Defaults to the member with the same name.
            That of `mapping` is a map whose keys are arguments, too.
    """

    def decorate(function: _FunctionT) -> _FunctionT:
        suggesting = suggests_arguments(function)

        @wraps(function)
        def call(*args: object, **kwargs: object) -> object:
            try:
                return suggesting(*args, **kwargs)
            except InvalidShapeError as error:
                arguments = _Arguments(function, members, args, kwargs)
                raise InvalidShapeError(map(arguments.named, error.violations)) from None

        return cast("_FunctionT", call)  # the same signature; ParamSpec has no overloads

    return decorate


def suggests_arguments(function: _FunctionT) -> _FunctionT:
    """Decorate a function so that the error for a call that does not fit its signature can have a suggestion."""

    @wraps(function)
    def call(*args: object, **kwargs: object) -> object:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if _is_raised_inside(error):
                raise
            raise TypeError(_call_message(function, str(error), args, kwargs)) from None

    return cast("_FunctionT", call)  # as above


def _is_raised_inside(error: TypeError) -> bool:
    """Check whether an error is raised inside a function that a wrapper calls, and not by the call itself."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is not None


class _Arguments:
    """The arguments of one call, by the members that they set."""

    def __init__(
        self,
        function: Callable[..., object],
        members: Mapping[str, str],
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
    ) -> None:
        self._function = function.__name__
        self._kwargs = kwargs
        # by member, the argument as written in a call, and its value
        self._by_member: dict[str, tuple[str, object]] = {}
        # the member whose keys are arguments, if there is one
        self._map = members.get("mapping", "")
        signature = inspect.signature(function)
        self._has_arguments = any(name != "self" for name in signature.parameters)
        for name, value in signature.bind(*args, **kwargs).arguments.items():
            member, kind = members.get(name, wire_name(name)), signature.parameters[name].kind
            if kind is inspect.Parameter.VAR_KEYWORD:
                more: dict[str, object] = {} if self._map else value
                self._by_member |= {wire_name(key): (f"{key}=…", inner) for key, inner in more.items()}
            elif kind is inspect.Parameter.VAR_POSITIONAL:
                self._by_member[member] = f"*{name}", value
            elif name not in {"self", "mapping"} and (value is not None or member not in self._by_member):
                self._by_member[member] = f"{name}=…", value

    def named(self, violation: Violation) -> Violation:
        """Return the violation with the argument that it is about."""
        if not self._has_arguments:
            return attrs.evolve(violation, argument="")
        label, value = self._argument(violation.path)
        got = "None" if violation.got == "nothing" and value is None else violation.got
        hint = violation.hint
        if not hint and violation.expected == "a finite number" and isinstance(value, str):
            from hptsdk._validation._hints import type_hint

            hint = type_hint(TypeInfo(kind="number"), value)
        return attrs.evolve(violation, argument=f"{self._function}({label})", got=got, hint=hint)

    def _argument(self, path: str) -> tuple[str, object]:
        steps = [key or member for key, member in _STEPS.findall(path)]
        if self._map and steps[:1] == [self._map] and len(steps) > 1:
            key = json.loads(steps[1])
            return (f"{key}=…" if key in self._kwargs else f"{{{steps[1]}: …}}"), ...
        return next((self._by_member[step] for step in reversed(steps) if step in self._by_member), ("…", ...))


def _call_message(
    function: Callable[..., object], message: str, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> str:
    """Format the message for a call that does not fit the signature."""
    is_method = "." in function.__qualname__
    name = f"{type(args[0]).__name__}.{function.__name__}" if is_method and args else function.__name__
    name = name.removesuffix(".__init__")
    parameters = inspect.signature(function).parameters
    if extra := _too_many(parameters, args, kwargs):
        return f"{name}() takes {extra}"
    unexpected = [argument for argument in kwargs if argument not in parameters]
    if not unexpected or _has(parameters, inspect.Parameter.VAR_KEYWORD):
        return message.replace(function.__qualname__, name, 1)
    possible = [argument for argument in parameters if argument not in {*kwargs, "self"}]
    hint = _argument_hint(function, unexpected[0], possible)
    return f"{name}() got an unexpected keyword argument {unexpected[0]!r}{'; ' if hint else ''}{hint}"


def _has(parameters: Mapping[str, inspect.Parameter], kind: object) -> bool:
    return any(parameter.kind is kind for parameter in parameters.values())


def _too_many(
    parameters: Mapping[str, inspect.Parameter], args: tuple[object, ...], kwargs: Mapping[str, object]
) -> str:
    """Return a text about too many positional arguments, with those to pass by name; empty text if not too many."""
    positional = [name for name, each in parameters.items() if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    if len(args) <= len(positional) or _has(parameters, inspect.Parameter.VAR_POSITIONAL):
        return ""
    by_name = [f"{name}=" for name in parameters if name not in {*positional, *kwargs}]
    own = int("self" in parameters)
    takes = count_of(positional[own:], "positional argument")
    return f"{takes}, got {len(args) - own}{'; pass the others by name: ' if by_name else ''}{', '.join(by_name)}"


def _argument_hint(function: Callable[..., object], argument: str, parameters: Sequence[str]) -> str:
    """Return what to write in place of an unknown argument; empty text if that is not known."""
    if replacement := _REPLACEMENTS.get(function.__qualname__, {}).get(argument):
        return replacement
    other = _OTHER_NAMES.get(argument)
    return f"did you mean {other!r}?" if other in parameters else closest(argument, parameters)
