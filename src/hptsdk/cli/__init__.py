"""The command line."""

from hptsdk.cli._main import main

__all__ = ["main"]
