"""Warm start: what the training jobs of parents teach a search."""

from __future__ import annotations

import json
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from hptsdk.local.search._tuning_search import read_request
from hptsdk.rules.definitions import definitions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hptsdk.local.jobs import Store
    from hptsdk.local.search._tuning_search import Branch
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["learn_from_parents"]


def learn_from_parents(
    store: Store, parents: Sequence[int], request: CreateHyperParameterTuningJobRequest, branches: Sequence[Branch]
) -> None:
    """Show a search the finished training jobs of the parents.

    For TransferLearning the values of each parent are standardized, since its data may be of another scale.
    """
    config = request.warm_start_config
    if config is None:
        return
    (branch,) = branches
    for parent in parents:
        found = list(_finished(store, parent))
        values = [value for _, value in found]
        if config.warm_start_type == "TransferLearning" and values:
            middle, spread = fmean(values), pstdev(values) or 1.0
            values = [(value - middle) / spread for value in values]
            branch.search.standardize()
        for (tried, _), value in zip(found, values, strict=True):
            branch.search.observe(tried, value)


def _finished(store: Store, parent: int) -> Iterator[tuple[dict[str, str], float]]:
    """Go through what a parent tried, its static hyperparameters among it: the child may tune one of them."""
    row = store.one("SELECT * FROM tuning_jobs WHERE id = ?", parent)
    if row is None:
        return
    request = read_request(row["chosen"] or row["request"])
    static = [dict(definition.static_hyper_parameters or {}) for _, definition in definitions_of(request)]
    for trained in store.all(
        "SELECT definition, tuned, objective FROM training_jobs "
        "WHERE tuning_job = ? AND objective IS NOT NULL ORDER BY number",
        parent,
    ):
        yield {**static[int(trained["definition"])], **json.loads(trained["tuned"])}, float(trained["objective"])
