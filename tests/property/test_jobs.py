"""What holds for the job of any request."""

from hypothesis import given

import hptsdk
from hptsdk.client._comparison import differences
from hptsdk.testing import MemoryTransport, strategies


@given(strategies.requests())
def test_a_job_gives_its_request_back(made):
    job = hptsdk.TuningClient(transport=MemoryTransport()).create(made)
    again = hptsdk.to_wire(job.request())
    assert differences(again, job.describe()) == ()
