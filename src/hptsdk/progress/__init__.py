"""The progress of a tuning job: its status as text, and as a bar in a terminal or a notebook."""

from hptsdk.progress._display import Display as Display, display_of as display_of
from hptsdk.progress._status import (
    Standing as Standing,
    elapsed as elapsed,
    printable as printable,
    sentence as sentence,
    standing_of as standing_of,
)

__all__: list[str] = []
