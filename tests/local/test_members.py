"""Every member of a request is accounted for, and what is refused is refused."""

import attrs
import pytest
from members_page import PAGE, page
from running import job, run, training

from hptsdk import errors, schema, shapes
from hptsdk.local.http._request_members import treatments


def members_of_a_request():
    """All 140, as "Structure.Member"."""
    found, seen = [], set()

    def visit(cls):
        if cls in seen:
            return
        seen.add(cls)
        for member in schema.of(cls).members:
            found.append(f"{cls.__name__}.{member.wire_name}")
            walk(member.type)

    def walk(kind):
        if kind.shape is not None:
            visit(kind.shape)
        if kind.item is not None:
            walk(kind.item)

    visit(shapes.CreateHyperParameterTuningJobRequest)
    return found


def test_each_member_of_a_request_is_honoured_recorded_or_refused():
    assert sorted(treatments()) == sorted(members_of_a_request())
    assert len(treatments()) == 140


def test_what_is_not_simply_honoured_says_why():
    assert not [name for name, treatment in treatments().items() if treatment.kind != "honoured" and not treatment.note]


def test_what_is_recorded_is_given_back_as_it_was(open_service):
    definition = (
        training()
        .vpc(subnets=["subnet-0123456789"], security_group_ids=["sg-0123456789"])
        .spot(max_wait_in_seconds=7200)
        .network_isolation()
        .encrypt_traffic()
    )
    request = job("demo", definition, max_jobs=1, parallel=1).build()
    assert run(open_service(), request).request() == request


def test_a_hub_is_refused(open_service):
    source = shapes.S3DataSource(
        s3_data_type="S3Prefix",
        s3_uri="s3://amzn-s3-demo-bucket/x",
        hub_access_config=shapes.HubAccessConfig(
            hub_content_arn="arn:aws:sagemaker:us-east-1:aws:hub-content/hub/Model/m/1.0.0"
        ),
    )
    channel = shapes.Channel(channel_name="train", data_source=shapes.DataSource(s3_data_source=source))
    request = job().build()
    definition = attrs.evolve(request.training_job_definition, input_data_config=[channel])
    # an older botocore does not know the member, and the client says so before the service does
    with pytest.raises(errors.HptsdkError, match="HubAccessConfig"):
        open_service().client().create(attrs.evolve(request, training_job_definition=definition))


def test_a_member_that_hptsdk_does_not_know_is_refused_not_dropped(open_service):
    with pytest.raises(errors.HptsdkError, match="BrandNew"):
        open_service().client().create(job().build(), extra_body={"BrandNew": 1})


def test_the_page_of_the_documentation_is_up_to_date():
    assert PAGE.read_text() == page()
