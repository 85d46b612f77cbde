"""The request of a described job."""

import pytest
from hypothesis import given

import hptsdk
from hptsdk.testing import MemoryTransport, strategies


@pytest.mark.filterwarnings("ignore::hptsdk.AdviceWarning")
@given(strategies.requests(extreme=True))
def test_the_request_of_any_job_has_the_settings_of_the_job(request):
    client = hptsdk.TuningClient(transport=MemoryTransport())
    job = client.create(request)
    assert client.create(job.request(), if_exists="return").name == job.name
