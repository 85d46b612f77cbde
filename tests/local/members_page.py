"""The page of the documentation that says what the local service does with each member of a request."""

from pathlib import Path

from hptsdk.local.http._request_members import treatments

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "local-members.md"

HEAD = """# Members of a request in the local service

Every member of a CreateHyperParameterTuningJob request is **honoured**, **recorded** (kept and given back by Describe,
without an effect here) or **refused** with a ValidationException. This page is made by `nox -s rules`.

"""


def page() -> str:
    """Make it."""
    found = treatments()
    kinds = [treatment.kind for treatment in found.values()]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("honoured", "recorded", "refused"))
    lines = [
        f"{len(found)} members: {counts}.",
        "",
        "| structure | member | what becomes of it |",
        "| --- | --- | --- |",
    ]
    for name, treatment in sorted(found.items()):
        structure, _, member = name.partition(".")
        note = f": {treatment.note}" if treatment.note else ""
        lines.append(f"| {structure} | {member} | {treatment.kind}{note} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
