"""Pages of lists, searches for tuning jobs and training jobs by their properties, and their tags."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hptsdk.local.http._responses import tags_of
from hptsdk.local.jobs import CREATE_TRAINING_JOB_REQUEST, TRAINING_JOB, TUNING_JOB
from hptsdk.transport import Refusal, bad_request
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk._validation import Shape
    from hptsdk.local.http._responses import Responses
    from hptsdk.local.jobs import Row, ServiceConfig, Store
    from hptsdk.shapes import AddTagsInput, DeleteTagsInput, ListTagsInput

Body = dict[str, Any]

BY_NAME = {
    TUNING_JOB: "SELECT * FROM tuning_jobs WHERE lower(name) = lower(?) AND NOT deleted",
    TRAINING_JOB: "SELECT * FROM training_jobs WHERE lower(name) = lower(?)",
}
"""The SQL queries for the job with a name, by the resource type in its ARN."""

_PAGE_SIZE = 10
_COLUMNS = {"Name": "name", "CreationTime": "created", "Status": "status", "FinalObjectiveMetricValue": "objective"}


class Tokens:
    """The values of NextToken. They are signed with a key, and remain valid after a restart with the same key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def _signature(self, query: str, position: str) -> str:
        return hmac.new(self._key, f"{query}\n{position}".encode(), hashlib.sha256).hexdigest()[:32]

    def create(self, query: str, last: list[object]) -> str:
        """Return the token of the page after a position in the results of a query, such as the last row of a page."""
        position = json.dumps(last)
        return base64.urlsafe_b64encode(f"{self._signature(query, position)}{position}".encode()).decode()

    def read(self, query: str, token: str) -> list[object]:
        """Return the position in a token.

        Raises:
            Refusal: the token belongs to another query, or was not created with this key.
        """
        try:
            content = base64.urlsafe_b64decode(token.encode()).decode("ascii")
        except ValueError:
            content = ""
        signature, position = content[:32], content[32:]
        if not hmac.compare_digest(signature, self._signature(query, position)):
            raise bad_request("NextToken does not belong to this list with these filters and this order.")
        return list(json.loads(position))


# The conditions of the members that select jobs. The local service has neither warm pools nor training plans.
_CONDITIONS = {
    "NameContains": "instr(name, ?) > 0",
    "StatusEquals": "status = ?",
    "CreationTimeAfter": "created > ?",
    "CreationTimeBefore": "created < ?",
    "LastModifiedTimeAfter": "modified > ?",
    "LastModifiedTimeBefore": "modified < ?",
    "WarmPoolStatusEquals": "? IS NULL",
    "TrainingPlanArnEquals": "? IS NULL",
}


class Lists:
    """The List operations of jobs: their filters, orders and pages."""

    def __init__(self, store: Store, tokens: Tokens) -> None:
        self._store = store
        self._tokens = tokens

    def page(
        self,
        request: Shape,
        member: str,
        summary: Callable[[Row], object],
        table: str,
        own: Mapping[str, object] | None = None,
        *,
        sort_by: str = "Name",
    ) -> Body:
        """Return the response of a List operation: a page of summaries, and NextToken if there are more.

        Args:
            request: a List request.
            member: the member of the response that has the summaries.
            summary: returns the summary of a row.
            table: the table of the rows.
            own: further SQL conditions, with the value of the placeholder of each. Defaults to none.
            sort_by: SortBy if the request has none. Defaults to "Name".

        Raises:
            Refusal: NextToken is not that of a page of this list.
        """
        body = to_wire(request)
        column = _COLUMNS[body.get("SortBy", sort_by)]
        order, comparison = ("DESC", "<") if body.get("SortOrder") == "Descending" else ("ASC", ">")
        conditions = dict(own or {})
        for name in body.keys() & _CONDITIONS:
            value = body[name]
            conditions[_CONDITIONS[name]] = value.timestamp() if isinstance(value, dt.datetime) else value
        if column == "objective":
            conditions["objective IS NOT ?"] = None
        query = json.dumps([table, column, order, conditions], sort_keys=True)
        values, texts = [*conditions.values()], [f"({condition})" for condition in conditions]
        if "NextToken" in body:
            values += self._tokens.read(query, body["NextToken"])
            texts.append(f"({column}, name) {comparison} (?, ?)")
        size: int = body.get("MaxResults", _PAGE_SIZE)
        rows = self._store.all(
            f"SELECT * FROM {table} WHERE {' AND '.join(texts) or 'TRUE'} "  # noqa: S608 - constants only
            f"ORDER BY {column} {order}, name {order} LIMIT {size + 1}",
            *values,
        )
        response: Body = {member: [summary(row) for row in rows[:size]]}
        if len(rows) > size:
            last = rows[size - 1]
            response["NextToken"] = self._tokens.create(query, [last[column], last["name"]])
        return response


# SQL conditions with the expression of a property, and a placeholder for the value of a filter.
_COMPARISONS = {
    "Equals": "{} = ?",
    "NotEquals": "{} IS NOT ?",
    "GreaterThan": "{} > ?",
    "GreaterThanOrEqualTo": "{} >= ?",
    "LessThan": "{} < ?",
    "LessThanOrEqualTo": "{} <= ?",
    "Contains": "instr({}, ?) > 0",
}
_EXISTENCE = {"Exists": "{} IS NOT NULL", "NotExists": "{} IS NULL"}

_TIMES = ("created", "modified", "started", "ended")


class _Expression(NamedTuple):
    """An SQL expression or condition, and the values of its placeholders."""

    text: str
    values: tuple[object, ...] = ()


class _Resource(NamedTuple):
    """A type of resource: SQL expressions, the condition of visible rows, and a function that describes a row."""

    table: str
    arn: str
    columns: Mapping[str, str]
    condition: str
    describe: Callable[[Row], Body]


class SearchOperation:
    """The operation Search, which finds tuning jobs and training jobs by their properties."""

    def __init__(self, store: Store, config: ServiceConfig, tokens: Tokens, responses: Responses) -> None:
        self._store = store
        self._tokens = tokens
        training_arn = f"'{config.arn(TRAINING_JOB, '')}' || lower(training_jobs.name)"
        tuning_arn = f"'{config.arn(TUNING_JOB, '')}' || lower(tuning_jobs.name)"
        is_tuned = f"json_extract(request, '$.{CREATE_TRAINING_JOB_REQUEST}') IS NULL"
        parent = f"tuning_jobs WHERE id = tuning_job AND {is_tuned}"
        common = {"FailureReason": "failure_reason", "CreationTime": "created", "LastModifiedTime": "modified"}
        self._resources = {
            "TrainingJob": _Resource(
                table="training_jobs",
                arn=training_arn,
                columns={
                    "TrainingJobName": "name",
                    "TrainingJobArn": training_arn,
                    "TrainingJobStatus": "status",
                    "SecondaryStatus": "secondary",
                    "TuningJobArn": f"(SELECT {tuning_arn} FROM {parent})",  # noqa: S608 - no text of a caller
                    **common,
                    "TrainingStartTime": "started",
                    "TrainingEndTime": "ended",
                },
                condition="TRUE",
                describe=responses.training_job,
            ),
            "HyperParameterTuningJob": _Resource(
                table="tuning_jobs",
                arn=tuning_arn,
                columns={
                    "HyperParameterTuningJobName": "name",
                    "HyperParameterTuningJobArn": tuning_arn,
                    "HyperParameterTuningJobStatus": "status",
                    **common,
                    "HyperParameterTuningEndTime": "ended",
                },
                condition="NOT deleted",
                describe=responses.tuning_job,
            ),
        }

    def run(self, body: Body) -> Body:
        """Return a page of the resources that match a search expression, by default the last modified ones first.

        Raises:
            Refusal: the local service does not have the resource or a property, a filter is invalid or unsupported, or
                NextToken is not that of a page of this search.
        """
        name = str(body["Resource"])
        if (resource := self._resources.get(name)) is None:
            known = " and ".join(self._resources)
            raise bad_request(f"The local service searches {known}, and has no resource {name}.")
        condition = _condition(resource, body.get("SearchExpression", {}))
        order = _property(resource, body.get("SortBy", "LastModifiedTime"))
        direction = "ASC" if body.get("SortOrder") == "Ascending" else "DESC"
        query = json.dumps([name, condition, order, direction])
        (start,) = self._tokens.read(query, body["NextToken"]) if "NextToken" in body else (0,)
        size = body.get("MaxResults", _PAGE_SIZE)
        rows = self._store.all(
            f"SELECT *, {resource.arn} AS arn FROM {resource.table} "  # noqa: S608 - constants and placeholders only
            f"WHERE {resource.condition} AND {condition.text} "
            f"ORDER BY {order.text} {direction} NULLS LAST, name LIMIT ? OFFSET ?",
            *(*condition.values, *order.values, size + 1, start),
        )
        response: Body = {
            "Results": [
                {name: {**resource.describe(row), "Tags": tags_of(self._store, row["arn"])}} for row in rows[:size]
            ]
        }
        if len(rows) > size:
            response["NextToken"] = self._tokens.create(query, [int(str(start)) + size])
        return response


def _condition(resource: _Resource, expression: Body) -> _Expression:
    if expression.get("NestedFilters"):
        raise bad_request("The local service does not support NestedFilters; use Filters and SubExpressions.")
    parts = [_filter(resource, one) for one in expression.get("Filters", ())]
    parts += [_condition(resource, one) for one in expression.get("SubExpressions", ())]
    operator = " OR " if expression.get("Operator") == "Or" else " AND "
    text = operator.join(f"({part.text})" for part in parts) or "TRUE"
    return _Expression(f"({text})", tuple(value for part in parts for value in part.values))


def _filter(resource: _Resource, one: Body) -> _Expression:
    expression, operator = _property(resource, one["Name"]), one.get("Operator", "Equals")
    if operator in _EXISTENCE:
        return _Expression(_EXISTENCE[operator].format(expression.text), expression.values)
    if "Value" not in one:
        raise bad_request(f"The filter of {one['Name']} needs a Value.")
    if operator == "In":
        values = [_value(one["Name"], expression, text.strip()) for text in one["Value"].split(",")]
        placeholders = ", ".join("?" * len(values))
        return _Expression(f"{expression.text} IN ({placeholders})", (*expression.values, *values))
    if operator not in _COMPARISONS:
        expected = ", ".join([*_COMPARISONS, *_EXISTENCE, "In"])
        raise bad_request(f"The Operator of the filter of {one['Name']}: expected one of {expected}, got {operator}.")
    value = _value(one["Name"], expression, one["Value"])
    return _Expression(_COMPARISONS[operator].format(expression.text), (*expression.values, value))


def _property(resource: _Resource, name: str) -> _Expression:
    if (column := resource.columns.get(name)) is not None:
        return _Expression(column)
    head, _, key = name.partition(".")
    if head == "Tags" and key:
        condition = f"arn = {resource.arn} AND key = ?"
        return _Expression(f"(SELECT value FROM tags WHERE {condition})", (key,))  # noqa: S608 - no text of a caller
    has_metrics = resource.table == "training_jobs"
    if head == "Metrics" and key and has_metrics:
        return _Expression("(SELECT json_extract(value, '$[0]') FROM json_each(finals) WHERE key = ?)", (key,))
    known = ", ".join([*resource.columns, "Tags.KEY", *(["Metrics.NAME"] if has_metrics else [])])
    raise bad_request(f"The local service cannot search the property {name}. Properties: {known}.")


def _value(name: str, expression: _Expression, text: str) -> object:
    """Return the value of a filter of a property: seconds since 1970 for a time, a number for a metric, or text.

    A time without an offset is in UTC.
    """
    expected = "a number"
    try:
        if expression.text in _TIMES:
            expected = "a time in ISO 8601, such as 2026-01-31T12:00:00"
            time = dt.datetime.fromisoformat(text)
            return (time if time.tzinfo else time.replace(tzinfo=dt.UTC)).timestamp()
        return float(text) if "json_each" in expression.text else text
    except ValueError as error:
        raise bad_request(f"The Value of the filter of {name}: expected {expected}, got {text}.") from error


_MAX_TAGS = 50


class Tags:
    """The operations AddTags, ListTags and DeleteTags. Each raises a Refusal if it rejects the request."""

    def __init__(self, store: Store, config: ServiceConfig) -> None:
        self._store = store
        self._config = config

    def _resource(self, arn: str) -> str:
        resource_type, _, name = arn.rpartition(":")[2].partition("/")
        is_own = resource_type in BY_NAME and self._config.arn(resource_type, name) == arn.lower()
        if not is_own or self._store.one(BY_NAME[resource_type], name) is None:
            raise bad_request(f"The resource {arn} does not exist.")
        return arn.lower()

    def add(self, query: AddTagsInput) -> Body:
        """Add tags to a resource, and replace the values of existing keys."""
        arn = self._resource(query.resource_arn)
        with self._store.writing() as connection:
            connection.executemany(
                "INSERT INTO tags VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [(arn, tag.key, tag.value) for tag in query.tags],
            )
            (count,) = connection.execute("SELECT count(*) FROM tags WHERE arn = ?", (arn,)).fetchone()
            if count > _MAX_TAGS:
                raise Refusal(
                    "ResourceLimitExceeded", f"Tags: expected at most {_MAX_TAGS} for a resource, got {count}."
                )
        return {"Tags": tags_of(self._store, arn)}

    def get(self, query: ListTagsInput) -> Body:
        """Return the tags of a resource."""
        arn = self._resource(query.resource_arn)
        # MaxResults is at least 50, so that a page has all tags of a resource
        return {"Tags": tags_of(self._store, arn)}

    def delete(self, query: DeleteTagsInput) -> Body:
        """Delete the tags with the keys of the request. Keys that the resource does not have are ignored."""
        arn = self._resource(query.resource_arn)
        with self._store.writing() as connection:
            keys = [(arn, key) for key in query.tag_keys]
            connection.executemany("DELETE FROM tags WHERE arn = ? AND key = ?", keys)
        return {}
