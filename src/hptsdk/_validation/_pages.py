"""What SageMaker itself settles: where its pages stand, and the hyperparameter that it adds to each training job."""

from __future__ import annotations

__all__ = ["RESERVED", "guide_page", "shape_page"]

# Automatic model tuning tells each training job by it which metric counts.
RESERVED = "_tuning_objective_metric"

_PAGES = "https://docs.aws.amazon.com/sagemaker/latest"


def shape_page(name: str) -> str:
    """Give the address of the API reference's page about a structure."""
    return f"{_PAGES}/APIReference/API_{name}.html"


def guide_page(name: str) -> str:
    """Give the address of a page of the developer guide, which is named as in `dg/automatic-model-tuning`."""
    return f"{_PAGES}/{name}.html"
