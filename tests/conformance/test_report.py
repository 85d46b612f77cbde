"""The report of the comparison: the edits by file, as lines that can be pasted."""

import ast
import textwrap

import botocore
import model
import pytest
import sources
from model import SHAPES_AT, compare, report
from service_model import Model

CHANGED = '''\
botocore 1.99.0 is installed, the shapes are at 1.44.5: 4 differences.

── src/hptsdk/enums.py ───────────────────────────────────────────────────────────────────────────────────────

# Color: hptsdk lacks this structure
# → add
Shade = Literal["Dark", "Light"]

── src/hptsdk/instance_types.py ──────────────────────────────────────────────────────────────────────────────

# TrainingInstanceType: "ml.x9.large" is new
# → in TrainingInstanceType, add after "ml.r8i-flex.16xlarge"
        "ml.x9.large",

── src/hptsdk/scalars.py ─────────────────────────────────────────────────────────────────────────────────────

# KmsKeyId: maximum 4096, hptsdk has 2048
# → replace KmsKeyId
KmsKeyId = Annotated[str, Length(0, 4096), Pattern(r"[a-zA-Z0-9:/_-]*", "the id or ARN of a KMS key")]

── src/hptsdk/shapes/__init__.py ─────────────────────────────────────────────────────────────────────────────

# Color: hptsdk lacks this structure
# → list Color under 'compute' in _NAMES

# → add under TYPE_CHECKING
    from hptsdk.shapes.compute import Color as Color

── src/hptsdk/shapes/compute.py ──────────────────────────────────────────────────────────────────────────────

# → import
from datetime import datetime
from hptsdk.enums import Shade

# Color: hptsdk lacks this structure
# → add above InstancePlacementConfig; documented as: "A color."
@attrs.frozen(kw_only=True, eq=False, repr=False)
class Color(Shape):
    """…

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Color.html
    """

    shade: Shade
    """…"""
    since: datetime | None = None
    """…"""

# → in InstancePlacementConfig, add after placement_specifications
    color: Color | None = None
    """…"""

── src/hptsdk/shapes/training.py ─────────────────────────────────────────────────────────────────────────────

# VpcConfig.SecurityGroupIds: optional, hptsdk has it required
# → in VpcConfig, replace security_group_ids
    security_group_ids: VpcSecurityGroupIds | None = None

── at the end ────────────────────────────────────────────────────────────────────────────────────────────────

1. Write a docstring for each …, then `ruff check --fix` and `ruff format`.
2. Set SHAPES_AT = "1.99.0" in tests/conformance/model.py.
3. Update the lock files to that version: `python3 noxfile.py -s lock`.
4. Run `python3 noxfile.py -s model tests`, and correct the counts in tests/conformance/test_model.py.'''


@pytest.fixture
def changed(raw):
    shapes = raw["shapes"]
    shapes["KmsKeyId"]["max"] = 4096
    shapes["VpcConfig"]["required"] = ["Subnets"]
    shapes["TrainingInstanceType"]["enum"].append("ml.x9.large")
    shapes["Shade"] = {"type": "string", "enum": ["Dark", "Light"]}
    members = {"Shade": {"shape": "Shade"}, "Since": {"shape": "Timestamp"}}
    documentation = "<p>A <b>color</b>. Or none.</p>"
    shapes["Color"] = {"type": "structure", "required": ["Shade"], "members": members, "documentation": documentation}
    shapes["InstancePlacementConfig"]["members"]["Color"] = {"shape": "Color"}
    return raw


def test_a_report_lists_the_edits_by_file(changed):
    assert report(compare(Model(changed)), "1.99.0") == CHANGED.replace("1.44.5", SHAPES_AT)


def test_a_report_without_differences_is_one_line():
    assert report([], SHAPES_AT) == (
        f"botocore {SHAPES_AT} is installed, the shapes are at {SHAPES_AT}: no differences."
    )


def test_a_report_about_a_new_version_without_differences_has_the_steps_to_update_it():
    first, *_, version, lock = report([], "1.99.0").splitlines()
    assert first.endswith(": no differences.")
    assert version == '1. Set SHAPES_AT = "1.99.0" in tests/conformance/model.py.'
    assert lock == "2. Update the lock files to that version: `python3 noxfile.py -s lock`."


def test_every_edit_is_python(changed):
    for difference in compare(Model(changed)):
        for edit in difference.edits:
            ast.parse(textwrap.dedent(edit.code))


def test_a_type_that_hptsdk_does_not_have_is_a_comment(raw):
    raw["shapes"]["Blob"] = {"type": "blob"}
    raw["shapes"]["Tag"]["members"]["Image"] = {"shape": "Blob"}
    assert "# blob: hptsdk has no such type yet" in report(compare(Model(raw)), "1.99.0").splitlines()


def test_long_text_is_wrapped_and_many_values_are_counted(raw):
    raw["shapes"]["TrainingInstanceType"]["enum"] = ["ml.p2.xlarge"]
    lines = report(compare(Model(raw)), "1.99.0").splitlines()
    assert max(map(len, lines)) <= model.WIDTH
    known = len(sources.alias("TrainingInstanceType").known_values)
    assert f"# TrainingInstanceType: {known - 1} values are gone" in lines


@pytest.mark.parametrize(("longest", "code"), [(2048, 0), (4096, 1)])
def test_the_script_fails_if_there_are_differences(raw, monkeypatch, capsys, longest, code):
    raw["shapes"]["KmsKeyId"]["max"] = longest
    monkeypatch.setattr(model, "load", lambda: raw)
    assert model.main() == code
    assert capsys.readouterr().out.startswith(f"botocore {botocore.__version__} is installed")
