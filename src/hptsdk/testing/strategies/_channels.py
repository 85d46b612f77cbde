"""Drawers of channels and data sources: one place of the data, in an input mode that can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.testing.strategies._draft import drawer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk.shapes import Channel, DataSource
    from hptsdk.testing.strategies._draft import Drawing

_MODES = ("File", "FastFile", "Pipe")
_AUGMENTED = "AugmentedManifestFile"
_PLACES = ("s3_data_source", "file_system_data_source", "dataset_source")


@drawer("ModelAccessConfig")
def model_access(drawing: Drawing) -> None:
    """Accept the licence."""
    drawing.put("accept_eula", value=True)


@drawer("S3DataSource")
def s3_data_source(drawing: Drawing) -> None:
    """Draw a type of data that the input mode can read."""
    kinds = ("S3Prefix", "ManifestFile", "Converse", _AUGMENTED)
    drawing.pick("s3_data_type", kinds if drawing.setting.mode in {None, "Pipe"} else kinds[:-1], always=True)


@drawer("DataSource")
def data_source(drawing: Drawing) -> None:
    """Draw one place."""
    given = [name for name in _PLACES if drawing[name] is not None]
    if not given:
        wanted = [name for name in _PLACES if drawing.wants(name)]
        free = [name for name in wanted or _PLACES if drawing.is_open(name)]
        reached = [name for name in free if name != "file_system_data_source" or drawing.setting.mounts]
        others = [name for name in _PLACES if drawing.is_open(name) and name != "file_system_data_source"]
        if reached or others:
            drawing.need(drawing.choice(reached) if wanted and reached else (others or reached)[0])
    drawing.leave_out(*_PLACES)


@drawer("Channel")
def channel(drawing: Drawing) -> None:
    """Draw the input mode first, then what it allows."""
    drawing.pick("input_mode", _modes(drawing), always=_must_say(drawing))
    mode = drawing["input_mode"] or drawing.setting.mode
    in_files = mode == "File"
    drawing.pick("compression_type", ("None",) if in_files else ("None", "Gzip"))
    drawing.pick("record_wrapper_type", ("None",) if in_files else ("None", "RecordIO"))
    drawing.need("data_source", mode=mode)


def _modes(drawing: Drawing) -> tuple[str, ...]:
    """Give the input modes that go with what is given."""
    return _modes_of(drawing["data_source"], drawing["compression_type"], drawing["record_wrapper_type"])


def _modes_of(source: DataSource | None, compression: str | None, wrapper: str | None) -> tuple[str, ...]:
    if source is not None and source.s3_data_source is not None and source.s3_data_source.s3_data_type == _AUGMENTED:
        return ("Pipe",)
    streams = compression == "Gzip" or wrapper == "RecordIO"
    return _MODES[1:] if streams else _MODES


def common_modes(channels: Sequence[Channel]) -> tuple[str, ...]:
    """Give the input modes that an algorithm can have with these channels."""
    modes = [
        _modes_of(item.data_source, item.compression_type, item.record_wrapper_type)
        for item in channels
        if item.input_mode is None
    ]
    return tuple(mode for mode in _MODES if all(mode in found for found in modes))


def _must_say(drawing: Drawing) -> bool:
    """Tell whether the mode of the algorithm does not go with what is given."""
    return drawing.setting.mode is not None and drawing.setting.mode not in _modes(drawing)


def are_mounted(channels: Sequence[Channel]) -> bool:
    """Tell whether one of the channels reads a file system."""
    return any(_is_mounted(item.data_source) for item in channels)


def _is_mounted(source: DataSource) -> bool:
    return source.file_system_data_source is not None
