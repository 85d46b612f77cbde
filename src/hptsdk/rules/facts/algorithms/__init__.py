"""Facts about SageMaker's first-party algorithms, in one data file for each.

To add an algorithm, describe it in `NAME.toml` and name its repository in `hptsdk.rules.facts.accounts`. A file has:

- `tuning_page`: the page of the developer guide about tuning the algorithm, such as `dg/xgboost-tuning`.
- `checked`: the date on which the file was compared with the documentation.
- `checkpoint_repositories`: the repositories whose images resume an interrupted training job (dg/model-checkpoints).
- `metrics`: the metrics that the algorithm emits, by the direction in which they improve.
- `hyperparameters`: by name; `required` if training fails without it, `required_if` if it fails for some values of
  another one, `tunable` if a tuning job may vary it, and the bounds `min` and `max` that the algorithm accepts.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Algorithm", "Hyperparameter", "algorithm_facts"]


class Hyperparameter(NamedTuple):
    """A hyperparameter of an algorithm.

    Args:
        required: whether training fails without it.
        required_if: values of other hyperparameters with which training fails without it.
        tunable: whether a tuning job may vary it.
        min: the lowest value, as decimal text; empty text if there is none.
        max: the highest value, likewise.
    """

    required: bool = False
    required_if: Mapping[str, Sequence[str]] = {}
    tunable: bool = False
    min: str = ""
    max: str = ""


class Algorithm(NamedTuple):
    """The facts about an algorithm.

    Args:
        tuning_page: the page of the developer guide about tuning the algorithm, such as `dg/xgboost-tuning`.
        checkpoint_repositories: the repositories whose images resume an interrupted training job.
        metrics: the metrics that the algorithm emits; empty if they are not documented.
        hyperparameters: the documented hyperparameters by name.
    """

    tuning_page: str
    checkpoint_repositories: frozenset[str]
    metrics: frozenset[str]
    hyperparameters: Mapping[str, Hyperparameter]

    @property
    def tunable(self) -> dict[str, Hyperparameter]:
        """The hyperparameters that a tuning job may vary; empty if they are not documented."""
        return {name: fact for name, fact in self.hyperparameters.items() if fact.tunable}


@cache
def algorithm_facts(name: str) -> Algorithm:
    """Read the facts about an algorithm.

    Args:
        name: the algorithm, as `hptsdk.rules.facts.accounts.algorithm_of` returns it.

    Raises:
        FileNotFoundError: there is no data file for the algorithm.

    Example:
        >>> algorithm_facts("xgboost").tunable["eta"].max
        '1'
    """
    import tomllib
    from importlib.resources import files

    # numbers stay text: a message shows a bound as the file writes it
    facts: dict[str, Any] = tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"), parse_float=str)
    return Algorithm(
        facts["tuning_page"],
        frozenset(facts.get("checkpoint_repositories", ())),
        frozenset(metric for metrics in facts.get("metrics", {}).values() for metric in metrics),
        {key: _hyperparameter(value) for key, value in facts["hyperparameters"].items()},
    )


def _hyperparameter(facts: Mapping[str, Any]) -> Hyperparameter:
    attributes: dict[str, Any] = {key: str(fact) if key in ("min", "max") else fact for key, fact in facts.items()}
    return Hyperparameter(**attributes)
