"""Links for short names in docstrings and signatures, such as `Violation.rule` or `SortOrder`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["matching", "resolve_short_name"]

# The order of preference if several full names end in a short one.
_MODULES = ("hptsdk.shapes.", "hptsdk.errors.", "hptsdk.enums.", "hptsdk.testing.strategies.", "hptsdk.")


def matching(name: str, known: list[str]) -> str | None:
    """Return the full name that ends in a short one, from the preferred module; None if there is none."""
    matches = [full for full in known if full == name or full.endswith(f".{name}")]
    if not matches and name.startswith("hptsdk."):
        # a public name that is documented under a longer path, such as hptsdk.waived
        return matching(name.removeprefix("hptsdk."), known)
    ranks = [next((rank for rank, module in enumerate(_MODULES) if full.startswith(module)), 99) for full in matches]
    return min(zip(ranks, matches, strict=True), default=(0, None))[1]


def resolve_short_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: Element) -> Element | None:
    """Return a link for a name that Sphinx did not resolve, if it is the end of a public name."""
    if node.get("refdomain") != "py" or app.builder is None:
        return None
    domain = env.domains.python_domain
    target = str(node["reftarget"]).removeprefix("~")
    # a lower-case word such as `name` is usually an argument, not an attribute
    if "." not in target and not target[:1].isupper():
        return None
    full = matching(target, list(domain.objects))
    if full is None:
        return None
    kind = domain.objects[full].objtype
    roles = domain.object_types[kind].roles
    return domain.resolve_xref(env, node["refdoc"], app.builder, roles[0], full, node, contnode)
