"""Typed, validated requests and a small client for Amazon SageMaker automatic model tuning.

Each name is imported on first use, so that `import hptsdk` is fast.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk import errors as errors, export as export, schema as schema, shapes as shapes
    from hptsdk.advice import Advice as Advice, AdviceWarning as AdviceWarning, Quotas as Quotas, advise as advise
    from hptsdk.builder import (
        LeftOut as LeftOut,
        training as training,
        training_from as training_from,
        tuning_job as tuning_job,
        unique_name as unique_name,
    )
    from hptsdk.client import (
        Difference as Difference,
        LogEvent as LogEvent,
        TuningClient as TuningClient,
        TuningJob as TuningJob,
        differences_from_training_job as differences_from_training_job,
    )
    from hptsdk.schema import default_ranges as default_ranges, waived as waived
    from hptsdk.wire import (
        Template as Template,
        dumps as dumps,
        from_event as from_event,
        from_wire as from_wire,
        loads as loads,
        placeholder as placeholder,
        template as template,
        to_wire as to_wire,
    )

    __version__: str

__all__ = [
    "Advice",
    "AdviceWarning",
    "Difference",
    "LeftOut",
    "LogEvent",
    "Quotas",
    "Template",
    "TuningClient",
    "TuningJob",
    "__version__",
    "advise",
    "default_ranges",
    "differences_from_training_job",
    "dumps",
    "errors",
    "export",
    "from_event",
    "from_wire",
    "loads",
    "placeholder",
    "schema",
    "shapes",
    "template",
    "to_wire",
    "training",
    "training_from",
    "tuning_job",
    "unique_name",
    "waived",
]

# The module of each name.
_HOMES = {
    "Advice": "advice",
    "AdviceWarning": "advice",
    "Difference": "client",
    "LeftOut": "builder",
    "LogEvent": "client",
    "Quotas": "advice",
    "Template": "wire",
    "TuningClient": "client",
    "TuningJob": "client",
    "advise": "advice",
    "default_ranges": "schema",
    "differences_from_training_job": "client",
    "dumps": "wire",
    "errors": "errors",
    "export": "export",
    "from_event": "wire",
    "from_wire": "wire",
    "loads": "wire",
    "placeholder": "wire",
    "schema": "schema",
    "shapes": "shapes",
    "template": "wire",
    "to_wire": "wire",
    "training": "builder",
    "training_from": "builder",
    "tuning_job": "builder",
    "unique_name": "builder",
    "waived": "schema",
}

# Modules of extras, which are imported by name.
_IMPORTED_BY_NAME = ("dashboard", "integrations", "local", "testing")


def __getattr__(name: str) -> object:
    """Import a name on first use."""
    if name == "__version__":
        from importlib.metadata import version  # takes longer than the rest of the import

        value: object = version("hptsdk")
    elif home := _HOMES.get(name):
        module = importlib.import_module(f"hptsdk.{home}")
        value = module if home == name else getattr(module, name)
    else:
        hint = f"; first run: import hptsdk.{name}" if name in _IMPORTED_BY_NAME else ""
        message = f"module 'hptsdk' has no attribute {name!r}{hint}"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return all public names."""
    return __all__
