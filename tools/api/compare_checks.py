"""What `nox -s api` finds, on small repositories; and that griffe sees of ours what runs.

The session runs this file: griffe is in its environment only.
"""

import importlib
import inspect
import subprocess

import compare
import griffe
import pytest
from surface import PARTS

BEFORE = '''
"""A package."""
def found(name, *, strict=False): ...
def kept(): ...
class Thing:
    size: int = 0
    def grow(self, by): ...
'''


@pytest.fixture
def repository(tmp_path):
    """Make a repository with a release: `repository(source, **notes)` then gives it another source, and notes."""
    package = tmp_path / "src" / "hptsdk"
    package.mkdir(parents=True)
    (tmp_path / "changelog.d").mkdir()

    def git(*arguments):
        names = ["-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *names, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def changed(source, *, tag="v1.0", **notes):
        (package / "__init__.py").write_text(BEFORE)
        git("init", "-q")
        git("add", "-A")
        git("commit", "-qm", "a release")
        if tag:
            git("tag", tag)
        (package / "__init__.py").write_text(source)
        for name, text in notes.items():
            (tmp_path / "changelog.d" / f"{name}.removed.md").write_text(text)
        return tmp_path

    return changed


def test_where_nothing_was_released_there_is_nothing_to_compare_with(repository):
    assert compare.compared(repository("", tag=None)) == ([], "no release yet: nothing to compare with")


def test_another_tag_is_no_release(repository):
    assert compare.compared(repository("", tag="nightly")) == ([], "no release yet: nothing to compare with")


def test_what_is_as_it_was_breaks_nothing(repository):
    assert compare.compared(repository(BEFORE)) == ([], "against v1.0: 0 breakages, 0 of them announced")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def kept(): ...", "def kept(*, more=1): ...\ndef added(): ..."),
        ("strict=False", "strict=False, more=1"),
        ("size: int = 0", "size: int = 0\n    weight: int = 0"),
    ],
)
def test_what_only_grows_breaks_nothing(repository, old, new):
    assert compare.compared(repository(BEFORE.replace(old, new)))[0] == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("def kept(): ...", "", "kept"),
        ("def kept(): ...", "def kept(needed): ...", "kept(needed)"),
        ("def found(name, *, strict=False)", "def found(title, *, strict=False)", "found(name)"),
        ("*, strict=False", "*", "found(strict)"),
        ("strict=False", "strict=True", "found(strict)"),
        ("    size: int = 0", "", "Thing.size"),
        ("by", "much", "Thing.grow(by)"),
    ],
)
def test_what_is_removed_or_called_otherwise_is_found(repository, old, new, told):
    wrong, _ = compare.compared(repository(BEFORE.replace(old, new).replace("(*):", "():").replace(", *)", ")")))
    assert [line for line in wrong if told in line] != []


def test_a_removal_that_is_announced_is_counted_and_no_fault(repository):
    changed = repository(BEFORE.replace("def kept(): ...", ""), kept="`kept`: use `found` in its place.")
    assert compare.compared(changed) == ([], "against v1.0: 1 breakages, 1 of them announced")


def test_a_note_on_one_thing_excuses_no_other(repository):
    changed = repository(BEFORE.replace("def kept(): ...", ""), other="`Thing.kept`")
    assert len(compare.compared(changed)[0]) == 1


@pytest.mark.parametrize("name", ["grow", "Thing.grow", "hptsdk.Thing.grow", "Thing"])
def test_a_note_names_a_thing_by_any_end_of_its_path_or_its_class(name):
    assert compare.is_announced("hptsdk.Thing.grow", [name])


@pytest.fixture(scope="module")
def static():
    """Load the package as griffe reads it."""
    return griffe.load("hptsdk", search_paths=[str(compare.ROOT / "src")], resolve_aliases=True)


FUNCTIONS = [pytest.param(part.name, part.found, id=part.name) for part in PARTS if inspect.isfunction(part.found)]


@pytest.mark.parametrize(("name", "found"), FUNCTIONS)
def test_griffe_sees_the_parameters_that_run(static, name, found):
    seen = static[name.removeprefix("hptsdk.")]
    assert [parameter.name for parameter in seen.parameters] == list(inspect.signature(found).parameters)


EXPORTS = [
    pytest.param(name, id=f"hptsdk.{name}".rstrip(".")) for name in ("", "builder", "client", "errors", "shapes")
]


@pytest.mark.parametrize("name", EXPORTS)
def test_griffe_takes_what_is_exported_for_public_there_or_where_it_is_defined(static, name):
    module = importlib.import_module(f"hptsdk.{name}".rstrip("."))
    seen = static[name] if name else static
    found = {name: seen[name] for name in module.__all__}
    hidden = [n for n, each in found.items() if not (each.is_public or (each.is_alias and each.final_target.is_public))]
    assert hidden == []
