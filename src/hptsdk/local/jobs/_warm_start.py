"""Warm start: the results of parent tuning jobs for a search."""

from __future__ import annotations

import json
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from hptsdk.local.jobs._records import read_request
from hptsdk.rules.definitions import definitions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk.local.jobs._store import Store
    from hptsdk.local.search import TuningSearch
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["add_parent_results"]


def add_parent_results(
    store: Store, parents: Sequence[int], request: CreateHyperParameterTuningJobRequest, search: TuningSearch
) -> None:
    """Add the results of the parents of a warm start to a search.

    For TransferLearning the objectives of each parent are standardized, because its data may have another scale.

    Args:
        store: the stored jobs.
        parents: the IDs of the parents.
        request: the request of the child.
        search: the search of the child.
    """
    config = request.warm_start_config
    if config is None:
        return
    (definition,) = search.definitions
    for parent in parents:
        results = _results_of(store, parent)
        objectives = [objective for _, objective in results]
        if config.warm_start_type == "TransferLearning" and objectives:
            mean, deviation = fmean(objectives), pstdev(objectives) or 1.0
            objectives = [(objective - mean) / deviation for objective in objectives]
            definition.strategy.standardize()
        for (values, _), objective in zip(results, objectives, strict=True):
            definition.strategy.add_parent_result(values, objective)


def _results_of(store: Store, parent: int) -> list[tuple[dict[str, str], float]]:
    """Return the hyperparameters and the objectives of a parent's training jobs.

    Its static hyperparameters are included, because the child may tune one of them.
    """
    row = store.one("SELECT * FROM tuning_jobs WHERE id = ?", parent)
    if row is None:
        return []
    static = [definition.static_hyper_parameters or {} for _, definition in definitions_of(read_request(row))]
    jobs = store.all(
        "SELECT definition, tuned, objective FROM training_jobs "
        "WHERE tuning_job = ? AND objective IS NOT NULL ORDER BY number",
        parent,
    )
    return [({**static[job["definition"]], **json.loads(job["tuned"])}, float(job["objective"])) for job in jobs]
