"""Placeholders of templates that no value has replaced, such as `<ACCOUNT_ID>` or `${Region}`."""

from __future__ import annotations

import re

__all__ = ["placeholder_hint", "placeholder_in"]

_PLACEHOLDER = (
    r"<[^<>\s][^<>]{0,80}>"  # <ACCOUNT_ID>
    r"|\{\{[^{}]{0,80}\}\}|\{%[^{}%]{0,80}%\}"  # {{ account }}
    r"|\$\{[^{}]{0,80}\}"  # ${AccountId}
    r"|\{(?:[A-Za-z_][\w.]{0,80})?\}"  # {account}
    r"|(?<![^\s])\$\$?\.[A-Za-z_][\w.\[\]]{0,80}"  # $.account
)


def placeholder_in(text: str) -> str:
    """Return the first placeholder in a text; empty text if there is none.

    Args:
        text: any text. Free text may hold the same characters, so use it only for a text that is invalid.

    Example:
        >>> placeholder_in("arn:aws:iam::<ACCOUNT_ID>:role/SageMakerRole")
        '<ACCOUNT_ID>'
    """
    match = re.search(_PLACEHOLDER, text, re.ASCII)
    return match[0] if match else ""


def placeholder_hint(text: str) -> str:
    """Return a hint to replace the placeholder in a text; empty text if there is none."""
    from hptsdk._validation._formatting import shown

    placeholder = placeholder_in(text)
    return f"replace the placeholder {shown(placeholder)} with its value" if placeholder else ""
