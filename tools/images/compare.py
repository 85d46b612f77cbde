"""Compare the AWS accounts and ECR repositories of training images with the tables of the installed SageMaker SDK."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING, Any, NamedTuple

from hptsdk.rules.facts.accounts import ACCOUNTS, algorithm_of, is_custom_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The distributions that can have the tables: sagemaker-core with version 3 of the SDK, sagemaker with version 2.
DISTRIBUTIONS = ("sagemaker-core", "sagemaker")
FOLDER = "image_uri_config"

# The domain of the registries by the first part of the region. In other regions it is amazonaws.com.
DOMAINS = {"cn": "amazonaws.com.cn"}


class Image(NamedTuple):
    """An image for training in a table of the SDK."""

    repository: str
    region: str
    account: str

    @property
    def path(self) -> str:
        """The registry path of the image."""
        domain = DOMAINS.get(self.region.partition("-")[0], "amazonaws.com")
        return f"{self.account}.dkr.ecr.{self.region}.{domain}/{self.repository}:1"


def tables() -> tuple[str, list[Any]]:
    """Return the name and version of the distribution that has the tables, and the tables.

    Raises:
        FileNotFoundError: no installed distribution has them.
    """
    for name in DISTRIBUTIONS:
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        files = [file for file in package.files or () if file.parent.name == FOLDER and file.suffix == ".json"]
        if files:
            return f"{name} {package.version}", [json.loads(file.read_text("utf-8")) for file in files]
    raise FileNotFoundError(f"no folder {FOLDER} in {' or '.join(DISTRIBUTIONS)}; run: pip install {DISTRIBUTIONS[0]}")


def training_images(table: object, *, is_training: bool = False) -> Iterator[Image]:
    """Yield the images for training in a table.

    Args:
        table: a table of the SDK, or a part of one: images are in parts by use, version or framework.
        is_training: whether the part is about images for training.
    """
    if not isinstance(table, dict):
        return
    if "scope" in table:
        is_training = "training" in table["scope"]
    if is_training and "registries" in table and "repository" in table:
        for region, account in table["registries"].items():
            yield Image(table["repository"], region, account)
    for name, part in table.items():
        # parts by use: "training", "inference", "processing"
        is_use = isinstance(part, dict) and "versions" in part
        yield from training_images(part, is_training=name == "training" if is_use else is_training)


def is_new(image: Image) -> bool:
    """Check whether hptsdk lacks the account of a known repository, or the repository of a known account."""
    return algorithm_of(image.path) is None and not is_custom_image(image.path)


def report(images: Iterable[Image]) -> tuple[list[str], list[str]]:
    """Compare images with the facts of hptsdk.

    Returns:
        A line for each region and account with images that hptsdk lacks, and the accounts that the images lack.
    """
    images = set(images)
    by_place: dict[tuple[str, str], list[str]] = {}
    for image in sorted(filter(is_new, images)):
        by_place.setdefault((image.region, image.account), []).append(image.repository)
    new = [f"{region}: account {account} has {', '.join(names)}" for (region, account), names in by_place.items()]
    return new, sorted(ACCOUNTS - {image.account for image in images})


def main() -> int:
    """Print the differences; return 1 if the SDK has images that hptsdk lacks."""
    name, contents = tables()
    new, missing = report(image for table in contents for image in training_images(table))
    print(f"{name}: {len(contents)} tables, {len(new) or 'no'} new accounts or repositories")
    print(*(f"- {line}" for line in new), sep="\n", end="\n" if new else "")
    if new:
        print("Add them to src/hptsdk/rules/facts/accounts.py; a new repository needs a file in facts/algorithms/.")
    if missing:
        print(f"Accounts in hptsdk that no table has: {', '.join(missing)}")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
