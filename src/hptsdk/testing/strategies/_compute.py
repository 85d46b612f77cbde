"""Draw functions for instances and storage: one way to choose the instances, and the members that depend on it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hptsdk import schema, shapes
from hptsdk.rules.facts.instance_families import (
    has_gpu,
    has_local_storage,
    is_ebs_only,
    lacks_ultraserver,
    local_gb,
)
from hptsdk.testing.strategies._algorithms import facts_of, names
from hptsdk.testing.strategies._draft import draws

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk.testing.strategies._draft import Draft

Value = Any
"""An item of a list, which may have any type."""

_MAX_INTEGER = 2**31 - 1
# How many plausible lists of instance preferences name training plans, in percent.
_WITH_PLANS = 30
_GROUPS, _PREFERENCES, _PLACEMENT = "instance_groups", "instance_preferences", "instance_placement_config"
_TYPE, _COUNT, _SIZE, _KEY = "instance_type", "instance_count", "volume_size_in_gb", "volume_kms_key_id"


def _known_types() -> tuple[str, ...]:
    return schema.of(shapes.InstanceGroup).members[0].type.known_values


@cache
def _types_with(condition: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(filter(condition, _known_types()))


def _has_ultraserver(name: str) -> bool:
    return not lacks_ultraserver(name)


@draws("ResourceConfig")
def resource_config(draft: Draft) -> None:
    """Draw the instances in one way, then the storage."""
    draft.omit("selected_instance_type", "selected_instance_count")
    way = _way(draft)
    if way == _GROUPS and draft.is_unset(_GROUPS):
        draft.set(_GROUPS, draft.items(_GROUPS))
    if way == _PREFERENCES:
        _draw_preferences(draft)
    elif way == _GROUPS and draft[_GROUPS]:
        draft.omit(_TYPE, _COUNT, _PREFERENCES)
    else:
        draft.omit(_GROUPS, _PREFERENCES)
        is_plausible = not (draft.extreme or draft.context.minimal)
        if is_plausible and draft.is_unset(_TYPE):
            _draw_plausible_type(draft, needs_ultraserver=way == _PLACEMENT)
        _draw_type(draft)
        if is_plausible:
            _draw_plausible_size(draft)
    if draft.context.spot or draft[_GROUPS]:
        draft.choose("keep_alive_period_in_seconds", (0,))


def _way(draft: Draft) -> str:
    """Return the member that chooses the instances: one that is set, or one of those to be drawn."""
    for name in (_PREFERENCES, _GROUPS, _TYPE, _PLACEMENT):
        if draft[name]:
            return name
    allowed = {
        _PREFERENCES: not draft.context.spot,
        _GROUPS: not (draft[_COUNT] or draft["keep_alive_period_in_seconds"]),
    }
    if not draft.extreme:
        if draft.context.minimal:
            return ""
        others = () if draft.context.algorithm in names() else (_GROUPS, _PREFERENCES, _PLACEMENT)
        return next((name for name in others if allowed.get(name, True) and draft.includes(name)), _TYPE)
    included = [
        name for name in (_GROUPS, _PREFERENCES, _TYPE, _PLACEMENT) if draft.includes(name) and allowed.get(name, True)
    ]
    # the lists are drawn more often, because they have many lengths
    return draft.choice([*included, *(name for name in included if name in allowed)]) if included else ""


def _draw_plausible_type(draft: Draft, *, needs_ultraserver: bool) -> None:
    """Draw a type, one that allows the other members."""
    if needs_ultraserver or draft[_PLACEMENT] is not None:
        types = _types_with(_has_ultraserver)
        draft.require(_PLACEMENT)
    elif draft[_KEY] is not None or draft.includes(_KEY):
        types = tuple(filter(is_ebs_only, _plausible_types(draft)))
    elif draft.is_fixed(_SIZE) and not draft[_SIZE]:
        types = tuple(filter(has_local_storage, _plausible_types(draft)))
    elif draft.context.unknown_instance_types:
        draft.require(_TYPE)
        return
    else:
        types = _plausible_types(draft)
    draft.set(_TYPE, draft.choice(types or _plausible_types(draft)))


def _plausible_types(draft: Draft) -> tuple[str, ...]:
    """Return the types on which the algorithm trains."""
    types: tuple[str, ...] = tuple(draft.values(_TYPE))
    facts = facts_of(draft.context.algorithm)
    needs_gpu = {"required": True, "unsupported": False}.get(facts.instances.gpu or "") if facts else None
    return types if needs_gpu is None else tuple(name for name in types if has_gpu(name) is needs_gpu)


def _draw_plausible_size(draft: Draft) -> None:
    """Draw a number of instances that the algorithm can use, and a volume that the instances can have."""
    facts = facts_of(draft.context.algorithm)
    most = facts.instances.max_count if facts is not None else None
    if draft.is_unset(_COUNT):
        draft.set(_COUNT, draft.number(_COUNT, 1, most or _MAX_INTEGER))
    if draft.includes(_SIZE) or (draft.is_unset(_SIZE) and is_ebs_only(draft[_TYPE] or "")):
        draft.set(_SIZE, draft.number(_SIZE, 1, local_gb(draft[_TYPE] or "") or _MAX_INTEGER))


@draws("HyperParameterTuningInstanceConfig")
@draws("InstanceGroup")
def instances(draft: Draft) -> None:
    """Draw a type on which the algorithm trains."""
    if not draft.extreme and draft.is_unset(_TYPE) and not draft.context.unknown_instance_types:
        draft.set(_TYPE, draft.choice(_plausible_types(draft)))


def _draw_preferences(draft: Draft) -> None:
    """Draw different types, with the counts and the training plans all in the preferences or all outside them."""
    draft.omit(_TYPE, _GROUPS, _PLACEMENT)
    if draft.is_fixed(_PREFERENCES):
        has_counts = any(item.instance_count is not None for item in draft[_PREFERENCES])
        has_plans = any(item.training_plan_arns for item in draft[_PREFERENCES])
    else:
        has_counts = not draft[_COUNT] if draft.is_fixed(_COUNT) else draft.choice((False, True))
        has_plans = not draft["training_plan_arn"] and not draft.includes("training_plan_arn")
        if not draft.extreme:
            has_plans = has_plans and draft.chance(_WITH_PLANS)
        draft.set(_PREFERENCES, _preferences(draft, has_counts=has_counts, has_plans=has_plans))
    if has_plans:
        draft.omit("training_plan_arn")
    draft.set(_COUNT, None if has_counts else draft.number(_COUNT, 1, _MAX_INTEGER))


def _preferences(draft: Draft, *, has_counts: bool, has_plans: bool) -> tuple[Any, ...]:
    types = _known_types() if draft.extreme else _plausible_types(draft)
    size, first = draft.size_of(_PREFERENCES), draft.integer(0, len(types) - 1)
    fixed: dict[str, Any] = {} if has_plans else {"training_plan_arns": None}

    def preference(index: int) -> Value:
        count = draft.number(_COUNT, 0 if draft.extreme else 1, _MAX_INTEGER) if has_counts else None
        return draft.item(_PREFERENCES, fixed | {_TYPE: types[(first + index) % len(types)], _COUNT: count})

    return tuple(map(preference, range(size)))


def _draw_type(draft: Draft) -> None:
    """Draw one type, which must be compatible with the placement and the KMS key."""
    if draft[_KEY] is not None and draft.is_unset(_TYPE):
        # UltraServers have local storage, which cannot use a key
        draft.omit(_PLACEMENT if draft[_PLACEMENT] is None else _TYPE)
    if (draft[_PLACEMENT] is not None or draft.includes(_PLACEMENT)) and draft.is_unset(_TYPE):
        draft.set(_TYPE, draft.choice(_types_with(_has_ultraserver)))
    elif draft[_PLACEMENT] is None and draft[_TYPE] and lacks_ultraserver(draft[_TYPE]):
        draft.omit(_PLACEMENT)
    _draw_storage(draft)
    if draft[_TYPE] is not None and is_ebs_only(draft[_TYPE]) and draft.is_unset(_SIZE):
        draft.set(_SIZE, draft.number(_SIZE, 1, _MAX_INTEGER))


def _draw_storage(draft: Draft) -> None:
    """Draw a type that allows the KMS key and the volume size, or omit the key."""
    if draft.includes(_TYPE):
        has_no_size = draft.is_fixed(_SIZE) and not draft[_SIZE]
        has_key = draft[_KEY] is not None or draft.includes(_KEY)
        if has_no_size and not has_key:
            draft.set(_TYPE, draft.choice(_types_with(has_local_storage)))
        elif has_key and not has_no_size:
            draft.set(_TYPE, draft.choice(_types_with(is_ebs_only)))
        elif not has_no_size:
            draft.require(_TYPE)
    if draft[_TYPE] and has_local_storage(draft[_TYPE]):
        draft.omit(_KEY)
    draft.omit(_TYPE)


@draws("HyperParameterTuningResourceConfig")
def tuning_resource_config(draft: Draft) -> None:
    """Draw a list of instance configurations, or one type with its storage."""
    of_one_type = (_TYPE, _COUNT, _SIZE)
    if draft["instance_configs"] is not None or (
        draft.includes("instance_configs") and not any(draft[name] for name in of_one_type)
    ):
        if not draft.extreme and draft.is_unset("instance_configs"):
            # the list is for alternatives
            draft.set("instance_configs", (draft.item("instance_configs"), *draft.items("instance_configs")))
        draft.require("instance_configs")
        draft.omit(*of_one_type)
    else:
        draft.omit("instance_configs")
        if not draft.extreme:
            draft.omit("allocation_strategy")
        if not (draft.extreme or draft.context.minimal) and draft.is_unset(_TYPE):
            _draw_plausible_type(draft, needs_ultraserver=False)
            _draw_plausible_size(draft)
        _draw_storage(draft)
