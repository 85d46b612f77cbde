"""Rows of the rule of the names of instance types."""

from rows import Row

RESOURCES = "TrainingJobDefinition.ResourceConfig"
TUNING = "TrainingJobDefinition.HyperParameterTuningResourceConfig"
GROUP = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "InstanceGroupName": "first"}
CONFIG = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}


def row(broken, mended):
    where = f"{RESOURCES}.InstanceType"
    return Row("instance-type-is-known", {where: broken}, {where: mended}, where)


def row_within(member, broken):
    """Break the type of an item of a list of instances, in a resource configuration of its own."""
    resources = RESOURCES if member != "InstanceConfigs" else TUNING
    others = {RESOURCES: None} if resources == TUNING else {}
    items = [broken, *([CONFIG | {"InstanceType": "ml.r5.large"}] if resources == TUNING else [])]
    size = {} if resources == TUNING else {"VolumeSizeInGB": 30}
    return Row(
        "instance-type-is-known",
        others | {resources: {member: items} | size},
        {f"{resources}.{member}.0.InstanceType": "ml.m5.xlarge"},
        f"{resources}.{member}[0].InstanceType",
    )


ROWS = [
    # a letter too many, one missing, another one, two exchanged
    row("ml.m5.xlargee", "ml.m5.xlarge"),
    row("ml.m5.xlage", "ml.m5.xlarge"),
    row("ml.m5.xlarg3", "ml.m5.xlarge"),
    row("ml.m5.xlareg", "ml.m5.xlarge"),
    row("ml.m.xlarge", "ml.m5.xlarge"),
    row("ml.m7iflex.large", "ml.m7i-flex.large"),
    # two letters are another name; another generation or size may be new
    row("ml.m5.xlargee", "ml.m5.xlargeee"),
    row("ml.m5.xlargee", "ml.m9.xlarge"),
    row("ml.m5.xlargee", "ml.m5.96xlarge"),
    Row(
        "instance-type-is-known",
        {RESOURCES: None, TUNING: {"InstanceType": "ml.m5.xlargee", "InstanceCount": 1, "VolumeSizeInGB": 30}},
        {f"{TUNING}.InstanceType": "ml.m5.xlarge"},
        f"{TUNING}.InstanceType",
    ),
    row_within("InstanceGroups", GROUP | {"InstanceType": "ml.m5.xlargee"}),
    row_within("InstancePreferences", {"InstanceType": "ml.m5.xlargee", "InstanceCount": 1}),
    row_within("InstanceConfigs", CONFIG | {"InstanceType": "ml.m5.xlargee"}),
]
