"""The scripts of SageMaker JumpStart: algorithms that AWS runs as scripts in the images of frameworks.

See https://docs.aws.amazon.com/sagemaker/latest/dg/algorithms-tabular.html.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hptsdk.rules.facts.algorithms import algorithm_with_source

__all__ = ["algorithm_of_source"]

# A script in the bucket of JumpStart; each region has one.
_SOURCE = r"s3://jumpstart-cache-prod-[a-z]+(?:-[a-z]+)+-[0-9]+/source-directory-tarballs/(.+)"


@lru_cache(maxsize=256)
def algorithm_of_source(address: str) -> str | None:
    """Return the algorithm of JumpStart whose scripts are at an address in Amazon S3.

    Args:
        address: the address of an archive of scripts.

    Returns:
        The name of the algorithm's data file in `hptsdk.rules.facts.algorithms`; None if the scripts are others.

    Example:
        >>> bucket = "s3://jumpstart-cache-prod-us-west-2/source-directory-tarballs"
        >>> algorithm_of_source(f"{bucket}/catboost/transfer_learning/regression/v2.1.1/sourcedir.tar.gz")
        'catboost'
    """
    match = re.fullmatch(_SOURCE, address)
    return algorithm_with_source(match[1]) if match else None
