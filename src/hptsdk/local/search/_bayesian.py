"""Bayesian search by Optuna's samplers, behind the seam that Random and Grid stand behind too.

The history is a study in memory, rebuilt from what the service keeps, so a restart loses none of it. Training jobs that
run are in it as running trials, so that no two try the same. The sampler's own chance begins anew with a restart.
"""

from __future__ import annotations

from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any, cast

from hptsdk._quiet import importing_optuna
from hptsdk.local.search._strategies import Categories, Integers, RandomSearch, Reals, Search, dimensions_of

with importing_optuna():
    import optuna
    from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
    from optuna.trial import TrialState, create_trial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local.search._strategies import Dimension, Sampler
    from hptsdk.shapes import ParameterRanges

__all__ = ["BayesianSearch"]

# What Optuna takes for seeds.
_SEEDS = 2**32

# So many proposals that were tried before, and one that was not is drawn at random.
_PROPOSALS = 5

optuna.logging.set_verbosity(optuna.logging.ERROR)


class BayesianSearch(Search):
    """Proposes what promises most, given what was tried.

    Args:
        ranges: what to search.
        seed: the same seed gives the same values again, with one training job at a time.
        minimizes: whether smaller is better.
        sampler: "tpe", or "gp", which needs torch.
    """

    def __init__(self, ranges: ParameterRanges | None, seed: int, *, minimizes: bool, sampler: Sampler) -> None:
        self._dimensions = dimensions_of(ranges)
        self._distributions = {d.name: _distribution(d) for d in self._dimensions}
        self._seed = seed
        self._kind: Sampler = sampler
        self._study = optuna.create_study(
            direction="minimize" if minimizes else "maximize", sampler=_made(sampler, seed % _SEEDS)
        )
        self._trials: dict[int, int] = {}
        self._own: dict[int, tuple[Mapping[str, str], float | None, TrialState]] = {}
        self._others: list[tuple[Mapping[str, str], float]] = []
        self._is_standardized = False
        # of what can be counted, no combination is tried twice, and what is left is drawn at random
        self._rest = RandomSearch(ranges, f"{seed}/rest")
        self._is_finite = all(d.size is not None for d in self._dimensions)
        self._taken: set[tuple[str, ...]] = set()

    def values(self, index: int) -> dict[str, str] | None:
        """Propose the values of the training job of this index, which runs from now on."""
        if not self._dimensions:
            return None
        if self._is_standardized:
            self._rebuild()
        for _ in range(_PROPOSALS):
            trial = self._study.ask(self._distributions)
            found = {d.name: _text(d, trial.params[d.name]) for d in self._dimensions}
            if not self._is_finite or tuple(found.values()) not in self._taken:
                self._trials[index] = trial.number
                self._taken.add(tuple(found.values()))
                self._own[index] = (found, None, TrialState.RUNNING)
                return found
            self._study.tell(trial, state=TrialState.FAIL)
        return self._untried(index)

    def _untried(self, index: int) -> dict[str, str] | None:
        place = 0
        while (found := self._rest.values(place)) is not None:
            if tuple(found.values()) not in self._taken:
                self.restore(index, found, None, runs=True)
                return found
            place += 1
        return None

    def ended(self, index: int, values: Mapping[str, str], objective: float | None) -> None:
        """Learn of an end."""
        state = TrialState.FAIL if objective is None else TrialState.COMPLETE
        self._own[index] = (values, objective, state)
        self._study.tell(self._trials[index], objective, state=state)

    def restore(self, index: int, values: Mapping[str, str], objective: float | None, *, runs: bool) -> None:
        """Learn of a training job that was there before."""
        state = TrialState.RUNNING if runs else TrialState.COMPLETE if objective is not None else TrialState.FAIL
        self._own[index] = (values, objective, state)
        self._taken.add(tuple(values[d.name] for d in self._dimensions))
        self._trials[index] = self._add(values, objective, state)
        # else it would propose again what it proposed first
        self._study.sampler = _made(self._kind, (self._seed + index + 1) % _SEEDS)

    def observe(self, values: Mapping[str, str], objective: float) -> None:
        """Learn of a training job of another tuning job; what lies outside the ranges is left out."""
        if all(_is_within(d, values.get(d.name)) for d in self._dimensions):
            self._others.append((values, objective))
            self._add(values, objective, TrialState.COMPLETE)

    def standardize(self) -> None:
        """Compare own values with those of others by how far each is from the mean of its tuning job."""
        self._is_standardized = True

    def _add(self, values: Mapping[str, str], objective: float | None, state: TrialState) -> int:
        params = {d.name: _internal(d, values[d.name]) for d in self._dimensions}
        trial = create_trial(state=state, params=params, distributions=self._distributions, value=objective)
        self._study.add_trial(trial)
        return len(self._study.get_trials(deepcopy=False)) - 1

    def _rebuild(self) -> None:
        """Make the study anew with own values standardized; their mean and spread change with each."""
        known = [value for _, value, _ in self._own.values() if value is not None]
        middle, spread = (fmean(known), pstdev(known) or 1.0) if known else (0.0, 1.0)
        self._study = optuna.create_study(direction=self._study.direction, sampler=self._study.sampler)
        for values, other in self._others:
            self._add(values, other, TrialState.COMPLETE)
        for index, (values, objective, state) in sorted(self._own.items()):
            own = None if objective is None else (objective - middle) / spread
            self._trials[index] = self._add(values, own, state)


def _made(sampler: Sampler, seed: int) -> optuna.samplers.BaseSampler:
    if sampler == "gp":
        return optuna.samplers.GPSampler(seed=seed)
    return optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)


# --- dimensions as Optuna has them ---


def _distribution(dimension: Dimension) -> BaseDistribution:
    match dimension:
        case Categories():
            return CategoricalDistribution(dimension.values)
        case Integers():
            return IntDistribution(dimension.low, dimension.high, log=dimension.logarithmic)
        case Reals() if dimension.scaling == "ReverseLogarithmic":
            # the distance from one, by magnitude
            return FloatDistribution(1 - dimension.high, 1 - dimension.low, log=True)
        case Reals():
            return FloatDistribution(dimension.low, dimension.high, log=dimension.scaling == "Logarithmic")
        case _:
            raise TypeError(f"{dimension!r} is of no known kind")


def _text(dimension: Dimension, value: Any) -> str:  # noqa: ANN401 - Optuna's own
    match dimension:
        case Reals():
            found = 1 - value if dimension.scaling == "ReverseLogarithmic" else value
            return repr(min(max(float(found), dimension.low), dimension.high))
        case _:
            return str(value)


def _internal(dimension: Dimension, text: str) -> object:
    match dimension:
        case Integers():
            return int(text)
        case Reals():
            value = float(text)
            bounds = cast("FloatDistribution", _distribution(dimension))
            found = 1 - value if dimension.scaling == "ReverseLogarithmic" else value
            return min(max(found, bounds.low), bounds.high)
        case _:
            return text


def _is_within(dimension: Dimension, text: str | None) -> bool:
    if text is None:
        return False
    match dimension:
        case Categories():
            return text in dimension.values
        case Integers() | Reals():
            try:
                return dimension.low <= float(text) <= dimension.high and (
                    isinstance(dimension, Reals) or float(text).is_integer()
                )
            except ValueError:
                return False
        case _:
            return False
