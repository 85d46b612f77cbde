"""A tuning job in a notebook, and its page in the AWS console."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import attrs

from hptsdk._validation import ENDED
from hptsdk.progress import tuning_job_summary
from hptsdk.transport import is_aws_endpoint

if TYPE_CHECKING:
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["console_url", "job_html"]

# The host of the console, by the partition of an ARN.
_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}

# The number of colons before the end of the region in an ARN.
_REGION_COLONS = 4


def console_url(name: str, arn: str) -> str:
    """Return the URL of a tuning job in the AWS console. The region is that of the ARN."""
    _, partition, _, region, *_ = arn.split(":")
    host = _CONSOLES.get(partition, _CONSOLES["aws"])
    return f"https://{region}.{host}/sagemaker/home?region={region}#/hyper-tuning-jobs/{name}"


def job_html(
    name: str, arn: str | None, endpoint_url: str | None, last: DescribeHyperParameterTuningJobResponse | None
) -> str:
    """Format a tuning job as HTML, without a call of the service.

    Args:
        name: the name of the tuning job.
        arn: the ARN of the tuning job; None if it is not known.
        endpoint_url: the URL of the last calls. The link to the console is only shown for an endpoint of AWS.
        last: the last response of Describe; None if there is none.
    """
    if last is None:
        summary, rows = f"<div>Tuning job <b>{escape(name)}</b></div>", ["describe() shows its status"]
    else:
        summary = attrs.evolve(tuning_job_summary(last), name=name).html
        has_ended = last.hyper_parameter_tuning_job_status in ENDED
        rows = [] if has_ended else ["describe() shows its current status"]
    if arn is not None and arn.count(":") >= _REGION_COLONS and is_aws_endpoint(endpoint_url):
        rows.append(f'<a href="{escape(console_url(name, arn))}" target="_blank" rel="noopener">console</a>')
    return summary + "".join(f"<div>{row}</div>" for row in rows)
