"""The treatment of each member of a request by the local service."""

import attrs
import pytest
from members_page import IN_CONTAINERS, PAGE, STATED, page, treatments
from running import job, run, training

from hptsdk import errors, shapes


def test_a_member_that_has_no_effect_is_documented_with_its_reason():
    assert not [name for name, member in treatments().items() if member.kind != "used" and not member.note]


def test_the_table_states_only_members_that_exist():
    assert STATED.keys() | IN_CONTAINERS.keys() <= treatments().keys()


def test_describe_returns_ignored_members(open_service):
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
    # an older botocore, whose model does not have the member, rejects it first
    with pytest.raises(errors.HptsdkError, match="HubAccessConfig"):
        open_service().client().create(attrs.evolve(request, training_job_definition=definition))


def test_a_member_that_hptsdk_does_not_know_is_refused(open_service):
    with pytest.raises(errors.HptsdkError, match="BrandNew"):
        open_service().client().create(job().build(), extra_body={"BrandNew": 1})


def test_the_page_in_the_documentation_is_up_to_date():
    assert PAGE.read_text() == page()
