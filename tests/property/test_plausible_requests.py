"""What plausible requests look like: valid, mostly without advice, within the quotas, and with every member."""

from collections import Counter

import pytest

import hptsdk
from hptsdk import schema, shapes
from hptsdk.rules.facts.accounts import address_of, algorithm_of, regions_of
from hptsdk.testing import strategies

pytestmark = pytest.mark.long

REQUEST = shapes.CreateHyperParameterTuningJobRequest


@pytest.fixture(scope="module")
def requests(drawn):
    return drawn(strategies.requests(), 3000)


def definitions_of(request):
    return request.training_job_definitions or (request.training_job_definition,)


@pytest.fixture(scope="module")
def definitions(requests):
    return [definition for request in requests for definition in definitions_of(request)]


def share(values, condition):
    return sum(map(bool, map(condition, values))) / len(values)


def test_there_is_no_advice_about_most_requests(requests):
    assert share(requests, lambda request: not hptsdk.advise(request)) >= 0.8


def test_almost_all_requests_are_within_the_default_quotas(requests):
    advice = [{advice.rule for advice in hptsdk.advise(request)} for request in requests]
    assert share(advice, lambda rules: any("quota" in rule for rule in rules)) <= 0.01


def test_all_images_are_in_amazon_ecr(definitions):
    images = {definition.algorithm_specification.training_image for definition in definitions} - {None}
    assert [image for image in images if address_of(image) is None] == []


def test_first_party_images_are_in_regions_that_have_them(definitions):
    images = {definition.algorithm_specification.training_image for definition in definitions} - {None}
    addresses = [address_of(image) for image in images if algorithm_of(image)]
    assert [a[0] for a in addresses if a["region"] not in regions_of(a["account"])] == []


def test_definitions_have_one_to_five_ranges(requests):
    owners = [request.hyper_parameter_tuning_job_config.parameter_ranges for request in requests]
    owners += [definition.hyper_parameter_ranges for request in requests for definition in definitions_of(request)]
    lists = [f"{kind}_parameter_ranges" for kind in ("integer", "continuous", "categorical")]
    counts = {sum(len(getattr(ranges, name) or ()) for name in lists) for ranges in owners if ranges}
    assert counts == {1, 2, 3, 4, 5}


def test_names_are_readable(requests):
    assert all(request.hyper_parameter_tuning_job_name.isascii() for request in requests)


def test_some_tags_are_not_ascii(requests):
    tags = [tag for request in requests for tag in request.tags or ()]
    assert 0 < share(tags, lambda tag: not (tag.key + tag.value).isascii()) < 1


# Rules exclude these members from requests.
NEVER = {"ResourceConfig.SelectedInstanceType", "ResourceConfig.SelectedInstanceCount"}


def members_of(cls, found=None):
    """Return the members of a class and of all classes in it."""
    found = {} if found is None else found
    if cls not in found:
        found[cls] = [f"{cls.__name__}.{member.wire_name}" for member in schema.of(cls).members]
        for member in schema.of(cls).members:
            info = member.type.item or member.type
            if info.shape:
                members_of(info.shape, found)
    return {name for names in found.values() for name in names}


def test_every_member_is_in_some_request(requests, parts_of):
    names = Counter(
        f"{type(part).__name__}.{member.wire_name}"
        for request in requests
        for part in parts_of(request)
        for member in schema.of(type(part)).members
        if getattr(part, member.attribute) is not None
    )
    assert members_of(REQUEST) - set(names) == NEVER


SHARES = {
    "tags": (0.50, lambda request: request.tags),
    "a warm start": (0.10, lambda request: request.warm_start_config),
    # 0.12 of the requests without a warm start
    "several definitions": (0.11, lambda request: len(definitions_of(request)) > 1),
    "Hyperband": (0.15, lambda r: r.hyper_parameter_tuning_job_config.strategy == "Hyperband"),
}
SHARES_OF_DEFINITIONS = {
    "managed spot training": (0.12, lambda definition: definition.enable_managed_spot_training),
    "channels": (0.93, lambda definition: definition.input_data_config),
    "a VPC": (0.10, lambda definition: definition.vpc_config),
    "File mode": (0.91, lambda definition: definition.algorithm_specification.training_input_mode == "File"),
    "a built-in image": (0.32, lambda d: algorithm_of(d.algorithm_specification.training_image or "")),
}


# Each run of ten draws begins with the simplest request, so shares are lower by up to a tenth of their value.
@pytest.mark.parametrize("member", SHARES)
def test_the_share_of_requests_with_a_member_is_the_documented_one(member, requests):
    documented, condition = SHARES[member]
    assert share(requests, condition) == pytest.approx(documented, rel=0.3)


@pytest.mark.parametrize("member", SHARES_OF_DEFINITIONS)
def test_the_share_of_definitions_with_a_member_is_the_documented_one(member, definitions):
    documented, condition = SHARES_OF_DEFINITIONS[member]
    assert share(definitions, condition) == pytest.approx(documented, rel=0.3)


# --- built-in algorithms ---

NAMES = [facts.name for facts in schema.algorithms() if facts.tunable and facts.repositories]


@pytest.mark.parametrize("algorithm", NAMES)
def test_there_is_no_advice_about_most_requests_of_an_algorithm(algorithm, drawn):
    requests = drawn(strategies.requests(algorithm=algorithm), 100)
    assert share(requests, lambda request: not hptsdk.advise(request)) >= 0.6
