"""YAML read with bounds: a few lines with aliases can stand for more than a machine holds."""

# ruamel.yaml does not type its arguments.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode

from hptsdk._validation import shown

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["UnreadableYamlError", "data_of", "tree_of"]

# The largest valid request has far fewer values, and no more than a dozen levels.
_MOST, _DEEPEST = 200_000, 100

_TAG = "found an unknown tag; put text that begins with ! in quotes"

# What is said in place of messages that show the name of a tag or an alias, by the beginning of these messages.
_WITHOUT_NAMES = {
    "found undefined alias": "found an alias of nothing; put text that begins with * in quotes",
    "could not determine a constructor for the tag": _TAG,
    "found undefined tag handle": _TAG,
    "duplicate tag handle": "expected each tag handle once",
}


class UnreadableYamlError(Exception):
    """A text is no YAML, or stands for too much.

    Attributes:
        place: line and column, from 1.
    """

    def __init__(self, message: str, mark: Any) -> None:  # noqa: ANN401 - ruamel's own
        super().__init__(message)
        self.place = (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Composer(Composer):
    """Goes only so deep, as it calls itself for each level, and takes no structure for a name."""

    level = 0

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - the base class's own
        if self.level == _DEEPEST:
            mark = self.parser.peek_event().start_mark
            raise UnreadableYamlError(f"expected at most {_DEEPEST} levels, got more", mark)
        self.level += 1
        node = super().compose_node(parent, index)
        self.level -= 1
        is_name = index is None and isinstance(parent, MappingNode)
        if is_name and not isinstance(node, ScalarNode):
            raise UnreadableYamlError("expected a name, got a structure", node.start_mark)
        return node


class _Constructor(SafeConstructor):
    """Tells what is wrong without the value, which may be a secret; the base class lets any exception out, too."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:  # noqa: ANN401, FBT001 - the base class's own
        try:
            return super().construct_object(node, deep=deep)
        except Exception as error:
            tag = str(node.tag)
            if not isinstance(node, ScalarNode) or tag not in self.yaml_constructors:
                raise
            message = f"expected what !!{tag.rpartition(':')[2]} takes, got something else"
            raise UnreadableYamlError(message, node.start_mark) from error

    # the base class's own signature
    def check_mapping_key(self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any) -> bool:  # noqa: ANN401, ARG002
        if key in mapping:
            raise UnreadableYamlError(f"expected each name once, got {shown(key)} again", key_node.start_mark)
        return True


def _reader() -> Any:  # noqa: ANN401 - ruamel's own
    yaml = cast("Any", YAML(typ="safe", pure=True))
    yaml.Constructor = _Constructor
    yaml.Composer = _Composer
    # a name used anew is allowed, and no warning is to stand among the findings
    yaml.composer.warn_double_anchors = False
    return yaml


def tree_of(text: str) -> Any:  # noqa: ANN401 - ruamel's nodes
    """Read the nodes of a document, which know where they stand; None for an empty one.

    Raises:
        UnreadableYamlError: it is no YAML, or too much.
    """
    return _told(lambda: _bounded(_reader().compose(text)))


def data_of(tree: Any) -> object:  # noqa: ANN401 - ruamel's nodes
    """Make dicts, lists and values of nodes.

    Raises:
        UnreadableYamlError: a value is not what its tag says.
    """
    return None if tree is None else _told(lambda: _reader().constructor.construct_document(tree))


def _told(read: Callable[[], object]) -> Any:  # noqa: ANN401 - nodes or data
    try:
        return read()
    except MarkedYAMLError as error:
        marked = cast("Any", error)
        mark = marked.problem_mark or marked.context_mark
        raise UnreadableYamlError(f"it is no YAML: {_problem_text(marked)}", mark) from error
    except (YAMLError, ValueError) as error:
        raise UnreadableYamlError(f"it is no YAML: {' '.join(f'{error}'.split())}", None) from error


def _problem_text(error: Any) -> str:  # noqa: ANN401 - ruamel's own
    """Return what is wrong, without the names of tags and aliases: they may be the beginning of a secret."""
    problem = f"{error.problem or error.context}"
    return next((text for start, text in _WITHOUT_NAMES.items() if problem.startswith(start)), problem)


def _bounded(tree: Any) -> Any:  # noqa: ANN401 - ruamel's nodes
    """Give the tree back if what it stands for is of a sensible size, each alias counted as all that it names."""
    sizes: dict[int, int] = {}
    waiting = [] if tree is None else [(tree, False)]
    while waiting:
        node, has_parts = waiting.pop()
        if has_parts:
            sizes[id(node)] = 1 + sum(sizes[id(part)] for part in _parts(node))
            if sizes[id(node)] > _MOST:
                expected = f"expected at most {_MOST:,} values, aliases counted as what they stand for, got more"
                raise UnreadableYamlError(expected, node.start_mark)
        elif id(node) not in sizes:
            # until its parts are counted, a node is as good as endless: an alias within names the whole
            sizes[id(node)] = _MOST
            waiting.append((node, True))
            waiting += [(part, False) for part in _parts(node)]
    return tree


def _parts(node: Any) -> list[Any]:  # noqa: ANN401 - ruamel's nodes
    if not isinstance(node.value, list):
        return []
    values: list[Any] = node.value
    return [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
