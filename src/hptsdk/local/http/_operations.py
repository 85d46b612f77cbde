"""The operations of the local service. Their requests are validated by the shapes and rules of hptsdk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk import errors
from hptsdk.local.http._model_requests import check_by_model
from hptsdk.local.http._refusals import violated
from hptsdk.local.http._responses import Responses
from hptsdk.local.http._search import Search
from hptsdk.local.http._tags import Tags
from hptsdk.local.http._training_jobs import TrainingJobs
from hptsdk.local.http._tuning_jobs import TuningJobs
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
from hptsdk.transport import Refusal
from hptsdk.wire import from_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk._validation import Shape
    from hptsdk.advice import Quotas
    from hptsdk.local.http._listing import Tokens
    from hptsdk.local.jobs import Engine

__all__ = ["Operations"]

Body = dict[str, Any]


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
