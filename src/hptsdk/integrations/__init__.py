"""Integrations with other tools, each of which needs an extra."""
