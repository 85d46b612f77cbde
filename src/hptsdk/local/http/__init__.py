"""The HTTP API of the local service: server, protocol, signatures, operations and responses."""

from hptsdk.local.http._listing import Tokens as Tokens
from hptsdk.local.http._operations import Operations as Operations
from hptsdk.local.http._protocol import Application as Application
from hptsdk.local.http._quotas import changed_quotas as changed_quotas, validate_quotas as validate_quotas
from hptsdk.local.http._server import Server as Server
from hptsdk.local.http._signatures import Signatures as Signatures
