"""How a call reaches the service: the Transport protocol, and its implementation with botocore."""

from hptsdk.transport._botocore import BotocoreTransport, Transport
from hptsdk.transport._error_responses import (
    Refusal as Refusal,
    invalid as invalid,
    job_absent as job_absent,
    job_exists as job_exists,
    training_job_absent as training_job_absent,
)
from hptsdk.transport._errors import (
    command_line_text as command_line_text,
    error_class as error_class,
    foreign_text as foreign_text,
    is_outcome_unknown as is_outcome_unknown,
    is_undecided as is_undecided,
    no_answer as no_answer,
    service_error as service_error,
)
from hptsdk.transport._failure_reasons import (
    redaction_of as redaction_of,
    told as told,
    without_secrets as without_secrets,
)
from hptsdk.transport._local_root import (
    MISSING_PROGRAMS as MISSING_PROGRAMS,
    ROOT_FILES as ROOT_FILES,
    Missing as Missing,
    read_address as read_address,
    read_keys as read_keys,
    read_missing_programs as read_missing_programs,
)
from hptsdk.transport._redaction import Redaction as Redaction

__all__ = ["BotocoreTransport", "Transport"]
