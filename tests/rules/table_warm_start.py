"""Rows of the rules of a warm start."""

from rows import Row

PARENTS = "WarmStartConfig.ParentHyperParameterTuningJobs"
NAME = "HyperParameterTuningJobName"


def after(*names):
    """Return a warm start from the tuning jobs with these names."""
    return {
        "WarmStartConfig": {
            "WarmStartType": "TransferLearning",
            "ParentHyperParameterTuningJobs": [{NAME: name} if name else {} for name in names],
        }
    }


ROWS = [
    Row("parent-has-a-name", after(None), {f"{PARENTS}.0.{NAME}": "earlier"}, f"{PARENTS}[0].{NAME}"),
    Row("parent-has-a-name", after("earlier", None), {f"{PARENTS}.1": None}, f"{PARENTS}[1].{NAME}"),
    Row("parents-differ", after("one", "One"), {f"{PARENTS}.1.{NAME}": "two"}, f"{PARENTS}[1].{NAME}"),
    Row("parents-differ", after("one", "two", "one"), {f"{PARENTS}.2": None}, f"{PARENTS}[2].{NAME}"),
    Row("no-parent-of-itself", after("custom"), after("custom-1"), f"{PARENTS}[0].{NAME}"),
    Row("no-parent-of-itself", after("other", "Custom"), {NAME: "customs"}, f"{PARENTS}[1].{NAME}"),
]
