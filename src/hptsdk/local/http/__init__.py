"""The HTTP API of the local service: server, protocols, signatures, operations and responses."""

from hptsdk.local.http._application import (
    Application as Application,
    JsonService as JsonService,
    Sts as Sts,
    xml_document as xml_document,
)
from hptsdk.local.http._lists import Tokens as Tokens
from hptsdk.local.http._logs import Logs as Logs
from hptsdk.local.http._messages import (
    Content as Content,
    Request as Request,
    Response as Response,
    Service as Service,
    Signature as Signature,
    Signatures as Signatures,
)
from hptsdk.local.http._operations import Operations as Operations
from hptsdk.local.http._requests import (
    changed_quotas as changed_quotas,
    training_job_definition as training_job_definition,
    validate_quotas as validate_quotas,
    violated as violated,
)
from hptsdk.local.http._server import Server as Server
