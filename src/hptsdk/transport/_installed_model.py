"""The operations in the model of the installed botocore, which may be older than the shapes of hptsdk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk import errors, shapes
from hptsdk._validation import Shape, TypeInfo, is_list, is_mapping, members_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import OperationModel, StructureShape

__all__ = ["InstalledOperation"]


class InstalledOperation:
    """An operation in the model of the installed botocore.

    The model is compared with the shapes once. If it has all their members, requests are not compared.

    Args:
        model: botocore's model of the operation.

    Attributes:
        required: the members that each response of the service has.
    """

    def __init__(self, model: OperationModel) -> None:
        self._name = model.name
        self.required = frozenset(model.output_shape.required_members if model.output_shape else ())
        # the members that botocore does not support; usually empty
        self._unsupported: dict[type[Shape], set[str]] = {}
        # CloudWatch Logs has no shapes in hptsdk
        if model.input_shape and hasattr(shapes, model.input_shape.name):
            self._root: type[Shape] = getattr(shapes, model.input_shape.name)
            self._compare(self._root, model.input_shape)
        self._is_complete = not any(self._unsupported.values())

    def _compare(self, cls: type[Shape], model: StructureShape) -> None:
        """Store the members of a structure and of its parts that botocore does not support."""
        from botocore.model import ListShape, StructureShape

        if cls in self._unsupported:
            return
        self._unsupported[cls] = {member.wire_name for member in members_of(cls)} - model.members.keys()
        for name, structure in _structures(cls).items():
            installed = model.members.get(name)
            installed = installed.member if isinstance(installed, ListShape) else installed
            if isinstance(installed, StructureShape):
                self._compare(structure, installed)

    def check_members(self, body: Mapping[str, object]) -> None:
        """Check whether botocore supports all members of a request. Members that hptsdk does not model are accepted.

        Raises:
            NotSentError: botocore is too old and does not support a member.
        """
        if paths := self.unsupported_members(body):
            import botocore

            raise errors.NotSentError(
                f"the installed botocore {botocore.__version__} does not support {', '.join(paths)}; "
                "upgrade it (pip install --upgrade botocore)",
                operation=self._name,
                may_have_been_sent=False,
            )

    def unsupported_members(self, body: Mapping[str, object]) -> list[str]:
        """Return the paths of the members of a request that botocore does not support."""
        return [] if self._is_complete else list(self._unsupported_in(self._root, body, ""))

    def _unsupported_in(self, cls: type[Shape], value: object, path: str) -> Iterator[str]:
        """Yield the paths of the unsupported members in a structure or in a list of structures."""
        if is_list(value):
            for index, item in enumerate(value):
                yield from self._unsupported_in(cls, item, f"{path}[{index}]")
        elif is_mapping(value):
            structures = _structures(cls)
            for name, item in value.items():
                member_path = f"{path}.{name}" if path else name
                if name in self._unsupported.get(cls, ()):
                    yield member_path
                elif structure := structures.get(name):
                    yield from self._unsupported_in(structure, item, member_path)


def _structures(cls: type[Shape]) -> dict[str, type[Shape]]:
    """Return the classes of the members that are structures or lists of structures."""
    structures = {member.wire_name: _structure(member.type) for member in members_of(cls)}
    return {name: structure for name, structure in structures.items() if structure}


def _structure(member: TypeInfo) -> type[Shape] | None:
    return member.item.shape if member.kind == "list" and member.item else member.shape
