"""Measure the quality of local searches: the median regret on known functions, as a table and a plot."""

import math
import random
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

import optuna

from hptsdk.local.search._bayesian import BayesianSearch, _distribution, _text
from hptsdk.local.search._dimensions import dimensions_of
from hptsdk.local.search._early_stopping import Halving
from hptsdk.local.search._strategies import RandomSearch, Search
from hptsdk.shapes import CategoricalParameterRange, ContinuousParameterRange, IntegerParameterRange, ParameterRanges

DOCS = Path(__file__).parent.parent / "docs" / "explanation"
TRIALS, EPOCHS = 50, 27
Values = Mapping[str, str]


def real(name: str, low: float, high: float, scaling: str | None = None) -> ContinuousParameterRange:
    """Create a range of real numbers."""
    return ContinuousParameterRange(
        name=name,
        min_value=repr(low),
        max_value=repr(high),
        scaling_type=scaling,  # type: ignore[arg-type]
    )


# --- the functions ---


def branin(values: Values) -> float:
    """Compute Branin's function of two variables."""
    x, y = float(values["x"]), float(values["y"])
    curve = y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6
    return curve**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


_WEIGHTS = (1.0, 1.2, 3.0, 3.2)
_SCALES = ((10, 3, 17, 3.5, 1.7, 8), (0.05, 10, 17, 0.1, 8, 14), (3, 3.5, 1.7, 10, 17, 8), (17, 8, 0.05, 10, 0.1, 14))
_CENTRES = (
    (0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886),
    (0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991),
    (0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650),
    (0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381),
)


def hartmann6(values: Values) -> float:
    """Compute Hartmann's function of six variables."""
    point = [float(values[f"x{n}"]) for n in range(6)]
    return -sum(
        weight * math.exp(-sum(s * (p - c) ** 2 for s, p, c in zip(scales, point, centres, strict=True)))
        for weight, scales, centres in zip(_WEIGHTS, _SCALES, _CENTRES, strict=True)
    )


def mixed(values: Values) -> float:
    """Compute a loss like that of a network.

    The best rate depends on the optimizer, and the best number of units on the activation.
    """
    rate, momentum = float(values["rate"]), float(values["momentum"])
    layers, units = int(values["layers"]), int(values["units"])
    best_rate = {"adam": -3.0, "sgd": -1.0}[values["optimizer"]]
    best_units = {"relu": 7, "tanh": 5}[values["activation"]]
    loss = 0.3 * (math.log10(rate) - best_rate) ** 2 + 0.1 * (layers - 4) ** 2 / 4
    loss += 0.05 * (math.log2(units) - best_units) ** 2 + (momentum - 0.9) ** 2
    return loss + (0.15 if values["optimizer"] == "sgd" else 0.0) + (0.1 if values["activation"] == "tanh" else 0.0)


class Function(NamedTuple):
    """A function with a known minimum."""

    compute: Callable[[Values], float]
    least: float
    ranges: ParameterRanges


FUNCTIONS = {
    "Branin": Function(
        branin,
        0.39788735772973816,
        ParameterRanges(continuous_parameter_ranges=[real("x", -5.0, 10.0, "Linear"), real("y", 0.0, 15.0, "Linear")]),
    ),
    "Hartmann6": Function(
        hartmann6,
        -3.32236801141551,
        ParameterRanges(continuous_parameter_ranges=[real(f"x{n}", 0.0, 1.0, "Linear") for n in range(6)]),
    ),
    "mixed": Function(
        mixed,
        0.0,
        ParameterRanges(
            continuous_parameter_ranges=[real("rate", 1e-5, 1.0, "Logarithmic"), real("momentum", 0.0, 1.0, "Linear")],
            integer_parameter_ranges=[
                IntegerParameterRange(name="layers", min_value="1", max_value="12", scaling_type="Linear"),
                IntegerParameterRange(name="units", min_value="8", max_value="1024", scaling_type="Logarithmic"),
            ],
            categorical_parameter_ranges=[
                CategoricalParameterRange(name="optimizer", values=["adam", "sgd"]),
                CategoricalParameterRange(name="activation", values=["relu", "tanh"]),
            ],
        ),
    ),
}


# --- the searches ---


class Direct(Search):
    """A search that uses Optuna's TPESampler directly, with the options of the Bayesian search."""

    def __init__(self, ranges: ParameterRanges, seed: int) -> None:
        self._dimensions = dimensions_of(ranges)
        self._space: dict[str, optuna.distributions.BaseDistribution] = {
            d.name: _distribution(d) for d in self._dimensions
        }
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)
        self._study = optuna.create_study(sampler=sampler)
        self._trials: dict[int, int] = {}

    def propose(self, index: int) -> dict[str, str]:
        """Return the values of the next trial, by hyperparameter."""
        trial = self._study.ask(self._space)
        self._trials[index] = trial.number
        return {d.name: _text(d, trial.params[d.name]) for d in self._dimensions}

    def record(
        self,
        index: int,
        values: Values,  # noqa: ARG002 - the base's
        objective: float | None,
        *,
        is_running: bool = False,  # noqa: ARG002 - the base's
    ) -> None:
        """Report the objective of a trial."""
        self._study.tell(self._trials[index], objective)


def _bayesian(sampler: str, ranges: ParameterRanges, seed: int) -> Search:
    return BayesianSearch(ranges, seed, minimizes=True, sampler=sampler)  # type: ignore[arg-type]


SEARCHES: dict[str, Callable[[ParameterRanges, int], Search]] = {
    "Random": lambda ranges, seed: RandomSearch(ranges, f"{seed}/0"),
    "Bayesian (TPE)": partial(_bayesian, "tpe"),
    "Optuna's TPE, directly": Direct,
}
if find_spec("torch") is not None:
    SEARCHES["Bayesian (GP)"] = partial(_bayesian, "gp")


def curve(search: Search, function: Function, at_once: int) -> list[float]:
    """Run a search, and return the regret after each trial.

    Args:
        search: the search.
        function: the function whose minimum is searched.
        at_once: the number of trials at the same time. The result of a trial is recorded when this number is reached.
    """
    running: list[tuple[int, dict[str, str]]] = []
    computed: list[float] = []
    for index in range(TRIALS):
        if len(running) == at_once:
            done, values = running.pop(0)
            computed.append(function.compute(values))
            search.record(done, values, computed[-1])
        values_ = search.propose(index)
        if values_ is None:
            break
        running.append((index, values_))
    computed += [function.compute(values) for _, values in running]
    best = math.inf
    return [best := min(best, value - function.least) for value in computed]


def hyperband(function: Function, seed: int, at_once: int) -> tuple[list[float], float]:
    """Run Hyperband with the epochs of 50 complete trials; return the regrets and the number of trials.

    There is one regret for the epochs of each complete trial.

    A curve reaches the value of the function after 27 epochs, each at its own speed. The trials run one after another,
    because parallel trials change only the order of arrival in asynchronous halving.
    """
    search, generator = RandomSearch(function.ranges, f"{seed}/0"), random.Random(seed)  # noqa: S311 - a repeatable sequence
    rule = Halving(minimizes=True, min_resource=1, max_resource=EPOCHS)
    budget, began, best = TRIALS * EPOCHS, 0, math.inf
    regrets: list[float] = []
    spread = 0.5 * (1 + at_once / 10)
    while budget > 0:
        values = search.propose(began)
        if values is None:
            break
        began += 1
        final, pace = function.compute(values), generator.uniform(0.5, 1.5)
        for epoch in range(1, EPOCHS + 1):
            budget -= 1
            shown = final + spread * (EPOCHS / epoch - 1) ** pace / EPOCHS
            if rule.should_stop(str(began), epoch, shown) or budget <= 0:
                break
        else:
            epoch = EPOCHS
        if epoch >= EPOCHS:
            best = min(best, final - function.least)
        regrets += [best] * max(0, TRIALS - len(regrets) - budget // EPOCHS)
    return regrets[:TRIALS], began


def one(task: tuple[str, str, int, int]) -> list[float]:
    """Run one search with one seed; return the regret after each trial."""
    name, function, at_once, seed = task
    if name == "Hyperband":
        return hyperband(FUNCTIONS[function], seed, at_once)[0]
    return curve(SEARCHES[name](FUNCTIONS[function].ranges, seed), FUNCTIONS[function], at_once)


def measured(seeds: int) -> dict[tuple[str, str, int], list[float]]:
    """Run all searches; return the median regrets after each trial, by search, function and trials at once."""
    names = [*SEARCHES, "Hyperband"]
    keys = [(name, function, at_once) for name in names for function in FUNCTIONS for at_once in (1, 4)]
    tasks = [(*key, seed) for key in keys for seed in range(seeds)]
    with ProcessPoolExecutor(2) as pool:
        curves = list(pool.map(one, tasks, chunksize=5))
    results: dict[tuple[str, str, int], list[float]] = {}
    for number, key in enumerate(keys):
        own = curves[number * seeds : (number + 1) * seeds]
        results[key] = [median(values) for values in zip(*own, strict=True)]
    return results


def table(results: Mapping[tuple[str, str, int], list[float]]) -> str:
    """Return a table of the median regrets after 50 trials."""
    heads = [f"{function}, {at_once} at once" for at_once in (1, 4) for function in FUNCTIONS]
    lines = [f"| search | {' | '.join(heads)} |", f"| --- |{' --- |' * len(heads)}"]
    for name in dict.fromkeys(name for name, _, _ in results):
        cells = [f"{results[name, function, at_once][-1]:.3g}" for at_once in (1, 4) for function in FUNCTIONS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def plot(results: Mapping[tuple[str, str, int], list[float]], path: Path) -> None:
    """Write a plot of the median regret over the trials, as SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "hptsdk"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, len(FUNCTIONS), figsize=(11, 6), sharex=True)
    for row, at_once in enumerate((1, 4)):
        for column, function in enumerate(FUNCTIONS):
            axis = axes[row][column]
            for name in dict.fromkeys(name for name, _, _ in results):
                axis.plot(range(1, TRIALS + 1), results[name, function, at_once], label=name, linewidth=1.2)
            axis.set_yscale("log")
            axis.set_title(f"{function}, {at_once} at once", fontsize=9)
    axes[0][0].set_ylabel("median regret")
    axes[1][1].set_xlabel("training jobs")
    axes[0][0].legend(fontsize=6)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


PAGE_TEXT = """# Quality of local searches

The *regret* of a search is the difference between its best value and the minimum of the function, so smaller is better.
The table has the median of the regrets of {seeds} seeds after {trials} trials. A trial computes the function; no
training job runs. With "4 at once", the search proposes values while three other trials are running.
`python3 noxfile.py -s quality` writes this page.

Branin is a function of two variables, and Hartmann6 of six. `mixed` has two continuous, two integer and two
categorical hyperparameters.

Bayesian (TPE) is the search of the local service with `sampler="tpe"`, the default, and Bayesian (GP) that with
`sampler="gp"`. Optuna's TPE is the sampler of Bayesian (TPE) without hptsdk.

Hyperband stops trials early. Each trial has a simulated learning curve of {epochs} epochs, and all trials together have
as many epochs as {trials} complete trials. Its trials always run one after another. In the columns with 4 at once, its
learning curves begin further from their last value.

{table}

The median regret of Bayesian (TPE), divided by that of Optuna's TPE, with 1 at once:
{ratios}.

![Median regret over the trials](local-tuning-quality.svg)
"""


def main() -> None:
    """Measure, and write the page and the plot. The first argument is the number of seeds, 20 by default."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    results = measured(seeds)
    ratios = [
        results["Bayesian (TPE)", function, 1][-1] / results["Optuna's TPE, directly", function, 1][-1]
        for function in FUNCTIONS
    ]
    page = PAGE_TEXT.format(
        seeds=seeds,
        trials=TRIALS,
        epochs=EPOCHS,
        table=table(results),
        ratios=", ".join(f"{ratio:.2f} for {name}" for name, ratio in zip(FUNCTIONS, ratios, strict=True)),
    )
    print(page)
    (DOCS / "local-tuning-quality.md").write_text(page)
    plot(results, DOCS / "local-tuning-quality.svg")


if __name__ == "__main__":
    main()
