"""The HTTP side of the local service: protocol, signatures, operations and responses."""

from hptsdk.local.http._listing import Tokens as Tokens
from hptsdk.local.http._operations import Operations as Operations
from hptsdk.local.http._protocol import Application as Application, Server as Server
from hptsdk.local.http._quotas import changed_quotas as changed_quotas, quotas_of as quotas_of
from hptsdk.local.http._signatures import Signatures as Signatures
