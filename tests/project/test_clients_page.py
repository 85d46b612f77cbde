"""The page about clients has the versions in the lock files with which the sessions run them."""

import json
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
PAGE = HERE / "docs" / "reference" / "clients.md"

LOCKED = {
    "AWS CLI": ("clients", "awscli"),
    "SageMaker Python SDK 2": ("clients", "sagemaker"),
    "SageMaker Python SDK 3": ("sdk3", "sagemaker"),
    "sagemaker-core": ("sdk3", "sagemaker-core"),
    "Airflow's provider for Amazon": ("airflow", "apache-airflow-providers-amazon"),
    "s3fs": ("clients", "s3fs"),
}


def version_of(client):
    """Return the version of a client in the table of the page."""
    (version,) = re.findall(rf"^\| {re.escape(client)} \| (\S+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return version


@pytest.mark.parametrize(("client", "file", "package"), [(client, *place) for client, place in LOCKED.items()])
def test_the_page_has_the_locked_version_of(client, file, package):
    lock = (HERE / "requirements" / f"{file}.txt").read_text("utf-8")
    assert re.findall(rf"^{re.escape(package)}==(\S+)", lock, re.MULTILINE) == [version_of(client)]


def test_the_page_has_the_pinned_version_of_the_sdk_for_javascript():
    package = json.loads((HERE / "tools" / "clients" / "javascript" / "package.json").read_text("utf-8"))
    assert package["dependencies"]["@aws-sdk/client-sagemaker"] == version_of("AWS SDK for JavaScript")
