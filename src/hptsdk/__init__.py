"""Typed, validated requests and a small client for Amazon SageMaker automatic model tuning."""

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

_NAMES = {
    "advice": "Advice AdviceWarning Quotas advise",
    "builder": "LeftOut training training_from tuning_job unique_name",
    "client": "Difference LogEvent TuningClient TuningJob differences_from_training_job",
    "schema": "default_ranges waived",
    "wire": "Template dumps from_event from_wire loads placeholder template to_wire",
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """Return a public name, whose module is imported on first use."""
    if name == "__version__":
        from importlib.metadata import version  # takes longer than the rest of the import

        value: object = version("hptsdk")
    elif name in {"errors", "export", "schema", "shapes"}:
        value = importlib.import_module(f"hptsdk.{name}")
    elif module := _MODULE_OF.get(name):
        value = getattr(importlib.import_module(f"hptsdk.{module}"), name)
    else:
        from pkgutil import iter_modules

        modules = [module.name for module in iter_modules(__path__) if not module.name.startswith("_")]
        hint = f"; first run: import hptsdk.{name}" if name in modules else ""
        message = f"module 'hptsdk' has no attribute {name!r}{hint}"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the names in `__all__`."""
    return __all__
