"""The progress of a tuning job: its status as text, and as a bar in a terminal or a notebook."""

from hptsdk.progress._display import Display as Display, Form as Form, create_display as create_display
from hptsdk.progress._formatting import (
    JobStatus as JobStatus,
    format_duration as format_duration,
    format_number as format_number,
    format_seconds as format_seconds,
    format_time as format_time,
    job_status as job_status,
    printable as printable,
    status_text as status_text,
    training_job_summary as training_job_summary,
    tuning_job_row as tuning_job_row,
    tuning_job_summary as tuning_job_summary,
)

__all__: list[str] = []
