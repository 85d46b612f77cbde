"""Arguments and options of several commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence


def choice(values: Sequence[str], name: str, text: str) -> object:
    """Create an option that takes one of several values.

    The help and the shell completion list the values, and the message for a misspelled value names the closest one. The
    messages of typer's own choices depend on its version.

    Args:
        values: the values that the option takes.
        name: the option, such as `--output`.
        text: the help text of the option.
    """

    def parse(value: str) -> str:
        from hptsdk._validation import closest, format_value

        if value in values:
            return value
        hint = closest(value, values)
        message = f"expected one of {', '.join(values)}, got {format_value(value)}{hint and f'; {hint}'}"
        raise typer.BadParameter(message)

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return typer.Option(name, parser=parse, metavar="|".join(values), autocompletion=complete, help=text)


_Format = Literal["text", "json"]
Output = Annotated[_Format, choice(get_args(_Format), "--output", "Format of the result.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the tuning job.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="JSON or YAML file; - for standard input.")]
