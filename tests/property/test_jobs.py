"""The job of any request."""

import pytest
from hypothesis import given

import hptsdk
from hptsdk.client._request_comparison import differences
from hptsdk.testing import MemoryTransport, strategies


@pytest.mark.filterwarnings("ignore::hptsdk.AdviceWarning")
@given(strategies.requests(extreme=True))
def test_the_request_of_any_described_job_equals_the_original(made):
    job = hptsdk.TuningClient(transport=MemoryTransport()).create(made)
    again = hptsdk.to_wire(job.request())
    assert differences(again, job.describe()) == ()
