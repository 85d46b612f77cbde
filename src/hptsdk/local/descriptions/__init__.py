"""Requests and definitions as Describe operations return them, for the local service and for generated responses."""

from hptsdk.local.descriptions._described import (
    DEFAULTS as DEFAULTS,
    OBJECTIVE_METRIC as OBJECTIVE_METRIC,
    algorithm_metrics as algorithm_metrics,
    definitions as definitions,
    described_data as described_data,
    described_request as described_request,
    described_resources as described_resources,
    described_specification as described_specification,
    objective_of as objective_of,
    wire_names as wire_names,
)
