"""The commands, by subject: the `app` of each module of this package has some of them."""

from importlib import import_module
from pkgutil import iter_modules

import typer

__all__ = ["add_commands"]


def add_commands(app: typer.Typer) -> None:
    """Add the commands of all modules of this package."""
    for module in iter_modules(__path__):
        app.add_typer(import_module(f"{__name__}.{module.name}").app)
