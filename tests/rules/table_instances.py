"""Rows of the rules of instances and their storage."""

from rows import Row

PLAIN = "TrainingJobDefinition.ResourceConfig"
TUNING = "TrainingJobDefinition.HyperParameterTuningResourceConfig"
CHOICES = f"{TUNING}.InstanceConfigs"
GROUPS = f"{PLAIN}.InstanceGroups"
PREFERRED = f"{PLAIN}.InstancePreferences"
PLACEMENT = f"{PLAIN}.InstancePlacementConfig"

KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
PLAN = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/big"


def plain(**members):
    """Return a change to a resource configuration with these members only."""
    return {PLAIN: members}


def tuning(**members):
    """Return a change to a tuning resource configuration with these members."""
    return {PLAIN: None, TUNING: members}


def choice(kind, *, count=1, size=30):
    return {"InstanceType": kind, "InstanceCount": count, "VolumeSizeInGB": size}


def group(name, count=1):
    return {"InstanceGroupName": name, "InstanceType": "ml.m5.xlarge", "InstanceCount": count}


def preference(kind, **members):
    return {"InstanceType": kind, **members}


TWO_CHOICES = [choice("ml.m5.xlarge"), choice("ml.c5.xlarge")]
TWO_GROUPS = [group("data"), group("train")]
G5_AND_G6 = [preference("ml.g5.xlarge"), preference("ml.g6.xlarge")]
PLANNED = preference("ml.p5.48xlarge", TrainingPlanArns=[PLAN])

COUNTS = [
    Row(
        "at-least-one-instance", {f"{PLAIN}.InstanceCount": 0}, {f"{PLAIN}.InstanceCount": 1}, f"{PLAIN}.InstanceCount"
    ),
    Row(
        "at-least-one-instance",
        tuning(InstanceType="ml.m5.xlarge", InstanceCount=0, VolumeSizeInGB=30),
        {f"{TUNING}.InstanceCount": 2},
        f"{TUNING}.InstanceCount",
    ),
    Row(
        "at-least-one-instance",
        tuning(InstanceConfigs=[choice("ml.m5.xlarge"), choice("ml.c5.xlarge", count=0)]),
        {f"{CHOICES}.1.InstanceCount": 1},
        f"{CHOICES}[1].InstanceCount",
    ),
    Row(
        "at-least-one-instance",
        plain(InstanceGroups=[group("data", count=0)]),
        {f"{GROUPS}.0.InstanceCount": 1},
        f"{GROUPS}[0].InstanceCount",
    ),
    Row(
        "at-least-one-instance",
        plain(InstancePreferences=[preference("ml.g5.xlarge", InstanceCount=0)]),
        {f"{PREFERRED}.0.InstanceCount": 1},
        f"{PREFERRED}[0].InstanceCount",
    ),
    Row(
        "at-least-one-instance",
        plain(
            InstanceType="ml.p6e-gb200.36xlarge",
            InstanceCount=9,
            InstancePlacementConfig={"PlacementSpecifications": [{"InstanceCount": 0}]},
        ),
        {f"{PLACEMENT}.PlacementSpecifications.0.InstanceCount": 9},
        f"{PLACEMENT}.PlacementSpecifications[0].InstanceCount",
    ),
]

CONFIGS = [
    Row(
        "instance-configs-stand-alone",
        tuning(InstanceConfigs=TWO_CHOICES, InstanceType="ml.g5.xlarge", VolumeSizeInGB=0),
        {f"{TUNING}.InstanceType": None},
        f"{TUNING}.InstanceType",
    ),
    Row(
        "instance-configs-stand-alone",
        tuning(InstanceConfigs=TWO_CHOICES, InstanceCount=1),
        {f"{TUNING}.InstanceCount": None},
        f"{TUNING}.InstanceCount",
    ),
    Row(
        "instance-configs-stand-alone",
        tuning(InstanceConfigs=TWO_CHOICES, VolumeSizeInGB=30),
        {f"{TUNING}.VolumeSizeInGB": None},
        f"{TUNING}.VolumeSizeInGB",
    ),
    Row(
        "allocation-needs-instance-configs",
        tuning(**choice("ml.m5.xlarge"), AllocationStrategy="Prioritized"),
        {f"{TUNING}.AllocationStrategy": None},
        f"{TUNING}.AllocationStrategy",
    ),
    Row(
        "allocation-needs-instance-configs",
        tuning(AllocationStrategy="Prioritized"),
        {CHOICES: TWO_CHOICES},
        f"{TUNING}.AllocationStrategy",
    ),
    Row("several-instance-configs", tuning(InstanceConfigs=TWO_CHOICES[:1]), {CHOICES: TWO_CHOICES}, CHOICES),
    Row(
        "several-instance-configs",
        tuning(InstanceConfigs=TWO_CHOICES[:1], AllocationStrategy="Prioritized"),
        {TUNING: choice("ml.m5.xlarge")},
        CHOICES,
    ),
]

CLUSTERS = [
    Row(
        "selected-instances-are-not-sent",
        {f"{PLAIN}.SelectedInstanceType": "ml.m5.xlarge"},
        {f"{PLAIN}.SelectedInstanceType": None},
        f"{PLAIN}.SelectedInstanceType",
    ),
    Row(
        "selected-instances-are-not-sent",
        {f"{PLAIN}.SelectedInstanceCount": 0},
        {f"{PLAIN}.SelectedInstanceCount": None},
        f"{PLAIN}.SelectedInstanceCount",
    ),
    Row(
        "instance-groups-stand-alone",
        plain(InstanceGroups=TWO_GROUPS, InstanceType="ml.m5.xlarge", VolumeSizeInGB=30),
        {f"{PLAIN}.InstanceType": None},
        f"{PLAIN}.InstanceType",
    ),
    Row(
        "instance-groups-stand-alone",
        plain(InstanceGroups=TWO_GROUPS, InstanceCount=1, VolumeSizeInGB=30),
        {f"{PLAIN}.InstanceCount": None},
        f"{PLAIN}.InstanceCount",
    ),
    # an empty list is no group
    Row(
        "instance-groups-stand-alone",
        {GROUPS: TWO_GROUPS[:1], f"{PLAIN}.InstanceCount": None},
        {GROUPS: [], f"{PLAIN}.InstanceCount": 1},
        f"{PLAIN}.InstanceType",
    ),
    Row(
        "instance-group-names-differ",
        plain(InstanceGroups=[group("data"), group("data")]),
        {f"{GROUPS}.1.InstanceGroupName": "Data"},
        f"{GROUPS}[1].InstanceGroupName",
    ),
    Row(
        "instance-group-names-differ",
        plain(InstanceGroups=[group("data"), group("train"), group("data")]),
        {f"{GROUPS}.2": None},
        f"{GROUPS}[2].InstanceGroupName",
    ),
    Row(
        "warm-pool-not-with-instance-groups",
        plain(InstanceGroups=TWO_GROUPS, KeepAlivePeriodInSeconds=1),
        {f"{PLAIN}.KeepAlivePeriodInSeconds": 0},
        f"{PLAIN}.KeepAlivePeriodInSeconds",
    ),
    Row(
        "warm-pool-not-with-instance-groups",
        plain(InstanceGroups=TWO_GROUPS, KeepAlivePeriodInSeconds=3600),
        {PLAIN: choice("ml.m5.xlarge")},
        f"{PLAIN}.KeepAlivePeriodInSeconds",
    ),
    Row(
        "keep-alive-up-to-an-hour",
        {f"{PLAIN}.KeepAlivePeriodInSeconds": 3601},
        {f"{PLAIN}.KeepAlivePeriodInSeconds": 0},
        f"{PLAIN}.KeepAlivePeriodInSeconds",
    ),
    Row(
        "keep-alive-up-to-an-hour",
        {f"{PLAIN}.KeepAlivePeriodInSeconds": 21600},
        {f"{PLAIN}.KeepAlivePeriodInSeconds": None},
        f"{PLAIN}.KeepAlivePeriodInSeconds",
    ),
]

STORAGE = [
    Row(
        "local-storage-takes-no-key",
        {f"{PLAIN}.InstanceType": "ml.g5.xlarge", f"{PLAIN}.VolumeKmsKeyId": KEY},
        {f"{PLAIN}.VolumeKmsKeyId": ""},
        f"{PLAIN}.VolumeKmsKeyId",
    ),
    Row(
        "local-storage-takes-no-key",
        {f"{PLAIN}.InstanceType": "ml.p4d.24xlarge", f"{PLAIN}.VolumeKmsKeyId": KEY},
        {f"{PLAIN}.InstanceType": "ml.p3.2xlarge"},
        f"{PLAIN}.VolumeKmsKeyId",
    ),
    Row(
        "local-storage-takes-no-key",
        tuning(**choice("ml.g4dn.xlarge"), VolumeKmsKeyId=KEY),
        # nothing is known of this family
        {f"{TUNING}.InstanceType": "ml.g99.xlarge"},
        f"{TUNING}.VolumeKmsKeyId",
    ),
    Row(
        "volume-fits-local-storage",
        {f"{PLAIN}.InstanceType": "ml.g5.xlarge", f"{PLAIN}.VolumeSizeInGB": 251},
        {f"{PLAIN}.VolumeSizeInGB": 250},
        f"{PLAIN}.VolumeSizeInGB",
    ),
    Row(
        "volume-fits-local-storage",
        tuning(**choice("ml.g4dn.xlarge", size=126)),
        {f"{TUNING}.InstanceType": "ml.g4dn.2xlarge"},
        f"{TUNING}.VolumeSizeInGB",
    ),
    Row(
        "volume-fits-local-storage",
        tuning(InstanceConfigs=[choice("ml.m5.xlarge", size=900), choice("ml.g6.8xlarge", size=901)]),
        {f"{CHOICES}.1.InstanceType": "ml.g6.96xlarge"},
        f"{CHOICES}[1].VolumeSizeInGB",
    ),
    Row(
        "ebs-volume-has-a-size",
        plain(InstanceType="ml.m5.xlarge", InstanceCount=1),
        {f"{PLAIN}.VolumeSizeInGB": 1},
        f"{PLAIN}.VolumeSizeInGB",
    ),
    Row(
        "ebs-volume-has-a-size",
        plain(InstanceType="ml.m7i-flex.large", InstanceCount=1, VolumeSizeInGB=0),
        {f"{PLAIN}.InstanceType": "ml.g5.xlarge"},
        f"{PLAIN}.VolumeSizeInGB",
    ),
    Row(
        "ebs-volume-has-a-size",
        plain(InstanceType="ml.p3.2xlarge", InstanceCount=1),
        {f"{PLAIN}.InstanceType": "ml.m99.large"},
        f"{PLAIN}.VolumeSizeInGB",
    ),
    Row(
        "tuning-ebs-volume-has-a-size",
        tuning(InstanceType="ml.c5.xlarge", InstanceCount=1),
        {f"{TUNING}.VolumeSizeInGB": 1},
        f"{TUNING}.VolumeSizeInGB",
    ),
    Row(
        "tuning-ebs-volume-has-a-size",
        tuning(InstanceType="ml.c5.xlarge", InstanceCount=1),
        {f"{TUNING}.InstanceType": "ml.trn1.2xlarge"},
        f"{TUNING}.VolumeSizeInGB",
    ),
]

PREFERENCES = [
    Row(
        "instance-preferences-stand-alone",
        plain(InstancePreferences=G5_AND_G6, InstanceCount=1, InstanceType="ml.g5.xlarge"),
        {f"{PLAIN}.InstanceType": None},
        f"{PLAIN}.InstanceType",
    ),
    Row(
        "instance-preferences-stand-alone",
        plain(InstancePreferences=[preference("ml.g5.xlarge", InstanceCount=1)], InstanceGroups=TWO_GROUPS),
        {GROUPS: []},
        GROUPS,
    ),
    Row(
        "instance-preferences-stand-alone",
        plain(InstancePreferences=G5_AND_G6, InstanceCount=1, InstancePlacementConfig={"EnableMultipleJobs": True}),
        {PLACEMENT: None},
        PLACEMENT,
    ),
    Row(
        "preferences-all-have-a-count",
        plain(InstancePreferences=[preference("ml.g5.xlarge", InstanceCount=1), preference("ml.g6.xlarge")]),
        {f"{PREFERRED}.1.InstanceCount": 2},
        f"{PREFERRED}[1].InstanceCount",
    ),
    Row(
        "preferences-all-have-a-count",
        plain(InstancePreferences=[preference("ml.g5.xlarge"), preference("ml.g6.xlarge", InstanceCount=1)]),
        {f"{PREFERRED}.1.InstanceCount": None, f"{PLAIN}.InstanceCount": 1},
        f"{PREFERRED}[0].InstanceCount",
    ),
    Row(
        "preferences-count-in-one-place",
        plain(InstancePreferences=[preference("ml.g5.xlarge", InstanceCount=1)], InstanceCount=1),
        {f"{PLAIN}.InstanceCount": None},
        f"{PLAIN}.InstanceCount",
    ),
    Row(
        "preferences-count-in-one-place",
        plain(InstancePreferences=G5_AND_G6),
        {f"{PLAIN}.InstanceCount": 1},
        f"{PLAIN}.InstanceCount",
    ),
    Row(
        "preferred-types-differ",
        plain(InstancePreferences=[G5_AND_G6[0], G5_AND_G6[0]], InstanceCount=1),
        {f"{PREFERRED}.1.InstanceType": "ml.g5.2xlarge"},
        f"{PREFERRED}[1].InstanceType",
    ),
    Row(
        "preferred-types-differ",
        plain(InstancePreferences=[*G5_AND_G6, G5_AND_G6[0]], InstanceCount=1),
        {f"{PREFERRED}.2": None},
        f"{PREFERRED}[2].InstanceType",
    ),
    Row(
        "training-plans-in-one-place",
        plain(InstancePreferences=[G5_AND_G6[0], PLANNED], InstanceCount=1, TrainingPlanArn=PLAN),
        {f"{PLAIN}.TrainingPlanArn": None},
        f"{PLAIN}.TrainingPlanArn",
    ),
    Row(
        "training-plans-in-one-place",
        plain(InstancePreferences=[PLANNED], InstanceCount=1, TrainingPlanArn=PLAN),
        {f"{PREFERRED}.0.TrainingPlanArns": None},
        f"{PLAIN}.TrainingPlanArn",
    ),
    Row(
        "placement-needs-ultraservers",
        {PLACEMENT: {"EnableMultipleJobs": True}},
        {f"{PLAIN}.InstanceType": "ml.p6e-gb200.36xlarge"},
        PLACEMENT,
    ),
    Row(
        "placement-needs-ultraservers",
        {f"{PLAIN}.InstanceType": "ml.p5.48xlarge", PLACEMENT: {"PlacementSpecifications": [{"InstanceCount": 1}]}},
        # not a known type of that family
        {f"{PLAIN}.InstanceType": "ml.p5.96xlarge"},
        PLACEMENT,
    ),
]

ROWS = [*COUNTS, *CONFIGS, *CLUSTERS, *STORAGE, *PREFERENCES]
