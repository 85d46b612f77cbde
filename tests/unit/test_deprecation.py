"""What is deprecated works as before and warns where it is used; nothing is as yet, so the examples are these."""

import inspect
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from botocore.loaders import Loader

from hptsdk import schema
from hptsdk._deprecation import OldName, deprecated, renamed_argument

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "stability.md"
MESSAGE = "hptsdk.doubled is deprecated since 0.3 and will be gone in 0.5; use hptsdk.times_two"


@deprecated(MESSAGE)
def doubled(number):
    """Double."""
    return 2 * number


class Oven:
    """An example."""

    @deprecated(MESSAGE)
    def heated(self, degrees):
        return f"{degrees} degrees"

    @property
    @deprecated(MESSAGE)
    def heat(self):
        return 180


@renamed_argument("heat", "degrees", MESSAGE)
def baked(*, degrees=180, hours=1):
    """Bake."""
    return degrees * hours


OLD = OldName("json", "loads", MESSAGE)


def warned(use):
    """Give what a use gave, and the single warning."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = use()
    [warning] = caught
    return found, warning


def line_of(function):
    return inspect.getsourcelines(function)[1]


# --- functions, methods, properties ---

USES = {
    "a function": (lambda: doubled(4), 8),
    "a method": (lambda: Oven().heated(200), "200 degrees"),
    "a property": (lambda: Oven().heat, 180),
    "an argument": (lambda: baked(heat=200, hours=2), 400),
}


@pytest.mark.parametrize(("use", "expected"), USES.values(), ids=USES)
def test_it_works_as_before(use, expected):
    assert warned(use)[0] == expected


@pytest.mark.parametrize("use", [use for use, _ in USES.values()], ids=USES)
def test_it_warns_with_the_message(use):
    warning = warned(use)[1]
    assert (warning.category, str(warning.message)) == (DeprecationWarning, MESSAGE)


@pytest.mark.parametrize("use", [use for use, _ in USES.values()], ids=USES)
def test_it_warns_at_the_line_that_uses_it(use):
    warning = warned(use)[1]
    assert (warning.filename, warning.lineno) == (__file__, line_of(use))


def test_it_keeps_its_name_and_docstring():
    assert (doubled.__name__, doubled.__doc__) == ("doubled", "Double.")


def test_it_keeps_its_signature():
    assert list(inspect.signature(doubled).parameters) == ["number"]


def test_tools_that_read_it_at_run_time_see_the_message():
    assert doubled.__deprecated__ == MESSAGE


# --- arguments ---


def test_the_new_name_of_an_argument_does_not_warn():
    assert baked(degrees=200) == 200


def test_an_argument_that_is_left_out_does_not_warn():
    assert baked() == 180


def test_both_names_of_an_argument_are_refused():
    with pytest.raises(TypeError, match=r"baked\(\) got 'degrees' and 'heat', its old name; leave 'heat' out"):
        baked(heat=1, degrees=2)


# --- names of modules ---

CODE = f"""
import hptsdk._deprecation
OLD = hptsdk._deprecation.OldName("json", "loads", {MESSAGE!r})
def __getattr__(name):
    if name == "read":
        return OLD.found()
    raise AttributeError(name)
"""


@pytest.mark.parametrize(
    ("code", "line"), [("import kitchen\n\nkitchen.read", 3), ("\nfrom kitchen import read", 2)], ids=["name", "import"]
)
def test_an_old_name_warns_at_the_line_that_uses_it(tmp_path, code, line):
    (tmp_path / "kitchen.py").write_text(CODE)
    (tmp_path / "program.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-W", "default", "program.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[0] == f"{tmp_path / 'program.py'}:{line}: DeprecationWarning: {MESSAGE}"


def test_an_old_name_gives_the_thing_under_its_new_one():
    found, _ = warned(OLD.found)
    assert found("[1]") == [1]


# --- the words ---


@pytest.mark.parametrize(
    "make",
    [deprecated, lambda text: renamed_argument("a", "b", text), lambda text: OldName("json", "loads", text).found()],
    ids=["function", "argument", "name"],
)
def test_a_message_begins_with_the_full_name(make):
    with pytest.raises(ValueError, match="begins with the full name of what is deprecated, got 'doubled is old'"):
        make("doubled is old")


@pytest.mark.long
@pytest.mark.parametrize(
    ("message", "outcome"),
    [(MESSAGE, {"failed": 1}), ("json.old is deprecated", {"passed": 1})],
    ids=["ours", "another"],
)
def test_the_settings_on_the_page_make_our_warnings_errors(pytester, monkeypatch, message, outcome):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    [settings] = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    pytester.makepyprojecttoml(settings)
    pytester.makepyfile(f"import warnings\ndef test_it(): warnings.warn({message!r}, DeprecationWarning)")
    pytester.runpytest_subprocess().assert_outcomes(**outcome, warnings=outcome.get("passed", 0))


@pytest.mark.parametrize(("message", "code"), [(MESSAGE, 1), ("json.old is deprecated", 0)], ids=["ours", "another"])
def test_the_option_on_the_page_makes_our_warnings_errors(message, code):
    [option] = re.findall(r'`python -W "(.*?)"`', PAGE.read_text())
    command = [sys.executable, "-W", option, "-c", f"import warnings; warnings.warn({message!r}, DeprecationWarning)"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == code  # noqa: S603 - ours


# --- what AWS deprecates ---


def test_aws_deprecates_no_member_of_our_structures():
    """Once it does, `advise` has to tell of it, as the stability page says."""
    shapes = Loader().load_service_model("sagemaker", "service-2")["shapes"]
    found = {
        f"{cls.__name__}.{name}"
        for cls in schema.all_shapes()
        for name, member in shapes.get(cls.__name__, {}).get("members", {}).items()
        if member.get("deprecated") or shapes[member["shape"]].get("deprecated")
    }
    assert found == set()
