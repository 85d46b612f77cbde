"""Drawers of instances and storage: one way to name the instances, and what goes with it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hptsdk import schema, shapes
from hptsdk.rules.facts.instance_families import has_local_storage, is_ebs_only, lacks_ultraserver
from hptsdk.testing.strategies._draft import drawer

if TYPE_CHECKING:
    from hptsdk.testing.strategies._draft import Drawing

_MANY = 2**31 - 1
_GROUPS, _PREFERENCES, _PLACEMENT = "instance_groups", "instance_preferences", "instance_placement_config"


@cache
def _known() -> tuple[str, ...]:
    return schema.of(shapes.InstanceGroup).members[0].type.known_values


@cache
def _kinds(*, stored: bool = False, plain: bool = False, placed: bool = False) -> tuple[str, ...]:
    """Give known types: with local storage, without it, or of UltraServers."""
    return tuple(
        name
        for name in _known()
        if (has_local_storage(name) or not stored)
        and (is_ebs_only(name) or not plain)
        and not (placed and lacks_ultraserver(name))
    )


@drawer("ResourceConfig")
def resource_config(drawing: Drawing) -> None:
    """Draw the instances in one way, then the storage and the rest."""
    drawing.leave_out("selected_instance_type", "selected_instance_count")
    way = _way(drawing)
    if way == _PREFERENCES:
        _preferences(drawing)
    elif way == _GROUPS and _groups(drawing):
        drawing.leave_out("instance_type", "instance_count", _PREFERENCES)
    else:
        drawing.leave_out(_GROUPS, _PREFERENCES)
        _one_type(drawing)
    if drawing.setting.spot or drawing[_GROUPS]:
        drawing.pick("keep_alive_period_in_seconds", (0,))


def _way(drawing: Drawing) -> str:
    """Choose how to name the instances; what is given decides, else what is wanted."""
    for name in (_PREFERENCES, _GROUPS, "instance_type", _PLACEMENT):
        if drawing[name]:
            return name
    wanted = [
        name
        for name in (_GROUPS, _PREFERENCES, "instance_type", _PLACEMENT)
        if drawing.wants(name) and _fits(drawing, name)
    ]
    # the lists more often, since they come in many sizes
    return drawing.choice([*wanted, *(name for name in wanted if name in {_GROUPS, _PREFERENCES})]) if wanted else ""


def _fits(drawing: Drawing, name: str) -> bool:
    if name == _PREFERENCES:
        return not drawing.setting.spot
    return name != _GROUPS or not (drawing["instance_count"] or drawing["keep_alive_period_in_seconds"])


def _groups(drawing: Drawing) -> bool:
    """Draw groups of different names; there may be none."""
    if drawing.is_open(_GROUPS):
        drawing.put(_GROUPS, drawing.items(_GROUPS))
    return bool(drawing[_GROUPS])


def _preferences(drawing: Drawing) -> None:
    """Draw types that differ, with their counts and plans in one place."""
    drawing.leave_out("instance_type", _GROUPS, _PLACEMENT)
    if drawing.is_given(_PREFERENCES):
        each = any(item.instance_count is not None for item in drawing[_PREFERENCES])
        planned = any(item.training_plan_arns for item in drawing[_PREFERENCES])
    else:
        each = not drawing["instance_count"] if drawing.is_given("instance_count") else drawing.choice((False, True))
        planned = not drawing["training_plan_arn"] and not drawing.wants("training_plan_arn")
        drawing.put(_PREFERENCES, _preferred(drawing, each=each, planned=planned))
    if planned:
        drawing.leave_out("training_plan_arn")
    drawing.put("instance_count", None if each else drawing.integer(1, _MANY))


def _preferred(drawing: Drawing, *, each: bool, planned: bool) -> tuple[Any, ...]:
    size, first = drawing.size_of(_PREFERENCES), drawing.integer(0, len(_known()) - 1)
    given: dict[str, Any] = {} if planned else {"training_plan_arns": None}
    return tuple(
        drawing.item(
            _PREFERENCES,
            given
            | {
                "instance_type": _known()[(first + index) % len(_known())],
                "instance_count": drawing.integer(0, _MANY) if each else None,
            },
        )
        for index in range(size)
    )


def _one_type(drawing: Drawing) -> None:
    """Draw one type, which has to go with a placement and with a key."""
    if drawing["volume_kms_key_id"] is not None and drawing.is_open("instance_type"):
        # every type of UltraServers has local storage, which takes no key
        drawing.leave_out(_PLACEMENT if drawing[_PLACEMENT] is None else "instance_type")
    placed = drawing[_PLACEMENT] is not None or drawing.wants(_PLACEMENT)
    if placed and drawing.is_open("instance_type"):
        drawing.put("instance_type", drawing.choice(_kinds(placed=True)))
    elif drawing[_PLACEMENT] is None and drawing["instance_type"] and lacks_ultraserver(drawing["instance_type"]):
        drawing.leave_out(_PLACEMENT)
    _storage(drawing)
    kind, size = drawing["instance_type"], "volume_size_in_gb"
    if kind is not None and is_ebs_only(kind) and drawing.is_open(size):
        drawing.put(size, drawing.integer(1, _MANY))


def _storage(drawing: Drawing) -> None:
    """Choose a type whose storage takes the key and the size, or leave the key out."""
    key, size = "volume_kms_key_id", "volume_size_in_gb"
    if drawing.wants("instance_type"):
        unsized = drawing.is_given(size) and not drawing[size]
        keyed = drawing[key] is not None or drawing.wants(key)
        if unsized and not keyed:
            drawing.put("instance_type", drawing.choice(_kinds(stored=True)))
        elif keyed and not unsized:
            drawing.put("instance_type", drawing.choice(_kinds(plain=True)))
        elif not unsized:
            drawing.need("instance_type")
    if drawing["instance_type"] and has_local_storage(drawing["instance_type"]):
        drawing.leave_out(key)
    drawing.leave_out("instance_type")


@drawer("HyperParameterTuningResourceConfig")
def tuning_resource_config(drawing: Drawing) -> None:
    """Draw a choice of instances, or one type and what goes with it."""
    beside = ("instance_type", "instance_count", "volume_size_in_gb")
    if drawing["instance_configs"] is not None or (
        drawing.wants("instance_configs") and not any(drawing[name] for name in beside)
    ):
        drawing.need("instance_configs")
        drawing.leave_out(*beside)
    else:
        drawing.leave_out("instance_configs")
        _storage(drawing)
