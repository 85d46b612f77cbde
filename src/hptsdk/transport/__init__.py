"""The Transport protocol for calls of the service, and its implementation with botocore."""

from hptsdk.transport._botocore import BotocoreTransport, is_aws_endpoint as is_aws_endpoint
from hptsdk.transport._call import HasConnections as HasConnections, HasEndpoint as HasEndpoint, Transport
from hptsdk.transport._errors import (
    Redaction as Redaction,
    command_line_text as command_line_text,
    error_class as error_class,
    foreign_response_text as foreign_response_text,
    hide_secrets as hide_secrets,
    is_outcome_unknown as is_outcome_unknown,
    is_undecided as is_undecided,
    redaction_of as redaction_of,
    service_error as service_error,
    transport_error as transport_error,
    with_redacted_reason as with_redacted_reason,
    without_secrets as without_secrets,
)
from hptsdk.transport._local_service import (
    MISSING_PROGRAMS as MISSING_PROGRAMS,
    ROOT_FILES as ROOT_FILES,
    SDK_CONFIGURATION as SDK_CONFIGURATION,
    MissingProgram as MissingProgram,
    Refusal as Refusal,
    bad_request as bad_request,
    bind_port as bind_port,
    client_environment as client_environment,
    is_served as is_served,
    job_name_in_use as job_name_in_use,
    job_not_found as job_not_found,
    read_address as read_address,
    read_keys as read_keys,
    read_missing_programs as read_missing_programs,
    sdk_configuration as sdk_configuration,
    service_variables as service_variables,
    training_job_name_in_use as training_job_name_in_use,
    training_job_not_found as training_job_not_found,
)

__all__ = ["BotocoreTransport", "Transport"]
