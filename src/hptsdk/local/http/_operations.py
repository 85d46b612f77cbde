"""The twelve operations: requests read and checked by the shapes and rules of hptsdk itself."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from hptsdk import errors
from hptsdk._validation import Shape
from hptsdk.client import warm_start_violations
from hptsdk.local._missing import no_program_text
from hptsdk.local._programs import MissingProgram
from hptsdk.local.http._listing import Listing, Tokens
from hptsdk.local.http._quotas import check_quotas, check_unfinished
from hptsdk.local.http._request_members import refuse_unsupported
from hptsdk.local.http._responses import Describer
from hptsdk.local.jobs import Row, Store, insert, now, update
from hptsdk.local.process import UnsafePathError, check_channels
from hptsdk.local.search import TRAINING, TUNING, Plan, chosen, has_something_to_search
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
    from collections.abc import Callable, Mapping, Sequence

    from hptsdk.advice import Quotas
    from hptsdk.local.jobs import Engine
    from hptsdk.local.process import Places
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

__all__ = ["Operations"]

QueryT = TypeVar("QueryT", bound=Shape)
Answer = dict[str, Any]

_SEED_BITS = 31
_MOST_TAGS = 50


class Operations:
    """Carries calls out.

    Args:
        engine: runs the jobs.
        tokens: of pages.
        quotas: those that a tuning job is refused above.
    """

    def __init__(self, engine: Engine, tokens: Tokens, quotas: Quotas) -> None:
        self._engine = engine
        self._quotas = quotas
        self._store: Store = engine.store
        self._tokens = tokens
        self._describer = Describer(engine.store, engine.setting, engine.running_seconds, engine.missing_programs_of)
        self._known: dict[str, Callable[[Mapping[str, object]], Answer]] = {
            "CreateHyperParameterTuningJob": self._create,
            "DescribeHyperParameterTuningJob": self._describe,
            "ListHyperParameterTuningJobs": self._list,
            "ListTrainingJobsForHyperParameterTuningJob": self._list_own,
            "StopHyperParameterTuningJob": self._stop,
            "DeleteHyperParameterTuningJob": self._delete,
            "DescribeTrainingJob": self._describe_training,
            "ListTrainingJobs": self._list_training,
            "StopTrainingJob": self._stop_training,
            "AddTags": self._add_tags,
            "ListTags": self._list_tags,
            "DeleteTags": self._delete_tags,
        }

    def call(self, operation: str, body: Mapping[str, object]) -> Answer:
        """Carry one out.

        Raises:
            Refusal: it is refused.
            StoreUnavailableError: nothing can be kept now.
        """
        method = self._known.get(operation)
        if method is None:
            raise Refusal("UnknownOperationException", f"The local service has no operation {operation}.")
        return method(body)

    # --- tuning jobs ---

    def _create(self, body: Mapping[str, object]) -> Answer:
        request = _read(CreateHyperParameterTuningJobRequest, body)
        name = request.hyper_parameter_tuning_job_name
        if self._store.one(_BY_NAME, name) is not None:
            raise job_name_in_use(name)
        self._check(request)
        effective = _chosen(request)
        config = request.hyper_parameter_tuning_job_config
        seed = secrets.randbits(_SEED_BITS) if config.random_seed is None else config.random_seed
        try:
            plan = Plan(effective, seed, self._engine.setting.sampler)
        except ValueError as error:
            raise bad_request(f"{error}") from error
        check_quotas(effective, plan, self._quotas)
        arn, at = self._engine.setting.arn(TUNING, name), now()
        with self._store.writing() as connection:
            if connection.execute(_BY_NAME, (name,)).fetchone() is not None:
                raise job_name_in_use(name)
            check_unfinished(connection, self._quotas)
            identity = insert(
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
            row = connection.execute("SELECT * FROM tuning_jobs WHERE id = ?", (identity,)).fetchone()
        self._engine.begin(row)
        return {"HyperParameterTuningJobArn": arn}

    def _parents(self, request: CreateHyperParameterTuningJobRequest) -> list[int]:
        """Find the parents of a warm start.

        Raises:
            Refusal: the request does not go with them.
        """
        config = request.warm_start_config
        if config is None:
            return []
        if violations := warm_start_violations(request, self._described):
            raise _violated(violations)
        named = [parent.hyper_parameter_tuning_job_name or "" for parent in config.parent_hyper_parameter_tuning_jobs]
        return [int(self._job(name)["id"]) for name in named]

    def _described(self, name: str) -> DescribeHyperParameterTuningJobResponse:
        row = self._store.one(_BY_NAME, name)
        if row is None:
            raise errors.ResourceNotFoundError(f"there is no job {name}", code="ResourceNotFound", operation="Describe")
        return from_wire(DescribeHyperParameterTuningJobResponse, self._describer.tuning_job(row))

    def _check(self, request: CreateHyperParameterTuningJobRequest) -> None:
        refuse_unsupported(request)
        programs, places = self._engine.programs, self._engine.setting.places
        for _, definition in definitions_of(request):
            algorithm = definition.algorithm_specification
            if programs.of(algorithm) is None:
                image, name = algorithm.training_image, algorithm.algorithm_name
                missing = MissingProgram(image, name, ())
                raise bad_request(no_program_text(missing, programs, self._engine.setting.root))
            check_channels(definition, places)
            _check_targets(definition, places)

    def _job(self, name: str) -> Row:
        row = self._store.one(_BY_NAME, name)
        if row is None:
            raise job_not_found(name)
        return row

    def _describe(self, body: Mapping[str, object]) -> Answer:
        query = _read(DescribeHyperParameterTuningJobRequest, body)
        return self._describer.tuning_job(self._job(query.hyper_parameter_tuning_job_name))

    def _list(self, body: Mapping[str, object]) -> Answer:
        query = _read(ListHyperParameterTuningJobsRequest, body)
        listing = Listing("tuning_jobs", query.sort_by or "Name", query.sort_order, query.max_results, query.next_token)
        listing.where("deleted = ?", 0)
        listing.filter(query)
        return listing.page(
            self._store, self._tokens, "HyperParameterTuningJobSummaries", self._describer.tuning_job_summary
        )

    def _stop(self, body: Mapping[str, object]) -> Answer:
        name = _read(StopHyperParameterTuningJobRequest, body).hyper_parameter_tuning_job_name
        with self._store.writing() as connection:
            row = self._job(name)
            if row["status"] != "InProgress":
                raise bad_request(f"The hyperparameter tuning job {name} is already {row['status']}.")
            update(connection, "tuning_jobs", row["id"], status="Stopping", modified=now())
        self._engine.stop(row["id"])
        return {}

    def _delete(self, body: Mapping[str, object]) -> Answer:
        name = _read(DeleteHyperParameterTuningJobRequest, body).hyper_parameter_tuning_job_name
        with self._store.writing() as connection:
            row = self._job(name)
            if row["ended"] is None:
                raise bad_request(f"The hyperparameter tuning job {name} is {row['status']}, not in a terminal state.")
            update(connection, "tuning_jobs", row["id"], deleted=1)
            connection.execute("DELETE FROM tags WHERE arn = ?", (self._engine.setting.arn(TUNING, name),))
        return {}

    # --- training jobs ---

    def _list_own(self, body: Mapping[str, object]) -> Answer:
        query = _read(ListTrainingJobsForHyperParameterTuningJobRequest, body)
        row = self._job(query.hyper_parameter_tuning_job_name)
        listing = Listing(
            "training_jobs", query.sort_by or "Name", query.sort_order, query.max_results, query.next_token
        )
        listing.where("tuning_job = ?", row["id"])
        listing.where("status = ?", query.status_equals)
        request = self._describer.request(row)
        return listing.page(
            self._store,
            self._tokens,
            "TrainingJobSummaries",
            lambda found: self._describer.training_job_of_tuning(found, request),
        )

    def _training_job(self, name: str) -> Row:
        row = self._store.one("SELECT * FROM training_jobs WHERE name = ?", name)
        if row is None:
            raise training_job_not_found()
        return row

    def _describe_training(self, body: Mapping[str, object]) -> Answer:
        row = self._training_job(_read(DescribeTrainingJobRequest, body).training_job_name)
        tuning = self._store.one("SELECT * FROM tuning_jobs WHERE id = ?", row["tuning_job"])
        if tuning is None:
            raise training_job_not_found()
        return self._describer.training_job(row, tuning)

    def _list_training(self, body: Mapping[str, object]) -> Answer:
        query = _read(ListTrainingJobsRequest, body)
        listing = Listing(
            "training_jobs", query.sort_by or "CreationTime", query.sort_order, query.max_results, query.next_token
        )
        listing.filter(query)
        if query.warm_pool_status_equals is not None or query.training_plan_arn_equals is not None:
            # there are neither warm pools nor training plans here
            listing.where("0 = ?", 1)
        return listing.page(self._store, self._tokens, "TrainingJobSummaries", self._describer.training_job_summary)

    def _stop_training(self, body: Mapping[str, object]) -> Answer:
        name = _read(StopTrainingJobRequest, body).training_job_name
        with self._store.writing() as connection:
            row = self._training_job(name)
            if row["status"] not in ("InProgress", "Stopping"):
                raise bad_request(f"The request was rejected because the training job is in status {row['status']}.")
            update(connection, "training_jobs", row["id"], status="Stopping", stop=row["stop"] or "Stopped")
        self._engine.stop_training_job(row["tuning_job"], name)
        return {}

    # --- tags ---

    def _resource(self, arn: str) -> None:
        """See that there is such a resource."""
        kind, _, name = arn.rpartition(":")[2].partition("/")
        query = _BY_NAME if kind == TUNING else "SELECT 1 FROM training_jobs WHERE lower(name) = lower(?)"
        known = kind in (TUNING, TRAINING) and self._engine.setting.arn(kind, name) == arn.lower()
        if not known or self._store.one(query, name) is None:
            raise bad_request(f"The resource {arn} does not exist.")

    def _add_tags(self, body: Mapping[str, object]) -> Answer:
        query = _read(AddTagsInput, body)
        self._resource(query.resource_arn)
        arn = query.resource_arn.lower()
        with self._store.writing() as connection:
            connection.executemany(
                "INSERT INTO tags VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [(arn, tag.key, tag.value) for tag in query.tags],
            )
            found = connection.execute("SELECT key, value FROM tags WHERE arn = ? ORDER BY key", (arn,)).fetchall()
            if len(found) > _MOST_TAGS:
                raise Refusal("ResourceLimitExceeded", f"A resource has at most {_MOST_TAGS} tags.")
        return {"Tags": [{"Key": row["key"], "Value": row["value"]} for row in found]}

    def _list_tags(self, body: Mapping[str, object]) -> Answer:
        query = _read(ListTagsInput, body)
        self._resource(query.resource_arn)
        # a resource has no more of them than the smallest page holds
        rows = self._store.all("SELECT key, value FROM tags WHERE arn = ? ORDER BY key", query.resource_arn.lower())
        return {"Tags": [{"Key": row["key"], "Value": row["value"]} for row in rows]}

    def _delete_tags(self, body: Mapping[str, object]) -> Answer:
        query = _read(DeleteTagsInput, body)
        self._resource(query.resource_arn)
        with self._store.writing() as connection:
            connection.executemany(
                "DELETE FROM tags WHERE arn = ? AND key = ?",
                [(query.resource_arn.lower(), key) for key in query.tag_keys],
            )
        return {}


_BY_NAME = "SELECT * FROM tuning_jobs WHERE lower(name) = lower(?) AND NOT deleted"


def _read(cls: type[QueryT], body: Mapping[str, object]) -> QueryT:
    """Read and check a request, and refuse it as SageMaker does, with everything wrong at once."""
    try:
        return from_wire(cls, body)
    except errors.InvalidShapeError as error:
        raise _violated(error.violations) from error


def _violated(violations: Sequence[errors.Violation]) -> Refusal:
    count, said = len(violations), "; ".join(violation.message for violation in violations)
    return bad_request(f"{count} validation error{'s' if count > 1 else ''} detected: {said}")


def _chosen(request: CreateHyperParameterTuningJobRequest) -> CreateHyperParameterTuningJobRequest:
    """Give the request that is carried out: with what Autotune chose, where it is on."""
    if request.autotune is None:
        return request
    try:
        found = chosen(request)
    except errors.InvalidShapeError as error:
        raise _violated(error.violations) from error
    if not has_something_to_search(found):
        raise bad_request("Autotune has nothing to search here: give ranges, or AutoParameters whose hint is a number.")
    return found


def _check_targets(definition: HyperParameterTrainingJobDefinition, places: Places) -> None:
    """See that what a training job leaves has a place."""
    checkpoints = definition.checkpoint_config
    for uri in (definition.output_data_config.s3_output_path, checkpoints.s3_uri if checkpoints else None):
        try:
            places.path(uri or "s3://none/")
        except UnsafePathError as error:
            raise bad_request(f"{uri} can't be written to: {error}") from error
