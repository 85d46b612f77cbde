"""The first instances of a class are made by attrs' own constructor, later ones by a faster one: nobody can tell."""

import inspect
import subprocess
import sys

import pytest

from hptsdk import schema
from hptsdk._validation._compiled import made_constructor
from hptsdk.errors import InvalidShapeError

REQUESTS = [cls for cls in schema.all_shapes() if not schema.of(cls).is_response]

COMPARE = """
import inspect
from hptsdk import errors, shapes

told = []
for _ in range(4):
    shapes.Tag(key="a", value="b")
    shown = [str(inspect.signature(shapes.Tag)), shapes.Tag.__init__.__qualname__]
    for arguments in ({"key": "a"}, {"key": "a", "value": "b", "colour": "c"}, {"key": 1, "value": "x" * 300}):
        try:
            shapes.Tag(**arguments)
        except (TypeError, errors.InvalidShapeError) as error:
            shown.append(f"{type(error).__name__}: {error}")
    told.append(shown)
assert all(shown == told[0] for shown in told), told
assert shapes.Tag.__init__.__code__.co_filename == "<hptsdk init_Tag>"
"""


def test_signature_and_errors_stay_the_same():
    subprocess.run([sys.executable, "-c", COMPARE], check=True)  # noqa: S603 - this Python


@pytest.mark.parametrize("cls", REQUESTS, ids=lambda cls: cls.__name__)
def test_arguments_are_the_members(cls):
    parameters = list(inspect.signature(made_constructor(cls)).parameters)
    assert parameters == ["self", *(member.attribute for member in schema.of(cls).members)]


def test_members_named_as_everyday_variables_do_not_mix(valid):
    from hptsdk import shapes  # beside its only use

    for _ in range(4):
        tag = shapes.Tag(key="a", value="b")
        assert (tag.key, tag.value) == ("a", "b")
    for _ in range(4):
        with pytest.raises(InvalidShapeError):
            valid(shapes.Tag, key="")
