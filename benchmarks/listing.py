"""Measure the peak memory of an iteration over `client.list()`."""

import tracemalloc
from collections.abc import Mapping
from typing import Any

from measure import Row

import hptsdk

_PAGE = 100


class _Pages:
    """A transport that returns pages of summaries, up to a total number of summaries."""

    def __init__(self, total: int) -> None:
        self.total = total

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002 - only list operations are called
        """Return the page that begins at the number in NextToken."""
        begin = int(body.get("NextToken", 0))
        end = begin + _PAGE
        summaries = [
            {
                "HyperParameterTuningJobName": f"job-{number}",
                "HyperParameterTuningJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:x/{number}",
                "HyperParameterTuningJobStatus": "Completed",
                "Strategy": "Bayesian",
                "CreationTime": 1790000000.0 + number,
                "TrainingJobStatusCounters": {"Completed": number},
                "ObjectiveStatusCounters": {"Succeeded": number},
            }
            for number in range(begin, end)
        ]
        page: dict[str, Any] = {"HyperParameterTuningJobSummaries": summaries}
        return page | ({"NextToken": str(end)} if end < self.total else {})


def _peak(total: int) -> int:
    client = hptsdk.TuningClient(transport=_Pages(total))
    tracemalloc.start()
    count = sum(1 for _ in client.list(page_size=_PAGE))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    if count != total:
        raise AssertionError(count)
    return peak


def rows() -> list[Row]:
    """Return the ratio of a long list to a short one, each the smallest of three peaks, so imports do not count."""
    long, short = (min(_peak(total) for _ in range(3)) for total in (100_000, 1000))
    return [
        Row(
            "peak memory of an iteration over 100,000 summaries",
            "the same with 1,000 summaries",
            long / short,
            1.2,
            1.05,
        )
    ]
