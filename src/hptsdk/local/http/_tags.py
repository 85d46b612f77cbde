"""The operations of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk.local.http._tuning_jobs import TUNING_JOB_BY_NAME
from hptsdk.local.jobs import TRAINING_JOB, TUNING_JOB
from hptsdk.transport import Refusal, bad_request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hptsdk.local.jobs import Row, ServiceConfig, Store
    from hptsdk.shapes import AddTagsInput, DeleteTagsInput, ListTagsInput

__all__ = ["Tags"]

Body = dict[str, Any]

_MAX_TAGS = 50


class Tags:
    """The operations of tags.

    Args:
        store: the stored jobs.
        config: the configuration of the service.
    """

    def __init__(self, store: Store, config: ServiceConfig) -> None:
        self._store = store
        self._config = config

    def _resource(self, arn: str) -> str:
        """Return the ARN of an existing resource as it is stored.

        Raises:
            Refusal: the resource does not exist.
        """
        resource_type, _, name = arn.rpartition(":")[2].partition("/")
        query = (
            TUNING_JOB_BY_NAME
            if resource_type == TUNING_JOB
            else "SELECT 1 FROM training_jobs WHERE lower(name) = lower(?)"
        )
        is_own = resource_type in (TUNING_JOB, TRAINING_JOB) and self._config.arn(resource_type, name) == arn.lower()
        if not is_own or self._store.one(query, name) is None:
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
            rows = connection.execute("SELECT key, value FROM tags WHERE arn = ? ORDER BY key", (arn,)).fetchall()
            if len(rows) > _MAX_TAGS:
                raise Refusal("ResourceLimitExceeded", f"A resource has at most {_MAX_TAGS} tags.")
        return _tags(rows)

    def get(self, query: ListTagsInput) -> Body:
        arn = self._resource(query.resource_arn)
        # the smallest page holds all tags of a resource
        return _tags(self._store.all("SELECT key, value FROM tags WHERE arn = ? ORDER BY key", arn))

    def delete(self, query: DeleteTagsInput) -> Body:
        arn = self._resource(query.resource_arn)
        with self._store.writing() as connection:
            keys = [(arn, key) for key in query.tag_keys]
            connection.executemany("DELETE FROM tags WHERE arn = ? AND key = ?", keys)
        return {}


def _tags(rows: Iterable[Row]) -> Body:
    return {"Tags": [{"Key": row["key"], "Value": row["value"]} for row in rows]}
