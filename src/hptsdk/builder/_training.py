"""The builder of one training job definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast, overload

from hptsdk._validation import names_arguments, wire_name
from hptsdk.builder._channels import ChannelMethods
from hptsdk.builder._formatting import as_json, as_text, texts
from hptsdk.builder._objective import objective
from hptsdk.builder._partial_shape import Partial, raw
from hptsdk.builder._ranges import RangeMethods
from hptsdk.builder._repr import summary, summary_of_definition
from hptsdk.shapes import (
    Channel,
    HyperParameterAlgorithmSpecification,
    HyperParameterTrainingJobDefinition,
    HyperParameterTuningInstanceConfig,
    HyperParameterTuningResourceConfig,
    MetricDefinition,
    OutputDataConfig,
    ParameterRanges,
    ResourceConfig,
    StoppingCondition,
    VpcConfig,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NewType, Self

    from hptsdk.builder._formatting import Number
    from hptsdk.enums import (
        TrainingInputMode,
    )
    from hptsdk.instance_types import TrainingInstanceType

    MinimizeOrMaximizeIsMissing = NewType("MinimizeOrMaximizeIsMissing", str)

__all__ = ["DefinitionBuilder", "TrainingBuilder", "training"]

_DEFINITION = HyperParameterTrainingJobDefinition


@names_arguments(image="TrainingImage", algorithm="AlgorithmName", output="OutputDataConfig")
def training(  # noqa: PLR0913 - what the API requires is required here
    *,
    image: str | None = None,
    algorithm: str | None = None,
    role_arn: str,
    output: str | OutputDataConfig,
    instance_type: TrainingInstanceType,
    instance_count: int,
    max_runtime_in_seconds: int,
    volume_size_in_gb: int | None = None,
) -> TrainingBuilder:
    """Begin the definition of the training jobs that a tuning job launches.

    Args:
        image: the training image's ECR path; or
        algorithm: the name or ARN of an algorithm of SageMaker or of the Marketplace; exactly one of the two.
        role_arn: the role that SageMaker takes on.
        output: where the model artifacts go, as ``s3://bucket/prefix/``.
        instance_type: as ``ml.m5.xlarge``.
        instance_count: instances for each training job.
        max_runtime_in_seconds: a training job that runs longer is stopped.
        volume_size_in_gb: storage for each instance, in GB.

    Raises:
        InvalidShapeError: an argument that the service would refuse.
        TypeError: both of image and algorithm, or neither.

    Example:
        >>> import hptsdk
        >>> hptsdk.training(
        ...     image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
        ...     role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        ...     output="s3://amzn-s3-demo-bucket/out/",
        ...     instance_type="ml.m5.xlarge",
        ...     instance_count=1,
        ...     max_runtime_in_seconds=3600,
        ...     volume_size_in_gb=30,
        ... ).channel("train", "s3://amzn-s3-demo-bucket/train/")
        <TrainingBuilder
          image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1
          instances: 1 ml.m5.xlarge
          runtime: 3600 seconds
          output: s3://amzn-s3-demo-bucket/out/
          role: arn:aws:iam::123456789012:role/SageMakerRole
          channels: train>
    """
    if (image is None) == (algorithm is None):
        message = "pass exactly one of image= and algorithm="
        raise TypeError(message)
    definition = Partial(
        _DEFINITION,
        ("role_arn", "output_data_config"),
        algorithm_specification=Partial(
            HyperParameterAlgorithmSpecification,
            training_image=image,
            algorithm_name=algorithm,
            training_input_mode="File",
        ),
        role_arn=role_arn,
        output_data_config=raw(OutputDataConfig, s3_output_path=output) if isinstance(output, str) else output,
        resource_config=Partial(
            ResourceConfig,
            ("instance_type", "instance_count"),
            instance_type=instance_type,
            instance_count=instance_count,
            volume_size_in_gb=volume_size_in_gb,
        ),
        stopping_condition=Partial(
            StoppingCondition, ("max_runtime_in_seconds",), max_runtime_in_seconds=max_runtime_in_seconds
        ),
    )
    return TrainingBuilder(definition.checked())


class _Definition(ChannelMethods):
    """What can be said of a definition, alone or among several."""

    def __init__(self, definition: Partial) -> None:
        self._definition = definition

    def __repr__(self) -> str:
        """Return a summary in a few lines, without values that may be secrets."""
        return summary(self, self._definition.get("definition_name"), summary_of_definition(self._definition))

    def _new(self, definition: Partial) -> Self:
        return type(self)(definition)

    def _within(self, name: str, **members: object) -> Self:
        """Set members of a structure of the definition; None is refused."""
        return self._new(self._definition.within(name, tuple(members), **members))

    def _channels(self) -> Sequence[Channel]:
        return cast("Sequence[Channel] | None", self._definition.get("input_data_config")) or ()

    @names_arguments()
    def with_(self, **members: object) -> Self:
        """Take ready shapes for members of HyperParameterTrainingJobDefinition, in place of what was there.

        One of `resource_config` and `hyper_parameter_tuning_resource_config` takes the other's place.

        Raises:
            TypeError: there is no such member.
            InvalidShapeError: a member that the service would refuse.
        """
        resources = ("resource_config", "hyper_parameter_tuning_resource_config")
        given = [name for name in resources if members.get(name) is not None]
        if len(given) == 1:
            members = dict.fromkeys(resources) | members
        return self._new(self._definition.with_(**members))

    # --- the algorithm ---

    @names_arguments()
    def metric(self, name: str, regex: str) -> Self:
        """Add a metric that SageMaker reads out of the training log.

        Args:
            name: its name, which an objective can refer to.
            regex: its first group is the value.
        """
        metrics = cast(
            "Sequence[MetricDefinition] | None", self._definition.get("algorithm_specification", "metric_definitions")
        )
        return self.metrics([*(metrics or ()), cast("MetricDefinition", raw(MetricDefinition, name=name, regex=regex))])

    @names_arguments(metrics="MetricDefinitions")
    def metrics(self, metrics: Sequence[MetricDefinition]) -> Self:
        """Set all the metrics."""
        return self._new(self._definition.within("algorithm_specification", metric_definitions=metrics))

    @names_arguments(mode="TrainingInputMode")
    def input_mode(self, mode: TrainingInputMode) -> Self:
        """Set how data reaches the algorithm where a channel does not say; File where this is not called."""
        return self._new(
            self._definition.within("algorithm_specification", ("training_input_mode",), training_input_mode=mode)
        )

    @names_arguments(mapping="StaticHyperParameters")
    def static(self, mapping: Mapping[str, str | Number] | None = None, /, **values: str | Number) -> Self:
        """Add hyperparameters that do not vary; numbers are written as decimal text.

        Args:
            mapping: those whose names are no Python names.
            **values: the others.

        Raises:
            InvalidShapeError: a value is neither text nor a number; no value shows in it.
        """
        return self._with_map("static_hyper_parameters", mapping, values, as_text)

    @names_arguments(mapping="StaticHyperParameters")
    def static_json(self, mapping: Mapping[str, object] | None = None, /, **values: object) -> Self:
        """Add hyperparameters that do not vary, each written as JSON, as script-mode programs read them.

        Raises:
            InvalidShapeError: JSON has no such value; no value shows in it.
        """
        return self._with_map("static_hyper_parameters", mapping, values, as_json)

    @names_arguments(mapping="Environment")
    def environment(self, mapping: Mapping[str, str | Number] | None = None, /, **values: str | Number) -> Self:
        """Add environment variables of the training container; numbers are written as decimal text.

        Raises:
            InvalidShapeError: a value is neither text nor a number; no value shows in it.
        """
        return self._with_map("environment", mapping, values, as_text)

    def _with_map(
        self, member: str, mapping: object, values: Mapping[str, object], written: Callable[[object], str]
    ) -> Self:
        """Add to a map; what is no mapping is left for the check of the member to tell."""
        if mapping is not None and not isinstance(mapping, Mapping):
            return self.with_(**{member: mapping})
        given = {**cast("Mapping[object, object]", mapping or {}), **cast("Mapping[object, object]", values)}
        paths = [((wire_name(member), (key,)), value) for key, value in given.items()]
        added = zip(given, texts(_DEFINITION, paths, written, secret=True), strict=True)
        known = cast("Mapping[object, object] | None", self._definition.get(member))
        return self.with_(**{member: {**(known or {}), **dict(added)}})

    # --- where and how it runs ---

    @names_arguments()
    def vpc(self, *, subnets: Sequence[str], security_group_ids: Sequence[str]) -> Self:
        """Run the training jobs in a VPC."""
        return self.with_(vpc_config=raw(VpcConfig, subnets=subnets, security_group_ids=security_group_ids))

    @names_arguments(max_wait_in_seconds="MaxWaitTimeInSeconds")
    def spot(self, *, max_wait_in_seconds: int) -> Self:
        """Use managed spot capacity.

        Args:
            max_wait_in_seconds: for waiting and running together; not below the runtime.
        """
        waiting = self._within("stopping_condition", max_wait_time_in_seconds=max_wait_in_seconds)
        return waiting.with_(enable_managed_spot_training=True)

    @names_arguments()
    def checkpoints(self, s3_uri: str, *, local_path: str | None = None) -> Self:
        """Keep checkpoints, so that an interrupted training job can go on.

        Args:
            s3_uri: where they are kept.
            local_path: where the container writes them; ``/opt/ml/checkpoints`` where nothing is said.
        """
        return self._new(
            self._definition.within("checkpoint_config", ("s3_uri",), s3_uri=s3_uri, local_path=local_path)
        )

    @names_arguments(attempts="MaximumRetryAttempts")
    def retries(self, attempts: int) -> Self:
        """Retry a training job that failed for an internal reason, this often."""
        return self._new(
            self._definition.within("retry_strategy", ("maximum_retry_attempts",), maximum_retry_attempts=attempts)
        )

    @names_arguments(instances="InstanceConfigs")
    def instances(self, instances: Sequence[HyperParameterTuningInstanceConfig]) -> Self:
        """Use the first of these that is to be had, in place of the one instance type."""
        resources = Partial(
            HyperParameterTuningResourceConfig,
            ("instance_configs",),
            instance_configs=instances,
            allocation_strategy="Prioritized",
        )
        return self.with_(hyper_parameter_tuning_resource_config=resources)

    @names_arguments()
    def network_isolation(self) -> Self:
        """Let the training container make no network calls."""
        return self.with_(enable_network_isolation=True)

    @names_arguments()
    def encrypt_traffic(self) -> Self:
        """Encrypt the traffic between the containers of a training job."""
        return self.with_(enable_inter_container_traffic_encryption=True)


class TrainingBuilder(_Definition):
    """Builds the training job definition of a tuning job; made by `hptsdk.training`."""

    @overload
    def named(self, name: str, *, minimize: str) -> DefinitionBuilder: ...
    @overload
    def named(self, name: str, *, maximize: str) -> DefinitionBuilder: ...
    # matches no call: the message of pyright for a call without an objective names the type
    @overload
    def named(self, name: MinimizeOrMaximizeIsMissing) -> DefinitionBuilder: ...
    @names_arguments(name="DefinitionName", minimize="MetricName", maximize="MetricName")
    def named(self, name: str, *, minimize: str | None = None, maximize: str | None = None) -> DefinitionBuilder:
        """Make it one of several definitions, with ranges and an objective of its own.

        Args:
            name: unique among the definitions.
            minimize: the metric to minimize; or
            maximize: the metric to maximize; exactly one of the two.

        Raises:
            TypeError: both of minimize and maximize, or neither.
        """
        members = {"definition_name": name, "tuning_objective": objective(minimize, maximize)}
        return DefinitionBuilder(self._definition.set(**members))


class DefinitionBuilder(_Definition, RangeMethods):
    """Builds one of several training job definitions; made by `TrainingBuilder.named`."""

    def _ranges(self) -> ParameterRanges | None:
        return cast("ParameterRanges | None", self._definition.get("hyper_parameter_ranges"))

    def _with_ranges(self, ranges: ParameterRanges) -> Self:
        return self.with_(hyper_parameter_ranges=ranges)
