"""What the installed botocore knows of an operation, and which members of hptsdk it is too old to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from hptsdk import errors, shapes
from hptsdk._validation import TypeInfo, members_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation import Shape

__all__ = ["InstalledOperation", "UnknownMembers"]


class InstalledOperation:
    """An operation as the installed botocore knows it.

    Args:
        model: botocore's model of the operation.

    Attributes:
        required: the members that a response of the service always has.
    """

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - botocore has no types
        self._name: str = model.name
        self._unknown = UnknownMembers(model.input_shape)
        self.required: frozenset[str] = frozenset(model.output_shape.required_members if model.output_shape else ())

    def refuse_unknown(self, body: Mapping[str, object]) -> None:
        """Refuse a body with members that botocore does not know.

        Raises:
            NotSentError: there are such members.
        """
        if paths := list(self._unknown.in_body(body)):
            import botocore  # it is there by now

            raise errors.NotSentError(
                f"the installed botocore {botocore.__version__} does not know {', '.join(paths)}; "
                "upgrade it (pip install --upgrade botocore)",
                operation=self._name,
                may_have_been_sent=False,
            )


class UnknownMembers:
    """The members of an operation's input that botocore's model lacks; most often none.

    Args:
        input_shape: botocore's model of the input.
    """

    def __init__(self, input_shape: Any) -> None:  # noqa: ANN401 - botocore has no types
        self._root: type[Shape] = getattr(shapes, input_shape.name)
        self._unknown: set[tuple[type[Shape], str]] = set()
        self._seen: set[type[Shape]] = set()
        self._compare(self._root, input_shape)

    def _compare(self, cls: type[Shape], known: Any) -> None:  # noqa: ANN401 - botocore has no types
        if cls in self._seen:
            return
        self._seen.add(cls)
        for member in members_of(cls):
            found = known.members.get(member.wire_name)
            if found is None:
                self._unknown.add((cls, member.wire_name))
            elif member.type.kind == "structure":
                self._compare(cast("type[Shape]", member.type.shape), found)
            elif member.type.item and member.type.item.kind == "structure":
                self._compare(cast("type[Shape]", member.type.item.shape), found.member)

    def in_body(self, body: Mapping[str, object]) -> Iterator[str]:
        """Give the paths of those that a body has."""
        return self._within(self._root, body, "") if self._unknown else iter(())

    def _within(self, cls: type[Shape], body: Mapping[str, object], path: str) -> Iterator[str]:
        types = {member.wire_name: member.type for member in members_of(cls)}
        for name, value in body.items():
            here = f"{path}.{name}" if path else name
            if (cls, name) in self._unknown:
                yield here
            elif kind := types.get(name):
                yield from self._below(kind, value, here)

    def _below(self, kind: TypeInfo, value: object, path: str) -> Iterator[str]:
        if kind.shape and isinstance(value, Mapping):
            yield from self._within(kind.shape, cast("Mapping[str, object]", value), path)
        elif kind.kind == "list" and kind.item and kind.item.shape:
            for index, item in enumerate(cast("Sequence[object]", value)):
                yield from self._below(kind.item, item, f"{path}[{index}]")
