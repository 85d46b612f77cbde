"""Hypothesis strategies: valid and invalid requests, responses of the service, histories of tuning jobs, structures.

Values are drawn from the constraints and rules that `hptsdk.schema` describes, so that no draw is rejected. Needs
hypothesis, which `pip install "hptsdk[testing]"` installs.

Example:
    >>> from hypothesis import given
    >>> import hptsdk
    >>> from hptsdk.testing import strategies
    >>> @given(strategies.requests(strategy="Grid"))
    ... def test_a_grid_is_equal_after_a_round_trip(request):
    ...     assert hptsdk.from_wire(type(request), hptsdk.to_wire(request)) == request
    >>> test_a_grid_is_equal_after_a_round_trip()
"""

from hptsdk._extras import requires_extra

with requires_extra("testing", "hptsdk.testing.strategies"):
    import hypothesis as hypothesis  # before the modules below, for the error if it is missing

from hptsdk.testing.strategies._invalid_requests import invalid_requests
from hptsdk.testing.strategies._requests import requests, shapes, wire
from hptsdk.testing.strategies._responses import job_histories, responses

__all__ = ["invalid_requests", "job_histories", "requests", "responses", "shapes", "wire"]
