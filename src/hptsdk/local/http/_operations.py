"""The twelve operations of the local service. Their requests are validated by the shapes and rules of hptsdk."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import attrs

from hptsdk import errors
from hptsdk.client import warm_start_violations
from hptsdk.local._options import missing_program_text
from hptsdk.local.http._listing import Listing
from hptsdk.local.http._quotas import check_quotas, check_unfinished
from hptsdk.local.http._responses import Responses
from hptsdk.local.jobs import TRAINING_JOB, TUNING_JOB, Row, insert, now, update
from hptsdk.local.process import CHECKPOINTS, UnsafePathError, check_channels
from hptsdk.local.search import TuningSearch, apply_autotune
from hptsdk.rules.definitions import definitions_of
from hptsdk.shapes import (
    AddTagsInput,
    CreateHyperParameterTuningJobRequest,
    DeleteHyperParameterTuningJobRequest,
    DeleteTagsInput,
    DescribeHyperParameterTuningJobRequest,
    DescribeHyperParameterTuningJobResponse,
    DescribeTrainingJobRequest,
    ListHyperParameterTuningJobsRequest,
    ListTagsInput,
    ListTrainingJobsForHyperParameterTuningJobRequest,
    ListTrainingJobsRequest,
    StopHyperParameterTuningJobRequest,
    StopTrainingJobRequest,
)
from hptsdk.transport import Refusal, bad_request, job_name_in_use, job_not_found, training_job_not_found
from hptsdk.wire import dumps, from_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hptsdk._validation import Shape
    from hptsdk.advice import Quotas
    from hptsdk.local.http._listing import Tokens
    from hptsdk.local.jobs import Engine
    from hptsdk.local.process import Storage
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

__all__ = ["Operations"]

Body = dict[str, Any]

_SEED_BITS, _MAX_TAGS = 31, 50

_TUNING_JOB = "SELECT * FROM tuning_jobs WHERE lower(name) = lower(?) AND NOT deleted"
_TRAINING_JOB = "SELECT * FROM training_jobs WHERE name = ?"


class Operations:
    """The operations of the API.

    Args:
        engine: runs the jobs.
        tokens: creates and reads the tokens of pages.
        quotas: the quotas above which a tuning job is refused.
    """

    def __init__(self, engine: Engine, tokens: Tokens, quotas: Quotas) -> None:
        self._engine = engine
        self._quotas = quotas
        self._config = engine.context.config
        self._store = engine.context.store
        self._tokens = tokens
        self._responses = Responses(self._store, self._config, engine.run_of)
        self._operations: dict[str, tuple[type[Shape], Callable[[Any], Body | None]]] = {
            "CreateHyperParameterTuningJob": (CreateHyperParameterTuningJobRequest, self._create),
            "DescribeHyperParameterTuningJob": (DescribeHyperParameterTuningJobRequest, self._describe),
            "ListHyperParameterTuningJobs": (ListHyperParameterTuningJobsRequest, self._list),
            "ListTrainingJobsForHyperParameterTuningJob": (
                ListTrainingJobsForHyperParameterTuningJobRequest,
                self._list_of_tuning_job,
            ),
            "StopHyperParameterTuningJob": (StopHyperParameterTuningJobRequest, self._stop),
            "DeleteHyperParameterTuningJob": (DeleteHyperParameterTuningJobRequest, self._delete),
            "DescribeTrainingJob": (DescribeTrainingJobRequest, self._describe_training_job),
            "ListTrainingJobs": (ListTrainingJobsRequest, self._list_training_jobs),
            "StopTrainingJob": (StopTrainingJobRequest, self._stop_training_job),
            "AddTags": (AddTagsInput, self._add_tags),
            "ListTags": (ListTagsInput, self._list_tags),
            "DeleteTags": (DeleteTagsInput, self._delete_tags),
        }

    def call(self, operation: str, body: Mapping[str, object]) -> Body | None:
        """Return the response of an operation; None if it has no output.

        Raises:
            Refusal: the request is refused; if it is invalid, the message has all violations, as that of SageMaker.
            StoreUnavailableError: the store cannot be written now.
        """
        if operation not in self._operations:
            raise Refusal("UnknownOperationException", f"The local service has no operation {operation}.")
        request_class, method = self._operations[operation]
        try:
            request = from_wire(request_class, body)
        except errors.InvalidShapeError as error:
            raise _violated(error.violations) from error
        return method(request)

    # --- tuning jobs ---

    def _create(self, request: CreateHyperParameterTuningJobRequest) -> Body:
        """Create a tuning job, after all checks of the request."""
        name = request.hyper_parameter_tuning_job_name
        if self._store.one(_TUNING_JOB, name) is not None:
            raise job_name_in_use(name)
        for _, definition in definitions_of(request):
            self._check_definition(definition)
        config = request.hyper_parameter_tuning_job_config
        seed = secrets.randbits(_SEED_BITS) if config.random_seed is None else config.random_seed
        try:
            effective = apply_autotune(request)
            search = TuningSearch(effective, seed, self._config.sampler)
        except errors.InvalidShapeError as error:
            raise _violated(error.violations) from error
        except ValueError as error:
            raise bad_request(f"{error}") from error
        check_quotas(effective, search.max_jobs or 0, self._quotas)
        arn, at = self._config.arn(TUNING_JOB, name), now()
        with self._store.writing() as connection:
            if connection.execute(_TUNING_JOB, (name,)).fetchone() is not None:
                raise job_name_in_use(name)
            check_unfinished(connection, self._quotas)
            tuning_job = insert(
                connection,
                "tuning_jobs",
                name=name,
                nonce=secrets.token_hex(8),
                request=dumps(attrs.evolve(request, tags=None)),
                chosen=None if effective is request else dumps(attrs.evolve(effective, tags=None)),
                parents=self._parents(request),
                seed=seed,
                status="InProgress",
                created=at,
                modified=at,
            )
            connection.execute("DELETE FROM tags WHERE arn = ?", (arn,))
            connection.executemany(
                "INSERT INTO tags VALUES (?, ?, ?)", [(arn, tag.key, tag.value) for tag in request.tags or ()]
            )
            row = connection.execute("SELECT * FROM tuning_jobs WHERE id = ?", (tuning_job,)).fetchone()
        self._engine.begin(row)
        return {"HyperParameterTuningJobArn": arn}

    def _check_definition(self, definition: HyperParameterTrainingJobDefinition) -> None:
        """Check that the service has the program, the data and the folders of a definition.

        Raises:
            Refusal: it does not have one of them.
        """
        programs, storage = self._engine.context.programs, self._config.storage
        if (missing := programs.missing(definition.algorithm_specification)) is not None:
            raise bad_request(missing_program_text(missing, programs, self._config.root))
        check_channels(definition, storage)
        _check_targets(definition, storage)

    def _parents(self, request: CreateHyperParameterTuningJobRequest) -> list[int]:
        """Return the IDs of the parents of a warm start.

        Raises:
            Refusal: the request is invalid together with its parents.
        """
        config = request.warm_start_config
        if config is None:
            return []
        if violations := warm_start_violations(request, self._described):
            raise _violated(violations)
        names = [parent.hyper_parameter_tuning_job_name or "" for parent in config.parent_hyper_parameter_tuning_jobs]
        return [int(self._tuning_job(name)["id"]) for name in names]

    def _described(self, name: str) -> DescribeHyperParameterTuningJobResponse:
        """Return the description of a parent for the rules about warm starts.

        Raises:
            ResourceNotFoundError: the tuning job does not exist.
        """
        row = self._store.one(_TUNING_JOB, name)
        if row is None:
            message = f"no tuning job has the name {name}"
            raise errors.ResourceNotFoundError(message, code="ResourceNotFound", operation="Describe")
        return from_wire(DescribeHyperParameterTuningJobResponse, self._responses.tuning_job(row))

    def _tuning_job(self, name: str) -> Row:
        """Return the row of a tuning job.

        Raises:
            Refusal: it does not exist.
        """
        row = self._store.one(_TUNING_JOB, name)
        if row is None:
            raise job_not_found(name)
        return row

    def _describe(self, query: DescribeHyperParameterTuningJobRequest) -> Body:
        return self._responses.tuning_job(self._tuning_job(query.hyper_parameter_tuning_job_name))

    def _list(self, query: ListHyperParameterTuningJobsRequest) -> Body:
        listing = Listing(query, "tuning_jobs", self._store, self._tokens)
        listing.where("deleted = ?", 0)
        listing.filter(query)
        return listing.page("HyperParameterTuningJobSummaries", self._responses.tuning_job_summary)

    def _stop(self, query: StopHyperParameterTuningJobRequest) -> None:
        """Stop a tuning job that runs."""
        name = query.hyper_parameter_tuning_job_name
        with self._store.writing() as connection:
            row = self._tuning_job(name)
            if row["status"] != "InProgress":
                raise bad_request(f"The hyperparameter tuning job {name} is already {row['status']}.")
            update(connection, "tuning_jobs", row["id"], status="Stopping", modified=now())
        if (run := self._engine.run_of(row["id"])) is not None:
            run.stop()

    def _delete(self, query: DeleteHyperParameterTuningJobRequest) -> None:
        """Delete a tuning job that has ended; its training jobs stay."""
        name = query.hyper_parameter_tuning_job_name
        with self._store.writing() as connection:
            row = self._tuning_job(name)
            if row["ended"] is None:
                raise bad_request(f"The hyperparameter tuning job {name} is {row['status']}, not in a terminal state.")
            update(connection, "tuning_jobs", row["id"], deleted=1)
            connection.execute("DELETE FROM tags WHERE arn = ?", (self._config.arn(TUNING_JOB, name),))

    # --- training jobs ---

    def _list_of_tuning_job(self, query: ListTrainingJobsForHyperParameterTuningJobRequest) -> Body:
        """Return a page of the training jobs of a tuning job."""
        row = self._tuning_job(query.hyper_parameter_tuning_job_name)
        listing = Listing(query, "training_jobs", self._store, self._tokens)
        listing.where("tuning_job = ?", row["id"])
        listing.where("status = ?", query.status_equals)
        request = self._responses.request(row)
        return listing.page("TrainingJobSummaries", lambda job: self._responses.tuned_job_summary(job, request))

    def _training_job(self, name: str) -> Row:
        """Return the row of a training job.

        Raises:
            Refusal: it does not exist.
        """
        row = self._store.one(_TRAINING_JOB, name)
        if row is None:
            raise training_job_not_found()
        return row

    def _describe_training_job(self, query: DescribeTrainingJobRequest) -> Body:
        row = self._training_job(query.training_job_name)
        tuning_job = self._store.one("SELECT * FROM tuning_jobs WHERE id = ?", row["tuning_job"])
        if tuning_job is None:
            raise training_job_not_found()
        return self._responses.training_job(row, tuning_job)

    def _list_training_jobs(self, query: ListTrainingJobsRequest) -> Body:
        listing = Listing(query, "training_jobs", self._store, self._tokens, sort_by="CreationTime")
        listing.filter(query)
        if query.warm_pool_status_equals is not None or query.training_plan_arn_equals is not None:
            # the local service has neither warm pools nor training plans
            listing.where("0 = ?", 1)
        return listing.page("TrainingJobSummaries", self._responses.training_job_summary)

    def _stop_training_job(self, query: StopTrainingJobRequest) -> None:
        """Stop a training job that runs or waits."""
        name = query.training_job_name
        with self._store.writing() as connection:
            row = self._training_job(name)
            if row["status"] not in ("InProgress", "Stopping"):
                raise bad_request(f"The request was rejected because the training job is in status {row['status']}.")
            update(connection, "training_jobs", row["id"], status="Stopping", stop=row["stop"] or "Stopped")
        if (run := self._engine.run_of(row["tuning_job"])) is not None:
            run.stop_training_job(name)

    # --- tags ---

    def _resource(self, arn: str) -> str:
        """Return the ARN of an existing resource as it is stored.

        Raises:
            Refusal: the resource does not exist.
        """
        resource_type, _, name = arn.rpartition(":")[2].partition("/")
        query = (
            _TUNING_JOB if resource_type == TUNING_JOB else "SELECT 1 FROM training_jobs WHERE lower(name) = lower(?)"
        )
        is_own = resource_type in (TUNING_JOB, TRAINING_JOB) and self._config.arn(resource_type, name) == arn.lower()
        if not is_own or self._store.one(query, name) is None:
            raise bad_request(f"The resource {arn} does not exist.")
        return arn.lower()

    def _add_tags(self, query: AddTagsInput) -> Body:
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

    def _list_tags(self, query: ListTagsInput) -> Body:
        arn = self._resource(query.resource_arn)
        # the smallest page holds all tags of a resource
        return _tags(self._store.all("SELECT key, value FROM tags WHERE arn = ? ORDER BY key", arn))

    def _delete_tags(self, query: DeleteTagsInput) -> Body:
        arn = self._resource(query.resource_arn)
        with self._store.writing() as connection:
            keys = [(arn, key) for key in query.tag_keys]
            connection.executemany("DELETE FROM tags WHERE arn = ? AND key = ?", keys)
        return {}


def _tags(rows: Iterable[Row]) -> Body:
    return {"Tags": [{"Key": row["key"], "Value": row["value"]} for row in rows]}


def _violated(violations: Sequence[errors.Violation]) -> Refusal:
    count, text = len(violations), "; ".join(violation.message for violation in violations)
    return bad_request(f"{count} validation error{'s' if count > 1 else ''} detected: {text}")


def _check_targets(definition: HyperParameterTrainingJobDefinition, storage: Storage) -> None:
    """Check that the output and the checkpoints of a training job have a folder.

    Raises:
        Refusal: an address is outside the folder of its bucket, or LocalPath is another folder.
    """
    checkpoints = definition.checkpoint_config
    path = (checkpoints and checkpoints.local_path) or CHECKPOINTS
    if path.rstrip("/") != CHECKPOINTS:
        raise bad_request(
            f"LocalPath {path} is not supported by the local service: checkpoints are in the folder of "
            f"SM_CHECKPOINT_DIR, which corresponds to {CHECKPOINTS}."
        )
    output = definition.output_data_config.s3_output_path
    for uri in (output, checkpoints.s3_uri) if checkpoints else (output,):
        try:
            storage.path(uri)
        except UnsafePathError as error:
            raise bad_request(f"{uri} can't be written to: {error}") from error
