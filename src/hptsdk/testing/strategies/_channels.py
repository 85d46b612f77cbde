"""Draw functions for channels and data sources: one data source, and an input mode that can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.testing.strategies._draft import draws
from hptsdk.testing.strategies._profile import AUGMENTED_MANIFESTS, SOURCES
from hptsdk.testing.strategies._shares import Shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.shapes import Channel, DataSource
    from hptsdk.testing.strategies._draft import Draft

_MODES = ("File", "FastFile", "Pipe")
_AUGMENTED_MANIFEST = "AugmentedManifestFile"
_FILE_SYSTEM = "file_system_data_source"
_NOT_IN_SOURCE = dict.fromkeys(
    (
        "s3_data_distribution_type",
        "attribute_names",
        "instance_group_names",
        "model_access_config",
        "hub_access_config",
    )
)
_SOURCE_SHARES = Shares.of({index: share for index, (share, _, _) in enumerate(SOURCES)})
_NO_MEMBERS: Mapping[str, str] = {}
_SOURCES = ("s3_data_source", _FILE_SYSTEM, "dataset_source")


@draws("ModelAccessConfig")
def model_access(draft: Draft) -> None:
    """Accept the license, which the service requires."""
    draft.set("accept_eula", value=True)


@draws("S3DataSource")
def s3_data_source(draft: Draft) -> None:
    """Draw a data type that the input mode can read."""
    if not draft.extreme:
        _draw_plausible_type(draft)
    types = ("S3Prefix", "ManifestFile", "Converse", _AUGMENTED_MANIFEST)
    draft.choose("s3_data_type", types if draft.context.input_mode in {None, "Pipe"} else types[:-1], always=True)


def _draw_plausible_type(draft: Draft) -> None:
    """Draw an augmented manifest file mostly for the input mode Pipe, with the names of its attributes."""
    name, attributes = "s3_data_type", "attribute_names"
    if draft.is_unset(name) and draft.context.input_mode == "Pipe" and draft.chance(AUGMENTED_MANIFESTS):
        draft.set(name, _AUGMENTED_MANIFEST)
    if draft[name] == _AUGMENTED_MANIFEST:
        draft.require(attributes)


@draws("DataSource")
def data_source(draft: Draft) -> None:
    """Draw exactly one data source."""
    if all(draft[name] is None for name in _SOURCES):
        unset = [name for name in _SOURCES if draft.is_unset(name)]
        included = [name for name in _SOURCES if draft.includes(name)]
        allowed = [name for name in included or unset if name != _FILE_SYSTEM or draft.context.allows_file_system]
        others = [name for name in unset if name != _FILE_SYSTEM]
        if not draft.extreme and (others or allowed):
            _draw_plausible_source(draft, unset)
        elif included and allowed:
            draft.require(draft.choice(allowed))
        elif others or allowed:
            draft.require((others or allowed)[0])
    draft.omit(*_SOURCES)


def _draw_plausible_source(draft: Draft, unset: Sequence[str]) -> None:
    """Draw a data source and its type, a file system only if the channel can mount it."""
    is_streamed = draft.context.input_mode in _MODES[1:]
    allowed = [
        index
        for index, (_, source, _) in enumerate(SOURCES)
        if source in unset and (source != _FILE_SYSTEM or (draft.context.allows_file_system and not is_streamed))
    ]
    name, members = unset[0], _NO_MEMBERS
    if allowed:
        chosen: int = draft.weighted(_SOURCE_SHARES, allowed)
        _, name, members = SOURCES[chosen]
    # the type for the input mode Pipe depends on more
    decided = members if draft.context.input_mode != "Pipe" else _NO_MEMBERS
    draft.require(name, {**_NOT_IN_SOURCE, **decided} if decided else {})


@draws("Channel")
def channel(draft: Draft) -> None:
    """Draw the input mode, then the members that depend on it."""
    algorithm_mode = draft.context.input_mode
    if not draft.extreme:
        _draw_plausible_mode(draft)
    modes = _modes_of(draft["data_source"], draft["compression_type"], draft["record_wrapper_type"])
    draft.choose("input_mode", modes, always=algorithm_mode is not None and algorithm_mode not in modes)
    mode = draft["input_mode"] or algorithm_mode
    draft.choose("compression_type", ("None",) if mode == "File" else ("None", "Gzip"))
    draft.choose("record_wrapper_type", ("None",) if mode == "File" else ("None", "RecordIO"))
    draft.require("data_source", input_mode=mode)


def _draw_plausible_mode(draft: Draft) -> None:
    """Draw a mode that streams the data for a channel with a compression or a record wrapper."""
    mode = draft["input_mode"] or draft.context.input_mode
    if mode == "File" and (draft.includes("compression_type") or draft.includes("record_wrapper_type")):
        source = draft["data_source"]
        if draft.is_unset("input_mode") and (source is None or source.file_system_data_source is None):
            draft.set("input_mode", draft.choice(_MODES[1:]))


def _modes_of(source: DataSource | None, compression: str | None, wrapper: str | None) -> tuple[str, ...]:
    """Return the input modes that can read a channel with these members."""
    s3_source = source.s3_data_source if source is not None else None
    if s3_source is not None and s3_source.s3_data_type == _AUGMENTED_MANIFEST:
        return ("Pipe",)
    return _MODES[1:] if compression == "Gzip" or wrapper == "RecordIO" else _MODES


def common_modes(channels: Sequence[Channel]) -> tuple[str, ...]:
    """Return the input modes that an algorithm can have with these channels."""
    by_channel = [
        _modes_of(channel.data_source, channel.compression_type, channel.record_wrapper_type)
        for channel in channels
        if channel.input_mode is None
    ]
    return tuple(mode for mode in _MODES if all(mode in modes for modes in by_channel))


def read_file_system(channels: Sequence[Channel]) -> bool:
    """Check whether one of the channels reads a file system."""
    return any(channel.data_source.file_system_data_source is not None for channel in channels)
