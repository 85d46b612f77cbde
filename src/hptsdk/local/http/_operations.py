"""The operations of the local service, whose requests the shapes and rules of hptsdk validate, and those of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk import errors
from hptsdk.local.http._lists import Search
from hptsdk.local.http._requests import check_by_model, violated
from hptsdk.local.http._responses import Responses, tags_of
from hptsdk.local.http._training_jobs import TrainingJobs
from hptsdk.local.http._tuning_jobs import TUNING_JOB_BY_NAME, TuningJobs
from hptsdk.local.jobs import TRAINING_JOB, TUNING_JOB
from hptsdk.shapes import (
    AddTagsInput,
    CreateHyperParameterTuningJobRequest,
    DeleteHyperParameterTuningJobRequest,
    DeleteTagsInput,
    DescribeHyperParameterTuningJobRequest,
    DescribeTrainingJobRequest,
    ListHyperParameterTuningJobsRequest,
    ListTagsInput,
    ListTrainingJobsForHyperParameterTuningJobRequest,
    ListTrainingJobsRequest,
    StopHyperParameterTuningJobRequest,
    StopTrainingJobRequest,
)
from hptsdk.transport import Refusal, bad_request
from hptsdk.wire import from_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk._validation import Shape
    from hptsdk.advice import Quotas
    from hptsdk.local.http._lists import Tokens
    from hptsdk.local.jobs import Engine, ServiceConfig, Store

__all__ = ["Operations"]

Body = dict[str, Any]

_MAX_TAGS = 50


class Tags:
    """The operations of tags."""

    def __init__(self, store: Store, config: ServiceConfig) -> None:
        self._store = store
        self._config = config

    def _resource(self, arn: str) -> str:
        """Return the ARN of an existing resource as it is stored."""
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
            (count,) = connection.execute("SELECT count(*) FROM tags WHERE arn = ?", (arn,)).fetchone()
            if count > _MAX_TAGS:
                raise Refusal("ResourceLimitExceeded", f"A resource has at most {_MAX_TAGS} tags.")
        return {"Tags": tags_of(self._store, arn)}

    def get(self, query: ListTagsInput) -> Body:
        arn = self._resource(query.resource_arn)
        # the smallest page holds all tags of a resource
        return {"Tags": tags_of(self._store, arn)}

    def delete(self, query: DeleteTagsInput) -> Body:
        arn = self._resource(query.resource_arn)
        with self._store.writing() as connection:
            keys = [(arn, key) for key in query.tag_keys]
            connection.executemany("DELETE FROM tags WHERE arn = ? AND key = ?", keys)
        return {}


class Operations:
    """The operations of the API.

    Args:
        engine: runs the jobs.
        tokens: creates and reads the tokens of pages.
        quotas: the quotas above which a tuning job is rejected.
    """

    def __init__(self, engine: Engine, tokens: Tokens, quotas: Quotas) -> None:
        store, config = engine.context.store, engine.context.config
        responses = Responses(store, config, engine)
        tuning = TuningJobs(engine, responses, tokens, quotas)
        training = TrainingJobs(engine, responses, tokens, tuning.row)
        tags = Tags(store, config)
        # the class of the request; None if hptsdk has none, and botocore's model validates it
        self._operations: dict[str, tuple[type[Shape] | None, Callable[[Any], Body | None]]] = {
            "CreateHyperParameterTuningJob": (CreateHyperParameterTuningJobRequest, tuning.create),
            "DescribeHyperParameterTuningJob": (DescribeHyperParameterTuningJobRequest, tuning.describe),
            "ListHyperParameterTuningJobs": (ListHyperParameterTuningJobsRequest, tuning.page),
            "StopHyperParameterTuningJob": (StopHyperParameterTuningJobRequest, tuning.stop),
            "DeleteHyperParameterTuningJob": (DeleteHyperParameterTuningJobRequest, tuning.delete),
            "ListTrainingJobsForHyperParameterTuningJob": (
                ListTrainingJobsForHyperParameterTuningJobRequest,
                training.page_of_tuning_job,
            ),
            "CreateTrainingJob": (None, training.create),
            "DescribeTrainingJob": (DescribeTrainingJobRequest, training.describe),
            "ListTrainingJobs": (ListTrainingJobsRequest, training.page),
            "StopTrainingJob": (StopTrainingJobRequest, training.stop),
            "Search": (None, Search(store, config, tokens, responses).run),
            "AddTags": (AddTagsInput, tags.add),
            "ListTags": (ListTagsInput, tags.get),
            "DeleteTags": (DeleteTagsInput, tags.delete),
        }

    def call(self, operation: str, body: Mapping[str, object]) -> Body | None:
        """Return the response of an operation; None if it has no output.

        Raises:
            Refusal: the request is rejected; if it is invalid, the message has all violations, as that of SageMaker.
            StoreUnavailableError: the store cannot be written now.
        """
        if operation not in self._operations:
            raise Refusal("UnknownOperationException", f"The local service has no operation {operation}.")
        request_class, method = self._operations[operation]
        if request_class is None:
            return method(check_by_model(operation, body))
        try:
            request = from_wire(request_class, body)
        except errors.InvalidShapeError as error:
            raise violated(error.violations) from error
        return method(request)
