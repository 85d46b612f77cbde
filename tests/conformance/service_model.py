"""What botocore's model of SageMaker says about the operations of hptsdk, read from its JSON by nothing of hptsdk."""

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

# Enumerations that take other values too in hptsdk, which the model does not say of any.
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

# Of these the bounds are of a length, which is never below 0: no minimum and 0 are the same.
MEASURED = {"text", "list", "map"}


@attrs.frozen(kw_only=True)
class Level:
    """One level of a type: all but what a list or a map holds. Both sides of the comparison are put in these terms."""

    kind: str
    structure: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    values: tuple[str, ...] = attrs.field(default=(), eq=sorted)
    is_open: bool = False
    # Constraints of hptsdk's that the model has no word for.
    others: tuple[str, ...] = ()
    # Not compared: hptsdk may take more for a secret than the model does.
    is_secret: bool = attrs.field(default=False, eq=False)


def load():
    """Return the newest model that the installed botocore brings, whatever else the machine's settings add to it."""
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return loader.load_service_model("sagemaker", "service-2")


class Model:
    """The operations' inputs and outputs, and all that they reach, by the model's names."""

    def __init__(self, raw):
        self.operations = raw["operations"]
        self.shapes = raw["shapes"]

    @cached_property
    def names(self):
        """All of them, in the order of a walk."""
        return self.reached_from(*self._ends("input", "output"))

    @cached_property
    def in_requests(self):
        """Those that an input reaches."""
        return self.reached_from(*self._ends("input"))

    @cached_property
    def structures(self):
        """The structures among them."""
        return self.structures_of(self.names)

    def structures_of(self, names):
        """Keep the structures."""
        return [name for name in names if self.shapes[name]["type"] == "structure"]

    def reached_from(self, *names):
        """Walk from these through members, items, keys and values; a dict serves as an ordered set."""
        found = dict.fromkeys(names)
        waiting = list(found)
        while waiting:
            new = [name for name in self._held_by(waiting.pop(0)) if name not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return found

    def members(self, structure):
        """Return the type of each member by its wire name."""
        return {wire: member["shape"] for wire, member in self.shapes[structure]["members"].items()}

    def required(self, structure):
        """Return the wire names of the required members."""
        return self.shapes[structure].get("required", [])

    def parts(self, name):
        """Return the types of a list's items, or of a map's keys and values, by what they are called here."""
        shape = self.shapes[name]
        found = {"item": shape.get("member", shape.get("value")), "key": shape.get("key")}
        return {part: held["shape"] for part, held in found.items() if held}

    def leaf(self, name):
        """Return the structure that a type is, or is a list or a map of."""
        while inner := self.parts(name):
            name = inner["item"]
        return name if self.shapes[name]["type"] == "structure" else None

    def holders(self, structure):
        """Return the structures with a member that is this structure, or a list or a map of it."""
        return [name for name in self.structures if structure in map(self.leaf, self.members(name).values())]

    def documented(self, name, wire=None):
        """Return the first sentence about a structure or a member, without its markup."""
        said = self.shapes[name]["members"][wire] if wire else self.shapes[name]
        plain = " ".join(re.sub(r"<[^>]+>", "", said.get("documentation", "")).split())
        return re.split(r"(?<=[.:]) ", plain)[0]

    def level(self, name):
        """Describe a type, without what it holds."""
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
        found = [self.operations.get(operation, {}).get(end) for operation in OPERATIONS for end in ends]
        return [end["shape"] for end in found if end]

    def _held_by(self, name):
        if self.shapes[name]["type"] == "structure":
            return self.members(name).values()
        return self.parts(name).values()
