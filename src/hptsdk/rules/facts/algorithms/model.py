"""The classes of the facts about an algorithm.

Their attributes have the names of the members of a data file. `algorithm_facts` creates their instances.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

import attrs

from hptsdk._validation import FrozenMap
from hptsdk.rules.facts.algorithms import PROGRAM, SUBMIT_DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from datetime import date

# This variable, PROGRAM or SUBMIT_DIRECTORY makes an image with script mode run a script instead of its algorithm.
_SCRIPT_VARIABLE = "SAGEMAKER_PROGRAM"


@attrs.frozen(kw_only=True)
class Hyperparameter:
    """A hyperparameter of an algorithm. Values and bounds are text, as in a request.

    A condition is another hyperparameter with a list of values, and is met if it has one of them; `*` means any text.

    Attributes:
        name: the name.
        type: the type of its values; None if it is not documented. A list is text with commas or in JSON.
        min: the lowest value, as decimal text. Defaults to None for no bound.
        max: the highest value, as decimal text. Defaults to None for no bound.
        min_excluded: whether values are above `min`, and not equal to it. Defaults to False.
        max_excluded: whether values are below `max`, and not equal to it. Defaults to False.
        values: the allowed values; empty if they are not limited to a list.
        also: other allowed values, such as `auto` for a number; `*` means any text.
        default: the value if a request has none. Defaults to None if there is none, or the algorithm computes it.
        required: whether training fails without it. Defaults to False.
        required_if: conditions; if any is met, training fails without it.
        only_if: conditions; it has an effect only if all are met.
        value_needs: values, each with conditions; the value is allowed only if all are met.
        range: the type of range with which it can be tuned. Defaults to None if it cannot.
        recommended: the lowest and the highest value of the recommended range, or the values of a categorical one;
            empty if no range is recommended.
        scaling: the recommended scaling of the range. Defaults to None.
        aliases: other names that the algorithm accepts for it.
        similar: its names in other libraries, which the algorithm does not accept.
        since: the first version of the image that has it. Defaults to None if it is not documented.
        until: the last version of the image that has it. Defaults to None if it is not documented.

    Example:
        >>> import hptsdk
        >>> image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
        >>> eta = hptsdk.schema.algorithm_of(image).hyperparameters["eta"]
        >>> eta.range, eta.min, eta.max, eta.recommended
        ('Continuous', '0', '1', ('0.1', '0.5'))
    """

    name: str
    type: Literal["integer", "float", "text", "boolean", "list"] | None = None
    min: str | None = None
    max: str | None = None
    min_excluded: bool = False
    max_excluded: bool = False
    values: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    default: str | None = None
    required: bool = False
    required_if: Mapping[str, tuple[str, ...]] = FrozenMap({})
    only_if: Mapping[str, tuple[str, ...]] = FrozenMap({})
    value_needs: Mapping[str, Mapping[str, tuple[str, ...]]] = FrozenMap({})
    range: Literal["Integer", "Continuous", "Categorical"] | None = None
    recommended: tuple[str, ...] = ()
    scaling: Literal["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"] | None = None
    aliases: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


@attrs.frozen(kw_only=True)
class Metric:
    """A metric that an algorithm emits.

    Attributes:
        name: the name, as in `MetricName` of the objective.
        direction: the direction in which it improves, as in `Type` of the objective.
        objective: whether it can be the objective metric of a tuning job. Defaults to True.
        channel: the channel without which it is not emitted. Defaults to None if it needs none but the training data.
        only_if: conditions as of a `Hyperparameter`; it is emitted only if all are met. Empty if it always is.
        regex: the regex with which SageMaker reads it from the log. Defaults to None if it is not published.
    """

    name: str
    direction: Literal["Maximize", "Minimize"]
    objective: bool = True
    channel: str | None = None
    only_if: Mapping[str, tuple[str, ...]] = FrozenMap({})
    regex: str | None = None


@attrs.frozen(kw_only=True)
class AlgorithmChannel:
    """A channel that an algorithm reads.

    Attributes:
        name: the name, as in `ChannelName`.
        required: whether training fails without it. Defaults to False.
        required_for: content types of the training data with which it is required.
        required_by: hyperparameters that need it.
        only_if: conditions; the algorithm reads it only if all are met.
        content_types: its own content types; empty if they are those of the algorithm, or not documented.
    """

    name: str
    required: bool = False
    required_for: tuple[str, ...] = ()
    required_by: tuple[str, ...] = ()
    only_if: Mapping[str, tuple[str, ...]] = FrozenMap({})
    content_types: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class ContentType:
    """A content type of the data that an algorithm reads.

    Attributes:
        name: the media type without parameters, such as `text/csv`.
        input_modes: the input modes in which it can be read; empty if they are not documented.
        parameters: the values of the parameters of the media type, such as `label_size`.
    """

    name: str
    input_modes: tuple[str, ...] = ()
    parameters: Mapping[str, tuple[str, ...]] = FrozenMap({})


@attrs.frozen(kw_only=True)
class Instances:
    """The instances on which an algorithm trains.

    Attributes:
        gpu: whether a GPU is required, optional or not used. Defaults to None if it is not documented.
        gpu_since: the first version of the image that uses a GPU. Defaults to None if it is not documented.
        gpu_if: hyperparameters, each with values that need a GPU.
        cpu_if: hyperparameters, each with values with which a GPU is not used.
        max_count: the maximum number of instances. Defaults to None for no limit.
        single_if: hyperparameters, each with values with which there must be one instance.
    """

    gpu: Literal["required", "optional", "unsupported"] | None = None
    gpu_since: str | None = None
    gpu_if: Mapping[str, tuple[str, ...]] = FrozenMap({})
    cpu_if: Mapping[str, tuple[str, ...]] = FrozenMap({})
    max_count: int | None = None
    single_if: Mapping[str, tuple[str, ...]] = FrozenMap({})


@attrs.frozen(kw_only=True, slots=False)
class Algorithm:
    """The documented facts about a built-in algorithm of SageMaker.

    Attributes:
        name: the short name, such as `xgboost`.
        title: the name in the developer guide, such as `XGBoost`.
        repositories: the ECR repositories of its images; empty if it has no image of its own.
        source_prefixes: the folders of its scripts in the bucket of SageMaker JumpStart.
        page: the URL of its page in the developer guide.
        tuning_page: the URL of the page about tuning it. Defaults to None if it cannot be tuned.
        hyperparameters_page: the URL of the page about its hyperparameters.
        sources: the other pages and files that document the facts.
        read: the date on which the facts were compared with their sources.
        checkpoint_repositories: the repositories whose images resume an interrupted training job.
        input_modes: the input modes that it supports; empty if they are not documented.
        network_isolation: whether it can run with network isolation. Defaults to None if it is not documented.
        script_mode: whether its image can run the user's own script instead. Defaults to False.
        instances: the instances on which it trains.
        channels: its channels by name.
        content_types: the content types of its data by name; empty if they are not documented.
        metrics: its metrics by name; empty if they are not documented.
        hyperparameters: its hyperparameters by name, those that are required first.

    Example:
        >>> import hptsdk
        >>> [xgboost] = [algorithm for algorithm in hptsdk.schema.algorithms() if algorithm.name == "xgboost"]
        >>> xgboost.metrics["validation:auc"].direction
        'Maximize'
    """

    name: str
    title: str
    repositories: tuple[str, ...]
    source_prefixes: tuple[str, ...] = ()
    page: str
    tuning_page: str | None = None
    hyperparameters_page: str
    sources: tuple[str, ...]
    read: date
    checkpoint_repositories: tuple[str, ...] = ()
    input_modes: tuple[str, ...] = ()
    network_isolation: bool | None = None
    script_mode: bool = False
    instances: Instances = Instances()
    channels: Mapping[str, AlgorithmChannel]
    content_types: Mapping[str, ContentType] = FrozenMap({})
    metrics: Mapping[str, Metric] = FrozenMap({})
    hyperparameters: Mapping[str, Hyperparameter]

    def __repr__(self) -> str:
        """Return the name only: all facts take several screens."""
        return f"Algorithm(name={self.name!r})"

    def runs_script(self, hyperparameters: Container[str], environment: Container[str] = ()) -> bool:
        """Check whether its image runs the user's own script, to which the facts do not apply.

        Args:
            hyperparameters: the names of the static hyperparameters, or a mapping of them.
            environment: the names of the environment variables, or a mapping of them. Defaults to none.

        Example:
            >>> import hptsdk
            >>> [xgboost] = [algorithm for algorithm in hptsdk.schema.algorithms() if algorithm.name == "xgboost"]
            >>> xgboost.runs_script({"sagemaker_program": "train.py"})
            True
        """
        if not self.script_mode:
            return False
        for name in (PROGRAM, SUBMIT_DIRECTORY):  # faster than any(): rules call it many times for each definition
            if name in hyperparameters:
                return True
        return _SCRIPT_VARIABLE in environment

    @cached_property
    def objectives(self) -> Mapping[str, Metric]:
        """The metrics that can be the objective metric of a tuning job; empty if they are not documented."""
        return FrozenMap({name: metric for name, metric in self.metrics.items() if metric.objective})

    @cached_property
    def tunable(self) -> Mapping[str, Hyperparameter]:
        """The hyperparameters that a tuning job may vary; empty if none is documented."""
        return FrozenMap({name: fact for name, fact in self.hyperparameters.items() if fact.range is not None})

    @cached_property
    def required(self) -> Mapping[str, Hyperparameter]:
        """The hyperparameters without which training fails, always or with some values of others."""
        facts = self.hyperparameters.items()
        return FrozenMap({name: fact for name, fact in facts if fact.required or fact.required_if})
