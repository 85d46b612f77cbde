"""The metadata of the project agree in all files: version, licence, authors."""

import hashlib
import importlib.metadata
import tomllib
from pathlib import Path

import pytest
import yaml
from trove_classifiers import classifiers

import hptsdk

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
METADATA = importlib.metadata.metadata("hptsdk")
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text())

# of the text of the Apache Software Foundation
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def test_the_version_is_that_of_the_project():
    assert hptsdk.__version__ == PROJECT["version"]


def test_the_citation_has_no_version():
    assert not {"version", "date-released"} & CITATION.keys()


def test_the_authors_are_the_contributors():
    assert PROJECT["authors"] == [{"name": "hptsdk contributors"}]


def test_the_citation_names_the_same_authors():
    assert CITATION["authors"] == PROJECT["authors"]


def test_the_citation_names_the_same_licence():
    assert CITATION["license"] == PROJECT["license"] == "Apache-2.0"


def test_the_citation_has_the_same_keywords():
    assert CITATION["keywords"] == PROJECT["keywords"]


def test_the_licence_is_the_whole_text():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def test_the_distribution_names_the_licence_and_its_file():
    assert (METADATA["License-Expression"], METADATA.get_all("License-File")) == ("Apache-2.0", ["LICENSE"])


@pytest.mark.parametrize("classifier", PROJECT["classifiers"])
def test_a_classifier_exists(classifier):
    assert classifier in classifiers


def test_the_oldest_python_of_the_classifiers_is_the_oldest_supported_one():
    prefix = "Programming Language :: Python :: 3."
    versions = [c.rpartition(" ")[2] for c in PROJECT["classifiers"] if c.startswith(prefix)]
    assert PROJECT["requires-python"] == f">={versions[0]}"


def test_the_summary_is_one_short_line():
    assert len(PROJECT["description"]) <= 100
    assert "\n" not in PROJECT["description"]
