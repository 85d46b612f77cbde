"""Addresses of the SageMaker documentation, and the hyperparameter that is reserved."""

from __future__ import annotations

__all__ = ["RESERVED", "guide_page", "shape_page"]

# Automatic model tuning passes the name of the objective metric to each training job in this hyperparameter.
RESERVED = "_tuning_objective_metric"

_PAGES = "https://docs.aws.amazon.com/sagemaker/latest"


def shape_page(name: str) -> str:
    """Return the address of the page of a structure in the API reference."""
    return f"{_PAGES}/APIReference/API_{name}.html"


def guide_page(name: str) -> str:
    """Return the address of a page of the developer guide, such as `dg/automatic-model-tuning`."""
    return f"{_PAGES}/{name}.html"
