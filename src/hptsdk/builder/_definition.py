"""Builder methods for the members of a training job definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import is_mapping, wire_name
from hptsdk._validation.call_arguments import names_arguments
from hptsdk.builder._channels_and_ranges import ChannelMethods
from hptsdk.builder._partial_shape import PartialShape, member, unvalidated_part
from hptsdk.builder._repr import builder_repr, definition_lines, format_all, format_json, format_text
from hptsdk.shapes import (
    HyperParameterTrainingJobDefinition,
    HyperParameterTuningInstanceConfig,
    HyperParameterTuningResourceConfig,
    MetricDefinition,
    VpcConfig,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

    from hptsdk.builder._repr import Number
    from hptsdk.enums import TrainingInputMode

_ALGORITHM = "algorithm_specification"


class DefinitionMethods(ChannelMethods):
    """The methods of a training job definition, which may be one of several."""

    def __repr__(self) -> str:
        """Return the parts in a few lines, without values that may be secrets."""
        return builder_repr(self, member(self._partial, "definition_name"), definition_lines(self._partial))

    def _within(self, name: str, required: tuple[str, ...] = (), /, **members: object) -> Self:
        """Return a new builder with these members in a structure of the definition."""
        return self._new(self._partial.replace_in(name, required, **members))

    @names_arguments()
    def with_(self, **members: object) -> Self:
        """Set members of HyperParameterTrainingJobDefinition.

        Args:
            **members: by attribute name, a shape or a value; None removes the member. One of `resource_config` and
                `hyper_parameter_tuning_resource_config` replaces the other.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: a member violates a constraint or rule.
            TypeError: a name is not that of a member.
        """
        resources = ("resource_config", "hyper_parameter_tuning_resource_config")
        if sum(members.get(name) is not None for name in resources) == 1:
            members = dict.fromkeys(resources) | members
        return self._new(self._partial.replace(**members))

    # --- algorithm ---

    @names_arguments()
    def metric(self, name: str, regex: str) -> Self:
        """Add a metric that SageMaker parses from the training log.

        Args:
            name: the name of the metric, to which an objective can refer.
            regex: a regular expression; its first group is the value.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: an argument, or the number of metrics, violates a constraint or rule.

        See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-metrics-variables.html.
        """
        metrics: Sequence[MetricDefinition] | None = self._partial.get(_ALGORITHM, "metric_definitions")
        return self.metrics([*(metrics or ()), unvalidated_part(MetricDefinition, name=name, regex=regex)])

    @names_arguments(metrics="MetricDefinitions")
    def metrics(self, metrics: Sequence[MetricDefinition]) -> Self:
        """Replace all metrics.

        Args:
            metrics: 0 to 40 metrics.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the list or a metric violates a constraint or rule.
        """
        return self._within(_ALGORITHM, metric_definitions=metrics)

    @names_arguments(mode="TrainingInputMode")
    def input_mode(self, mode: TrainingInputMode) -> Self:
        """Set how the algorithm reads channels that have no input mode of their own.

        Args:
            mode: ``"File"``, ``"FastFile"`` or ``"Pipe"``. `hptsdk.training` sets ``"File"``.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the mode is none of these.
        """
        return self._within(_ALGORITHM, ("training_input_mode",), training_input_mode=mode)

    @names_arguments(mapping="StaticHyperParameters")
    def static(self, mapping: Mapping[str, str | Number] | None = None, /, **values: str | Number) -> Self:
        """Add or replace static hyperparameters; numbers are formatted as decimal text.

        Args:
            mapping: values by name, also for names that are not Python identifiers.
            **values: values by name.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: a value is neither text nor a finite number, or violates a constraint. It is not shown.
        """
        return self._with_entries("static_hyper_parameters", mapping, values, format_text)

    @names_arguments(mapping="StaticHyperParameters")
    def static_json(self, mapping: Mapping[str, object] | None = None, /, **values: object) -> Self:
        """Add or replace static hyperparameters formatted as JSON, as in script mode of the SageMaker Python SDK.

        Args:
            mapping: values by name, also for names that are not Python identifiers.
            **values: values by name.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: a value cannot be JSON, or violates a constraint; the error shows no value.
        """
        return self._with_entries("static_hyper_parameters", mapping, values, format_json)

    @names_arguments(mapping="Environment")
    def environment(self, mapping: Mapping[str, str | Number] | None = None, /, **values: str | Number) -> Self:
        """Add or replace environment variables of the training container; numbers are formatted as decimal text.

        Args:
            mapping: values by name, also for names that are not Python identifiers.
            **values: values by name.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: a value is neither text nor a finite number, or violates a constraint. It is not shown.
        """
        return self._with_entries("environment", mapping, values, format_text)

    def _with_entries(
        self, name: str, mapping: object, values: Mapping[str, object], formatter: Callable[[object], str]
    ) -> Self:
        """Return a new builder with more entries in a map."""
        if mapping is not None and not is_mapping(mapping):
            return self.with_(**{name: mapping})
        added: dict[str, object] = {**(mapping or {}), **values}
        paths = [((wire_name(name), (key,)), value) for key, value in added.items()]
        texts = format_all(HyperParameterTrainingJobDefinition, paths, formatter, secret=True)
        existing: Mapping[str, str] | None = self._partial.get(name)
        return self.with_(**{name: {**(existing or {}), **dict(zip(added, texts, strict=True))}})

    # --- instances, network and limits ---

    @names_arguments()
    def vpc(self, *, subnets: Sequence[str], security_group_ids: Sequence[str]) -> Self:
        """Run the training jobs in a VPC.

        Args:
            subnets: the IDs of 1 to 16 subnets.
            security_group_ids: the IDs of 1 to 5 security groups in the VPC of the subnets.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: an argument violates a constraint.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html.
        """
        return self.with_(
            vpc_config=unvalidated_part(VpcConfig, subnets=subnets, security_group_ids=security_group_ids)
        )

    @names_arguments(max_wait_in_seconds="MaxWaitTimeInSeconds")
    def spot(self, *, max_wait_in_seconds: int) -> Self:
        """Use managed Spot training.

        Args:
            max_wait_in_seconds: the maximum time for waiting and training together, in seconds; at least the maximum
                runtime.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the time violates a constraint.

        See https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html.
        """
        waiting = self._within(
            "stopping_condition", ("max_wait_time_in_seconds",), max_wait_time_in_seconds=max_wait_in_seconds
        )
        return waiting.with_(enable_managed_spot_training=True)

    @names_arguments(seconds="MaxPendingTimeInSeconds")
    def max_pending_time(self, seconds: int) -> Self:
        """Stop training jobs that wait too long for accelerated instances, such as those of ml.p and ml.g.

        Args:
            seconds: the maximum time in the secondary status Pending, from 1,800 to 2,419,200 seconds.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the time is out of range.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html.
        """
        return self._within("stopping_condition", ("max_pending_time_in_seconds",), max_pending_time_in_seconds=seconds)

    @names_arguments()
    def checkpoints(self, s3_uri: str, *, local_path: str | None = None) -> Self:
        """Copy checkpoints to S3, so that an interrupted training job can continue.

        Args:
            s3_uri: the S3 URI of the checkpoints.
            local_path: the directory of the checkpoints in the container. SageMaker's default is
                ``/opt/ml/checkpoints``.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: an argument violates a constraint.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CheckpointConfig.html.
        """
        return self._within("checkpoint_config", ("s3_uri",), s3_uri=s3_uri, local_path=local_path)

    @names_arguments(attempts="MaximumRetryAttempts")
    def retries(self, attempts: int) -> Self:
        """Retry training jobs that fail with an internal server error. The maximum runtime is that of all attempts.

        Args:
            attempts: the maximum number of retries, from 1 to 30.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the number is out of range.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RetryStrategy.html.
        """
        return self._within("retry_strategy", ("maximum_retry_attempts",), maximum_retry_attempts=attempts)

    @names_arguments(instances="InstanceConfigs")
    def instances(self, instances: Sequence[HyperParameterTuningInstanceConfig]) -> Self:
        """Use the first available of several instance types, in place of the instances of `hptsdk.training`.

        Args:
            instances: 1 to 6 instance configurations, in order of preference.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the list or a configuration violates a constraint.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningResourceConfig.html.
        """
        resources = PartialShape(
            HyperParameterTuningResourceConfig,
            ("instance_configs",),
            instance_configs=instances,
            allocation_strategy="Prioritized",
        )
        return self.with_(hyper_parameter_tuning_resource_config=resources)

    @names_arguments()
    def network_isolation(self) -> Self:
        """Block the network access of training containers, except to each other, and return a new builder."""
        return self.with_(enable_network_isolation=True)

    @names_arguments()
    def encrypt_traffic(self) -> Self:
        """Encrypt the traffic between the containers of a training job, and return a new builder."""
        return self.with_(enable_inter_container_traffic_encryption=True)
