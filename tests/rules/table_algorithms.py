"""Rows of the rules of algorithms."""

from rows import Row

SPECIFICATION = "TrainingJobDefinition.AlgorithmSpecification"
IMAGE = f"{SPECIFICATION}.TrainingImage"
NAME = f"{SPECIFICATION}.AlgorithmName"
METRICS = f"{SPECIFICATION}.MetricDefinitions"
ISOLATION = "TrainingJobDefinition.EnableNetworkIsolation"

OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
AWS = "683313688378.dkr.ecr.us-east-1.amazonaws.com"
XGBOOST = f"{AWS}/sagemaker-xgboost:1.7-1"
DEFINITIONS = [{"Name": "validation:rmse", "Regex": r"rmse:(\S+)"}]
OWN_ALGORITHM = "arn:aws:sagemaker:us-east-1:123456789012:algorithm/mine"
THEIR_ALGORITHM = "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs-0123"

# Based on the built-in algorithm: without metric definitions there is nothing else that a change could break.
RUNS = [
    Row("image-or-algorithm", {NAME: "mine"}, {NAME: None}, SPECIFICATION, base="builtin"),
    Row("image-or-algorithm", {NAME: OWN_ALGORITHM}, {IMAGE: None}, SPECIFICATION, base="builtin"),
    Row("image-or-algorithm", {NAME: "mine"}, {IMAGE: ""}, SPECIFICATION, base="builtin"),
    Row("image-or-algorithm", {IMAGE: None}, {IMAGE: XGBOOST}, SPECIFICATION, base="builtin"),
    Row("image-or-algorithm", {IMAGE: ""}, {NAME: "mine"}, SPECIFICATION, base="builtin"),
    Row(
        "marketplace-needs-network-isolation",
        {IMAGE: None, NAME: THEIR_ALGORITHM},
        {ISOLATION: True},
        ISOLATION,
        base="builtin",
    ),
    Row(
        "marketplace-needs-network-isolation",
        {IMAGE: None, NAME: THEIR_ALGORITHM, ISOLATION: False},
        {NAME: OWN_ALGORITHM},
        ISOLATION,
        base="builtin",
    ),
    Row(
        "marketplace-needs-network-isolation",
        {IMAGE: None, NAME: THEIR_ALGORITHM, ISOLATION: False},
        {NAME: "theirs-0123"},
        ISOLATION,
        base="builtin",
    ),
]

METRIC_DEFINITIONS = [
    Row("custom-image-needs-metrics", {IMAGE: f"{OWN}/mine"}, {METRICS: DEFINITIONS}, METRICS, base="builtin"),
    Row(
        "custom-image-needs-metrics",
        {METRICS: [], IMAGE: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1-cpu-py310"},
        {METRICS: DEFINITIONS},
        METRICS,
        base="builtin",
    ),
    # something newer than what is known here
    Row(
        "custom-image-needs-metrics",
        {IMAGE: f"{AWS}/sagemaker-scikit-learn:1.2-1-cpu-py3"},
        {IMAGE: f"{AWS}/sagemaker-something-new:1"},
        METRICS,
        base="builtin",
    ),
    # a copy of a built-in algorithm, or a new account of AWS
    Row("custom-image-needs-metrics", {IMAGE: f"{OWN}/mine"}, {IMAGE: f"{OWN}/xgboost:1"}, METRICS, base="builtin"),
    Row("built-in-defines-its-metrics", {METRICS: DEFINITIONS}, {METRICS: []}, METRICS, base="builtin"),
    Row(
        "built-in-defines-its-metrics",
        {METRICS: DEFINITIONS},
        {IMAGE: f"{OWN}/sagemaker-xgboost:1.7-1"},
        METRICS,
        base="builtin",
    ),
    Row(
        "marketplace-defines-its-metrics",
        {IMAGE: None, NAME: OWN_ALGORITHM, METRICS: DEFINITIONS},
        {METRICS: None},
        METRICS,
        base="builtin",
    ),
    Row(
        "marketplace-defines-its-metrics",
        {IMAGE: None, NAME: "mine", METRICS: DEFINITIONS},
        {METRICS: []},
        METRICS,
        base="builtin",
    ),
]

ROWS = RUNS + METRIC_DEFINITIONS
