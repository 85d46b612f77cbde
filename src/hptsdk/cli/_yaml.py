"""Reading YAML with ruamel.yaml, whose arguments have no types."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from typing_extensions import override

from hptsdk._validation import format_value
from hptsdk.cli._output import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk.cli._output import Position

# The largest valid request has far fewer values, and at most a dozen levels. A few lines with aliases can expand to
# more values than fit into memory.
_MAX_VALUES, _MAX_LEVELS = 200_000, 100

_UNKNOWN_TAG = "unknown tag; put text that begins with ! in quotes"

# Replacements for messages that contain the name of a tag or an alias, which may be a secret. A key is the beginning of
# the replaced message.
_MESSAGES_WITHOUT_NAMES = {
    "found undefined alias": "undefined alias; put text that begins with * in quotes",
    "could not determine a constructor for the tag": _UNKNOWN_TAG,
    "found undefined tag handle": _UNKNOWN_TAG,
    "duplicate tag handle": "expected each tag handle once",
}


class Node(Protocol):
    """A mapping, a list or a scalar of a YAML document, with its position."""

    start_mark: Any


class _Composer(Composer):
    """A composer that accepts only scalars as keys, and limits the levels, because each is a recursive call."""

    level = 0

    @override
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.level == _MAX_LEVELS:
            position = position_of(self.parser.peek_event())
            raise UnreadableError(f"expected at most {_MAX_LEVELS} levels, got more", position)
        self.level += 1
        node = super().compose_node(parent, index)
        self.level -= 1
        is_key = index is None and isinstance(parent, MappingNode)
        if is_key and not isinstance(node, ScalarNode):
            raise UnreadableError("expected the name of a member, got a structure", position_of(node))
        return node


class _Constructor(SafeConstructor):
    """A constructor whose errors do not show values, which may be secrets."""

    @override
    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except Exception as error:
            tag = str(node.tag)
            if not isinstance(node, ScalarNode) or tag not in self.yaml_constructors:
                raise
            message = f"expected a value of !!{tag.rpartition(':')[2]}, got another type"
            raise UnreadableError(message, position_of(node)) from error

    @override
    def check_mapping_key(self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any) -> bool:
        if key in mapping:
            raise UnreadableError(f"expected each name once, got {format_value(key)} again", position_of(key_node))
        return True


def _reader() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    yaml.Composer = _Composer
    # YAML allows the same anchor twice, and a warning would be printed among the findings
    yaml.composer.warn_double_anchors = False
    return yaml


def compose(text: str) -> Node | None:
    """Parse the nodes of a document; None for an empty document.

    Raises:
        UnreadableError: the text is not YAML, has too many levels or values, or a key that is a structure.
    """
    try:
        node: Node | None = _reader().compose(text)
    except (YAMLError, ValueError) as error:
        raise _unreadable(error) from error
    if node is not None:
        _check_size(node)
    return node


def construct(node: Node | None) -> object:
    """Return the dicts, lists and values of nodes.

    Raises:
        UnreadableError: a tag or a value is not valid, or a name is repeated.
    """
    if node is None:
        return None
    try:
        data: object = _reader().constructor.construct_document(node)
    except (YAMLError, ValueError) as error:
        raise _unreadable(error) from error
    return data


def _unreadable(error: Exception) -> UnreadableError:
    """Return the error without the names of tags and aliases: they may be the beginning of a secret."""
    if not isinstance(error, MarkedYAMLError):
        return UnreadableError(f"invalid YAML: {' '.join(f'{error}'.split())}")
    marked: Any = error
    problem = f"{marked.problem or marked.context}"
    replaced = (message for start, message in _MESSAGES_WITHOUT_NAMES.items() if problem.startswith(start))
    return UnreadableError(
        f"invalid YAML: {next(replaced, problem)}", _position_of_mark(marked.problem_mark or marked.context_mark)
    )


def _check_size(root: Node) -> None:
    """Raise an error if a document expands to too many values; each alias counts as the values to which it resolves."""
    sizes: dict[int, int] = {}
    stack = [(root, False)]
    while stack:
        node, has_sizes_of_parts = stack.pop()
        if has_sizes_of_parts:
            sizes[id(node)] = 1 + sum(sizes[id(part)] for part in _parts(node))
            if sizes[id(node)] > _MAX_VALUES:
                expected = f"expected at most {_MAX_VALUES:,} values after aliases are resolved, got more"
                raise UnreadableError(expected, position_of(node))
        elif id(node) not in sizes:
            # until its parts are counted, a node counts as too large, in case an alias in it refers to the node itself
            sizes[id(node)] = _MAX_VALUES
            stack.append((node, True))
            stack += [(part, False) for part in _parts(node)]


def _parts(node: Node) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from (key, value)
    else:
        yield from items(node)


def members(node: Node | None) -> dict[str, tuple[Node, Position]]:
    """Return the members of a mapping by name, each with the position of its name. The last one of a name is used."""
    return {key.value: (value, position_of(key)) for key, value in node.value} if isinstance(node, MappingNode) else {}


def items(node: Node | None) -> list[Node]:
    """Return the items of a list."""
    return node.value if isinstance(node, SequenceNode) else []


def position_of(node: Node | None) -> Position:
    """Return the position of the first character of a node; the beginning of the file for None."""
    return _position_of_mark(node and node.start_mark)


def _position_of_mark(mark: Any) -> Position:  # noqa: ANN401 - of ruamel.yaml
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
