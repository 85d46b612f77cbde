"""Bridges to other tools, each of which needs an extra."""
