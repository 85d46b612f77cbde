"""Pages of lists. Each page begins after the last row of the previous one, so that all pages take the same time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hptsdk.local.jobs import Row, Store
    from hptsdk.shapes import (
        ListHyperParameterTuningJobsRequest,
        ListTrainingJobsForHyperParameterTuningJobRequest,
        ListTrainingJobsRequest,
    )

    Query = (
        ListHyperParameterTuningJobsRequest
        | ListTrainingJobsForHyperParameterTuningJobRequest
        | ListTrainingJobsRequest
    )

__all__ = ["Listing", "Tokens"]

_PAGE_SIZE = 10
_COLUMNS = {"Name": "name", "CreationTime": "created", "Status": "status", "FinalObjectiveMetricValue": "objective"}


class Tokens:
    """The tokens of next pages. They are signed, and valid after a restart.

    Args:
        key: the key of the signatures.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def _signature(self, query: str, position: str) -> str:
        return hmac.new(self._key, f"{query}\n{position}".encode(), hashlib.sha256).hexdigest()[:32]

    def create(self, query: str, last: list[object]) -> str:
        """Return the token of the page after a row, which its sort column and its name identify."""
        position = json.dumps(last)
        return base64.urlsafe_b64encode(f"{self._signature(query, position)}{position}".encode()).decode()

    def read(self, query: str, token: str) -> list[object]:
        """Return the row of a token.

        Raises:
            Refusal: the token belongs to another query, or is not from this service.
        """
        try:
            content = base64.urlsafe_b64decode(token.encode()).decode()
        except ValueError:
            content = ""
        signature, position = content[:32], content[32:]
        if not hmac.compare_digest(signature, self._signature(query, position)):
            raise bad_request("NextToken does not belong to this list with these filters and this order.")
        return list(json.loads(position))


class Listing:
    """One page of a list.

    Args:
        query: the request.
        table: the table with the rows.
        store: the stored jobs.
        tokens: creates and reads the tokens of pages.
        sort_by: the default order. Defaults to Name.
    """

    def __init__(
        self,
        query: Query,
        table: str,
        store: Store,
        tokens: Tokens,
        *,
        sort_by: str = "Name",
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._table = table
        self._column = _COLUMNS[query.sort_by or sort_by]
        self._is_descending = query.sort_order == "Descending"
        self._size = query.max_results or _PAGE_SIZE
        self._next_token = query.next_token
        self._conditions: list[tuple[str, list[object]]] = []
        if self._column == "objective":
            self._conditions.append(("objective IS NOT NULL", []))

    def where(self, condition: str, value: object) -> None:
        """Add a condition with a value, unless the value is None.

        Args:
            condition: an SQL condition with one placeholder.
            value: the value of the placeholder.
        """
        if value is not None:
            self._conditions.append((condition, [value]))

    def filter(self, query: ListHyperParameterTuningJobsRequest | ListTrainingJobsRequest) -> None:
        """Add the conditions of a query: a part of the name, the status, and times."""
        self.where("instr(name, ?) > 0", query.name_contains)
        self.where("status = ?", query.status_equals)
        self.where("created > ?", _seconds(query.creation_time_after))
        self.where("created < ?", _seconds(query.creation_time_before))
        self.where("modified > ?", _seconds(query.last_modified_time_after))
        self.where("modified < ?", _seconds(query.last_modified_time_before))

    def page(self, member: str, summary: Callable[[Row], object]) -> dict[str, object]:
        """Return the response with the page.

        Args:
            member: the member of the response with the summaries.
            summary: returns the summary of a row.

        Raises:
            Refusal: the token is not of a page of this list.
        """
        order, comparison = ("DESC", "<") if self._is_descending else ("ASC", ">")
        query = json.dumps([self._table, self._column, order, self._conditions])
        values = [value for _, values in self._conditions for value in values]
        conditions = [f"({condition})" for condition, _ in self._conditions]
        if self._next_token is not None:
            values += self._tokens.read(query, self._next_token)
            conditions.append(f"({self._column}, name) {comparison} (?, ?)")
        rows = self._store.all(
            f"SELECT * FROM {self._table} WHERE {' AND '.join(conditions) or 'TRUE'} "  # noqa: S608 - constants only
            f"ORDER BY {self._column} {order}, name {order} LIMIT {self._size + 1}",
            *values,
        )
        response: dict[str, object] = {member: [summary(row) for row in rows[: self._size]]}
        if len(rows) > self._size:
            last = rows[self._size - 1]
            response["NextToken"] = self._tokens.create(query, [last[self._column], last["name"]])
        return response


def _seconds(time: datetime | None) -> float | None:
    return None if time is None else time.timestamp()
