"""Pages of lists: by keyset, so that each costs the same wherever it is, with tokens bound to their query."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, cast

import attrs

from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hptsdk.local.jobs import Row, Store
    from hptsdk.shapes import ListHyperParameterTuningJobsRequest, ListTrainingJobsRequest

__all__ = ["Listing", "Tokens"]

_PAGE = 10
_COLUMNS = {"Name": "name", "CreationTime": "created", "Status": "status", "FinalObjectiveMetricValue": "objective"}


class Tokens:
    """Makes and reads the tokens of next pages; they survive a restart.

    Args:
        key: signs them.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def _signature(self, query: str, place: str) -> str:
        return hmac.new(self._key, f"{query}\n{place}".encode(), hashlib.sha256).hexdigest()[:32]

    def make(self, query: str, after: list[object]) -> str:
        """Make the token of the page after a row."""
        place = json.dumps(after)
        return base64.urlsafe_b64encode(f"{self._signature(query, place)}{place}".encode()).decode()

    def read(self, query: str, token: str) -> list[object]:
        """Read a token.

        Raises:
            Refusal: it belongs to another query, or was never made here.
        """
        try:
            content = base64.urlsafe_b64decode(token.encode()).decode()
        except ValueError:
            content = ""
        signature, place = content[:32], content[32:]
        if not hmac.compare_digest(signature, self._signature(query, place)):
            raise bad_request("NextToken is not of a page of this list, with these filters and this order.")
        found: object = json.loads(place)
        return cast("list[object]", found)


@attrs.define
class Listing:
    """One list as it is asked for.

    Attributes:
        table: where its rows are.
        sort_by: what to order by, under the API's name.
        sort_order: the direction.
        max_results: most rows of a page.
        next_token: of the page before.
        conditions: what a row must satisfy, with the values that it names.
    """

    table: str
    sort_by: str
    sort_order: str | None
    max_results: int | None
    next_token: str | None
    conditions: list[tuple[str, list[object]]] = attrs.field(factory=list[tuple[str, list[object]]])

    def where(self, condition: str, value: object) -> None:
        """Ask for more, where there is something to ask for."""
        if value is not None:
            self.conditions.append((condition, [value]))

    def filter(self, query: ListHyperParameterTuningJobsRequest | ListTrainingJobsRequest) -> None:
        """Add the conditions of a query: a part of the name, the status, and spans of time."""
        self.where("instr(name, ?) > 0", query.name_contains)
        self.where("status = ?", query.status_equals)
        self.times("created", query.creation_time_after, query.creation_time_before)
        self.times("modified", query.last_modified_time_after, query.last_modified_time_before)

    def times(self, column: str, after: datetime | None, before: datetime | None) -> None:
        """Ask for a span of time."""
        self.where(f"{column} > ?", after.timestamp() if after else None)
        self.where(f"{column} < ?", before.timestamp() if before else None)

    def page(self, store: Store, tokens: Tokens, name: str, make: Callable[[Row], object]) -> dict[str, object]:
        """Give the page."""
        column = _COLUMNS[self.sort_by]
        order, sign = ("DESC", "<") if self.sort_order == "Descending" else ("ASC", ">")
        conditions = list(self.conditions)
        if column == "objective":
            conditions.append(("objective IS NOT NULL", []))
        query = json.dumps([self.table, column, order, conditions])
        values = [value for _, found in conditions for value in found]
        texts = [f"({text})" for text, _ in conditions]
        if self.next_token is not None:
            values += tokens.read(query, self.next_token)
            texts.append(f"({column}, name) {sign} (?, ?)")
        size = self.max_results or _PAGE
        rows = store.all(
            f"SELECT * FROM {self.table} WHERE {' AND '.join(texts) or 'TRUE'} "  # noqa: S608 - names of ours
            f"ORDER BY {column} {order}, name {order} LIMIT {size + 1}",
            *values,
        )
        answer: dict[str, object] = {name: [make(row) for row in rows[:size]]}
        if len(rows) > size:
            last = rows[size - 1]
            answer["NextToken"] = tokens.make(query, [last[column], last["name"]])
        return answer
