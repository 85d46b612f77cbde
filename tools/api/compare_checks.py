"""The comparison of public APIs, with small repositories; and whether griffe reads the public API of hptsdk correctly.

The session `api` runs this file, because only its environment contains griffe.
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
def find(name, *, strict=False): ...
def keep(): ...
class Thing:
    size: int = 0
    def grow(self, by): ...
'''


@pytest.fixture
def repository(tmp_path):
    """A function that creates a repository with a release, then replaces the source and adds notes."""
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


def test_without_a_release_there_is_no_comparison(repository):
    assert compare.compare(repository("", tag=None)) == ([], "no release to compare with")


def test_another_tag_is_not_a_release(repository):
    assert compare.compare(repository("", tag="nightly")) == ([], "no release to compare with")


def test_an_unchanged_api_has_no_breakage(repository):
    assert compare.compare(repository(BEFORE)) == ([], "against v1.0: 0 breakages, 0 announced")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def keep(): ...", "def keep(*, more=1): ...\ndef added(): ..."),
        ("strict=False", "strict=False, more=1"),
        ("size: int = 0", "size: int = 0\n    weight: int = 0"),
    ],
)
def test_additions_are_not_breakages(repository, old, new):
    assert compare.compare(repository(BEFORE.replace(old, new)))[0] == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("def keep(): ...", "", "keep"),
        ("def keep(): ...", "def keep(needed): ...", "keep(needed)"),
        ("def find(name, *, strict=False)", "def find(title, *, strict=False)", "find(name)"),
        ("*, strict=False", "*", "find(strict)"),
        ("strict=False", "strict=True", "find(strict)"),
        ("    size: int = 0", "", "Thing.size"),
        ("by", "much", "Thing.grow(by)"),
    ],
)
def test_removed_and_renamed_parts_are_breakages(repository, old, new, expected):
    lines, _ = compare.compare(repository(BEFORE.replace(old, new).replace("(*):", "():").replace(", *)", ")")))
    assert [line for line in lines if expected in line] != []


def test_an_announced_removal_is_counted(repository):
    changed = repository(BEFORE.replace("def keep(): ...", ""), keep="`keep`: use `find` instead.")
    assert compare.compare(changed) == ([], "against v1.0: 1 breakages, 1 announced")


def test_a_note_announces_only_what_it_names(repository):
    changed = repository(BEFORE.replace("def keep(): ...", ""), other="`Thing.keep`")
    assert len(compare.compare(changed)[0]) == 1


@pytest.mark.parametrize("name", ["grow", "Thing.grow", "hptsdk.Thing.grow", "Thing"])
def test_a_note_names_an_object_by_any_end_of_its_path_or_by_its_class(name):
    assert compare.is_announced("hptsdk.Thing.grow", [name])


@pytest.fixture(scope="module")
def static():
    """Load the package with griffe."""
    return griffe.load("hptsdk", search_paths=[str(compare.ROOT / "src")], resolve_aliases=True)


FUNCTIONS = [pytest.param(part.name, part.value, id=part.name) for part in PARTS if inspect.isfunction(part.value)]


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_griffe_reads_the_actual_parameters(static, name, function):
    seen = static[name.removeprefix("hptsdk.")]
    assert [parameter.name for parameter in seen.parameters] == list(inspect.signature(function).parameters)


EXPORTS = [
    pytest.param(name, id=f"hptsdk.{name}".rstrip(".")) for name in ("", "builder", "client", "errors", "shapes")
]


@pytest.mark.parametrize("name", EXPORTS)
def test_griffe_regards_exported_names_as_public(static, name):
    module = importlib.import_module(f"hptsdk.{name}".rstrip("."))
    seen = static[name] if name else static
    exports = {name: seen[name] for name in module.__all__}
    hidden = [
        n for n, each in exports.items() if not (each.is_public or (each.is_alias and each.final_target.is_public))
    ]
    assert hidden == []
