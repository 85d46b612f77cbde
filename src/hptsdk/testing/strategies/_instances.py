"""Draw functions for instances and storage: one way to choose the instances, and the members that depend on it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hptsdk import schema, shapes
from hptsdk.rules.facts.instance_families import has_local_storage, is_ebs_only, lacks_ultraserver
from hptsdk.testing.strategies._draft import draws

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk.testing.strategies._draft import Draft

_GROUPS, _PREFERENCES, _PLACEMENT = "instance_groups", "instance_preferences", "instance_placement_config"
_TYPE, _COUNT, _SIZE, _KEY = "instance_type", "instance_count", "volume_size_in_gb", "volume_kms_key_id"


@cache
def _types_with(condition: Callable[[str], bool] = bool) -> tuple[str, ...]:
    return tuple(filter(condition, schema.of(shapes.InstanceGroup).members[0].type.known_values))


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
        _draw_type(draft)
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
    included = [
        name for name in (_GROUPS, _PREFERENCES, _TYPE, _PLACEMENT) if draft.includes(name) and allowed.get(name, True)
    ]
    # the lists are drawn more often, because they have many lengths
    return draft.choice([*included, *(name for name in included if name in allowed)]) if included else ""


def _draw_preferences(draft: Draft) -> None:
    """Draw different types, with the counts and the training plans all in the preferences or all outside them."""
    draft.omit(_TYPE, _GROUPS, _PLACEMENT)
    if draft.is_fixed(_PREFERENCES):
        has_counts = any(item.instance_count is not None for item in draft[_PREFERENCES])
        has_plans = any(item.training_plan_arns for item in draft[_PREFERENCES])
    else:
        has_counts = not draft[_COUNT] if draft.is_fixed(_COUNT) else draft.choice((False, True))
        has_plans = not draft["training_plan_arn"] and not draft.includes("training_plan_arn")
        draft.set(_PREFERENCES, _preferences(draft, has_counts=has_counts, has_plans=has_plans))
    if has_plans:
        draft.omit("training_plan_arn")
    draft.set(_COUNT, None if has_counts else draft.integer(1))


def _preferences(draft: Draft, *, has_counts: bool, has_plans: bool) -> tuple[Any, ...]:
    types = _types_with()
    size, first = draft.size_of(_PREFERENCES), draft.integer(0, len(types) - 1)
    fixed: dict[str, Any] = {} if has_plans else {"training_plan_arns": None}
    return tuple(
        draft.item(
            _PREFERENCES,
            fixed | {_TYPE: types[(first + number) % len(types)], _COUNT: draft.integer(0) if has_counts else None},
        )
        for number in range(size)
    )


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
        draft.set(_SIZE, draft.integer(1))


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
        draft.require("instance_configs")
        draft.omit(*of_one_type)
    else:
        draft.omit("instance_configs")
        _draw_storage(draft)
