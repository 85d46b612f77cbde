"""Finds what a short name in a docstring or a signature means, such as `Violation.rule` or `SortOrder`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.domains.python import PythonDomain
    from sphinx.environment import BuildEnvironment

__all__ = ["matching", "resolve_short_name"]

# What comes first where a name has several homes.
_HOMES = ("hptsdk.shapes.", "hptsdk.errors.", "hptsdk.enums.", "hptsdk.testing.strategies.", "hptsdk.")


def matching(name: str, known: list[str]) -> str | None:
    """Give the full name that ends in a short one, or None; the public home comes first."""
    found = [full for full in known if full == name or full.endswith(f".{name}")]
    if not found and name.startswith("hptsdk."):
        # named by a shorter way than the one that is documented, as hptsdk.waived
        return matching(name.removeprefix("hptsdk."), known)
    homes = [next((place for place, home in enumerate(_HOMES) if full.startswith(home)), 99) for full in found]
    return min(zip(homes, found, strict=True), default=(0, None))[1]


def resolve_short_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: Element) -> Element | None:
    """Link a name that Sphinx did not find, where it ends the full name of something public."""
    if node.get("refdomain") != "py" or app.builder is None:
        return None
    domain = cast("PythonDomain", env.get_domain("py"))
    target = str(node["reftarget"]).removeprefix("~")
    # a lower-case word such as `name` is an argument far more often than anybody's attribute
    if "." not in target and not target[:1].isupper():
        return None
    full = matching(target, list(domain.objects))
    if full is None:
        return None
    kind = domain.objects[full].objtype
    roles = domain.object_types[kind].roles
    return domain.resolve_xref(env, node["refdoc"], app.builder, roles[0], full, node, contnode)
