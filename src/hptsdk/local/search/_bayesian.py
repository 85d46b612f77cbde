"""Bayesian search with the samplers of Optuna.

The history is an Optuna study in memory. It is built again from the stored results after a restart. Running training
jobs are running trials of it. The random state of the sampler is not stored.
"""

from __future__ import annotations

from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from typing_extensions import override

from hptsdk._extras import importing_optuna
from hptsdk.local.search._dimensions import Categories, Integers, Reals, dimensions_of
from hptsdk.local.search._strategies import RandomSearch, Search

with importing_optuna():
    import optuna
    from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
    from optuna.trial import TrialState, create_trial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.enums import Sampler
    from hptsdk.local.search._dimensions import Dimension
    from hptsdk.shapes import ParameterRanges

# The number of seeds that Optuna accepts.
_SEEDS = 2**32

# After this many proposals that were used before, unused values are drawn at random.
_PROPOSALS = 5

optuna.logging.set_verbosity(optuna.logging.ERROR)


class BayesianSearch(Search):
    """Bayesian optimization: proposes the most promising values, based on the results so far.

    Args:
        ranges: the ranges to search.
        seed: the same seed and results produce the same values, with one training job at a time and no restart.
        minimizes: whether a smaller objective is better.
        sampler: "tpe", or "gp" for a Gaussian process, which needs torch.
    """

    def __init__(self, ranges: ParameterRanges | None, seed: int, *, minimizes: bool, sampler: Sampler) -> None:
        self._dimensions = dimensions_of(ranges)
        self._distributions = {d.name: _distribution(d) for d in self._dimensions}
        self._seed = seed
        self._sampler: Sampler = sampler
        self._study = optuna.create_study(
            direction="minimize" if minimizes else "maximize", sampler=_create_sampler(sampler, seed)
        )
        # the numbers of the trials in the study, by the index of the training job
        self._trials: dict[int, int] = {}
        self._own: dict[int, tuple[Mapping[str, str], float | None, TrialState]] = {}
        self._parents: list[tuple[Mapping[str, str], float]] = []
        self._is_standardized = False
        # if all dimensions are countable, no combination is used twice, and the last ones are drawn at random
        self._random = RandomSearch(ranges, f"{seed}/rest")
        self._is_countable = all(d.size is not None for d in self._dimensions)
        self._used: set[tuple[str, ...]] = set()

    @override
    def propose(self, index: int) -> dict[str, str] | None:
        if not self._dimensions:
            return None
        if self._is_standardized:
            self._rebuild()
        for _ in range(_PROPOSALS):
            trial = self._study.ask(self._distributions)
            values = {d.name: _text(d, trial.params[d.name]) for d in self._dimensions}
            if not self._is_countable or tuple(values.values()) not in self._used:
                self._trials[index] = trial.number
                self._used.add(tuple(values.values()))
                self._own[index] = (values, None, TrialState.RUNNING)
                return values
            self._study.tell(trial, state=TrialState.FAIL)
        return self._draw_unused(index)

    def _draw_unused(self, index: int) -> dict[str, str] | None:
        """Return a random combination that was not used; None if all were used."""
        draw = 0
        while (values := self._random.propose(draw)) is not None:
            if tuple(values.values()) not in self._used:
                self.record(index, values, None, is_running=True)
                return values
            draw += 1
        return None

    @override
    def record(
        self, index: int, values: Mapping[str, str], objective: float | None, *, is_running: bool = False
    ) -> None:
        ended = TrialState.FAIL if objective is None else TrialState.COMPLETE
        state = TrialState.RUNNING if is_running else ended
        self._own[index] = (values, objective, state)
        if index in self._trials:
            self._study.tell(self._trials[index], objective, state=state)
            return
        self._used.add(tuple(values[d.name] for d in self._dimensions))
        self._trials[index] = self._add(values, objective, state)
        # with its first seed, the sampler would propose its first values again
        self._study.sampler = _create_sampler(self._sampler, self._seed + index + 1)

    @override
    def add_parent_result(self, values: Mapping[str, str], objective: float) -> None:
        if all(d.name in values and d.contains(values[d.name]) for d in self._dimensions):
            self._parents.append((values, objective))
            self._add(values, objective, TrialState.COMPLETE)

    @override
    def standardize(self) -> None:
        self._is_standardized = True

    def _add(self, values: Mapping[str, str], objective: float | None, state: TrialState) -> int:
        """Add a training job to the study, and return the number of its trial."""
        params = {d.name: _value(d, values[d.name]) for d in self._dimensions}
        self._study.add_trial(
            create_trial(state=state, params=params, distributions=self._distributions, value=objective)
        )
        return len(self._study.get_trials(deepcopy=False)) - 1

    def _rebuild(self) -> None:
        """Create the study again with its objectives standardized: each result changes their mean and deviation."""
        objectives = [objective for _, objective, _ in self._own.values() if objective is not None]
        mean, deviation = (fmean(objectives), pstdev(objectives) or 1.0) if objectives else (0.0, 1.0)
        self._study = optuna.create_study(direction=self._study.direction, sampler=self._study.sampler)
        for values, objective in self._parents:
            self._add(values, objective, TrialState.COMPLETE)
        for index, (values, own, state) in sorted(self._own.items()):
            self._trials[index] = self._add(values, None if own is None else (own - mean) / deviation, state)


def _create_sampler(sampler: Sampler, seed: int) -> optuna.samplers.BaseSampler:
    match sampler:
        case "tpe":
            return optuna.samplers.TPESampler(seed=seed % _SEEDS, multivariate=True, constant_liar=True)
        case "gp":
            return optuna.samplers.GPSampler(seed=seed % _SEEDS)


def _distribution(dimension: Dimension) -> BaseDistribution:
    match dimension:
        case Categories():
            return CategoricalDistribution(dimension.values)
        case Integers():
            return IntDistribution(dimension.low, dimension.high, log=dimension.logarithmic)
        case Reals(scaling="ReverseLogarithmic"):
            return FloatDistribution(1 - dimension.high, 1 - dimension.low, log=True)
        case Reals():
            return FloatDistribution(dimension.low, dimension.high, log=dimension.scaling == "Logarithmic")


def _mirror(dimension: Reals, value: float) -> float:
    """Return the distance from 1 on a reverse logarithmic scale, and the value itself on other scales."""
    return 1 - value if dimension.scaling == "ReverseLogarithmic" else value


def _text(dimension: Dimension, value: str | float) -> str:
    """Return a value of Optuna as the text of a hyperparameter."""
    if isinstance(dimension, Reals):
        return repr(dimension.clamp(_mirror(dimension, float(value))))
    return str(value)


def _value(dimension: Dimension, text: str) -> object:
    """Return the text of a hyperparameter as a value of Optuna."""
    match dimension:
        case Categories():
            return text
        case Integers():
            return int(text)
        case Reals():
            return _mirror(dimension, dimension.clamp(float(text)))
