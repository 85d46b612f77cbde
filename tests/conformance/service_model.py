"""The model of SageMaker in botocore, for the operations of hptsdk. It is read from JSON, without code of hptsdk."""

import re
from functools import cached_property

import attrs
from botocore.loaders import Loader

OPERATIONS = (
    "CreateHyperParameterTuningJob",
    "DescribeHyperParameterTuningJob",
    "ListHyperParameterTuningJobs",
    "StopHyperParameterTuningJob",
    "DeleteHyperParameterTuningJob",
    "ListTrainingJobsForHyperParameterTuningJob",
    "DescribeTrainingJob",
    "ListTrainingJobs",
    "StopTrainingJob",
    "AddTags",
    "ListTags",
    "DeleteTags",
)

# Enumerations that accept other values too in hptsdk. The model has no open enumerations.
OPEN = {"TrainingInstanceType", "ProcessingInstanceType"}

KINDS = {
    "string": "text",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "boolean": "boolean",
    "timestamp": "timestamp",
    "structure": "structure",
    "list": "list",
    "map": "map",
}

# The bounds of these kinds are bounds of a length, for which no minimum is the same as 0.
MEASURED = {"text", "list", "map"}


@attrs.frozen(kw_only=True)
class Level:
    """One level of a type, without the facts of its items, keys and values. Both sides of the comparison have it."""

    kind: str
    structure: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    values: tuple[str, ...] = attrs.field(default=(), eq=sorted)
    is_open: bool = False
    # Constraints of hptsdk that the model does not have.
    others: tuple[str, ...] = ()
    # Not compared, because hptsdk marks more types as secrets than the model.
    is_secret: bool = attrs.field(default=False, eq=False)


def load():
    """Return the newest model of the installed botocore, without models that the settings of the machine add."""
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return loader.load_service_model("sagemaker", "service-2")


class Model:
    """The inputs and outputs of the operations, with the types of all their parts, by the names of the model."""

    def __init__(self, raw):
        self.operations = raw["operations"]
        self.shapes = raw["shapes"]

    @cached_property
    def names(self):
        """The names of all types, breadth first."""
        return self.reached_from(*self._ends("input", "output"))

    @cached_property
    def in_requests(self):
        """The names of the types in inputs."""
        return self.reached_from(*self._ends("input"))

    @cached_property
    def structures(self):
        """The names of all structures."""
        return self.structures_of(self.names)

    def structures_of(self, names):
        """Return the names that are those of structures."""
        return [name for name in names if self.shapes[name]["type"] == "structure"]

    def reached_from(self, *names):
        """Return the names of types, and of the types of all their members, items, keys and values, in order."""
        reached = dict.fromkeys(names)  # an ordered set
        pending = list(reached)
        while pending:
            new = [name for name in self._types_in(pending.pop(0)) if name not in reached]
            reached |= dict.fromkeys(new)
            pending += new
        return reached

    def members(self, structure):
        """Return the type of each member by its wire name."""
        return {wire: member["shape"] for wire, member in self.shapes[structure]["members"].items()}

    def required(self, structure):
        """Return the wire names of the required members."""
        return self.shapes[structure].get("required", [])

    def parts(self, name):
        """Return the types of the items of a list, or of the keys and values of a map, as "item" and "key"."""
        shape = self.shapes[name]
        parts = {"item": shape.get("member", shape.get("value")), "key": shape.get("key")}
        return {part: held["shape"] for part, held in parts.items() if held}

    def leaf(self, name):
        """Return the structure that is the type, or the type of its items; None if there is none."""
        while inner := self.parts(name):
            name = inner["item"]
        return name if self.shapes[name]["type"] == "structure" else None

    def holders(self, structure):
        """Return the structures that have a member of this structure, or of a list or a map of it."""
        return [name for name in self.structures if structure in map(self.leaf, self.members(name).values())]

    def documented(self, name, wire=None):
        """Return the first sentence about a structure or a member, without its markup."""
        described = self.shapes[name]["members"][wire] if wire else self.shapes[name]
        plain = " ".join(re.sub(r"<[^>]+>", "", described.get("documentation", "")).split())
        return re.split(r"(?<=[.:]) ", plain)[0]

    def level(self, name):
        """Return the facts of a type, without those of its items, keys and values."""
        shape = self.shapes[name]
        kind = KINDS.get(shape["type"], shape["type"])
        minimum = shape.get("min")
        return Level(
            kind=kind,
            structure=name if kind == "structure" else None,
            minimum=(minimum or 0) if kind in MEASURED else minimum,
            maximum=shape.get("max"),
            pattern=shape.get("pattern"),
            values=tuple(shape.get("enum", ())),
            is_open=name in OPEN,
            is_secret=shape.get("sensitive", False),
        )

    def _ends(self, *ends):
        types = [self.operations.get(operation, {}).get(end) for operation in OPERATIONS for end in ends]
        return [end["shape"] for end in types if end]

    def _types_in(self, name):
        if self.shapes[name]["type"] == "structure":
            return self.members(name).values()
        return self.parts(name).values()
