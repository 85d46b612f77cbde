"""The transport with botocore, which signs and retries calls, and reads endpoints, credentials and proxy settings.

botocore is imported on first use. It does not validate or serialize the request again: a handler of its `before-call`
event sets the body. The response is parsed from its bytes, so that members that are not in botocore's model are not
lost.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import unquote, urlsplit

from typing_extensions import override

from hptsdk import errors
from hptsdk._validation import format_value, member_at
from hptsdk.transport._call import Call, InstalledOperation, Transport, current_call, observe
from hptsdk.transport._errors import (
    Redaction,
    foreign_response_text,
    is_success,
    is_undecided,
    next_step,
    service_error,
    transport_error,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.client import BaseClient
    from botocore.config import Config
    from botocore.exceptions import ClientError
    from botocore.session import Session

_log = logging.getLogger("hptsdk")
# The operations of CloudWatch Logs; all others are SageMaker's.
_LOG_OPERATIONS = frozenset({"DescribeLogStreams", "FilterLogEvents", "GetLogEvents"})

# no output unless the application configures logging
_log.addHandler(logging.NullHandler())


class BotocoreTransport(Transport):
    """A transport that calls SageMaker, or another service at `endpoint_url`, with botocore.

    It is thread-safe. The profiles, environment variables and configuration of botocore apply.

    Args:
        region_name, session, config: as in `hptsdk.TuningClient`.
        endpoint_url: the URL to call. Defaults to the endpoint of the region. Logs are read from the same URL, unless
            it is one of AWS: then they are read from the endpoint of CloudWatch Logs.

    Raises:
        TypeError: `session` is not a session.

    Example:
        >>> from hptsdk.transport import BotocoreTransport
        >>> BotocoreTransport("us-east-1")
        BotocoreTransport(region_name='us-east-1')
    """

    def __init__(
        self,
        region_name: str | None = None,
        *,
        session: object | None = None,
        endpoint_url: str | None = None,
        config: Config | None = None,
    ) -> None:
        if session is not None and not hasattr(getattr(session, "_session", session), "create_client"):
            raise TypeError(f"session: expected a session of boto3 or botocore, got {format_value(session)}")
        self._region_name = region_name
        self._session = session
        self._endpoint_url = endpoint_url
        self._config = config
        self._open_clients: dict[str, BaseClient] = {}
        self._operations: dict[str, InstalledOperation] = {}
        self._lock = threading.Lock()

    @property
    def region_name(self) -> str | None:
        """The region of the calls; None if neither the arguments nor botocore's configuration have one."""
        # the class `Config` declares no attributes
        argument: str | None = self._region_name or getattr(self._config, "region_name", None)
        return argument or self._botocore_session().get_config_variable("region")

    @property
    def endpoint_url(self) -> str | None:
        """The URL of the calls; None if it is not set and no connection to SageMaker is open."""
        client = self._open_clients.get("sagemaker")
        return client.meta.endpoint_url if client else self._endpoint_url

    @override
    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call an operation of SageMaker, or one that reads CloudWatch Logs such as FilterLogEvents, with retries.

        Raises:
            ServiceError: the service responded with an error.
            NotSentError: no attempt was sent, or the installed botocore does not support a member of the request.
            OutcomeUnknownError: an attempt was sent, and the service may have acted.
            TypeError: the request has a value that is neither JSON nor a datetime.
        """
        import botocore.exceptions

        call = Call(operation, body)
        token = current_call.set(call)
        start = monotonic()
        outcome = "failed"
        try:
            client = self._client("logs" if operation in _LOG_OPERATIONS else "sagemaker")
            model = self._operation(client, operation)
            model.check_members(body)
            # called without arguments: `_put_body` sets the body of `call` in botocore's event `before-call`
            getattr(client, botocore.xform_name(operation))()
            response = call.parse_response(model.required)
            outcome = "failed" if response is None else "succeeded"
        except errors.HptsdkError:
            raise
        except botocore.exceptions.ClientError as error:
            mapped = self._service_error(call, error, body)
            outcome = "refused" if isinstance(mapped, errors.ServiceError) else "failed"
            raise mapped from error
        except Exception as error:  # any class of botocore and of the libraries below it
            if call.status is not None:  # botocore could not parse the response
                call.end_attempt(unanswered=is_success(call.status) or is_undecided("", call.status))
                raise self._foreign_response_error(call, body) from error
            raise self._transport_error(call, error, body) from error
        else:
            if response is None:
                raise self._foreign_response_error(call, body)
            return response
        finally:
            current_call.reset(token)
            _log.debug("%s %s after %d attempts in %.3f s", operation, outcome, call.attempts, monotonic() - start)

    def command_options(self) -> tuple[str, ...]:
        """Return the options --profile, --region and --endpoint-url of the command `hptsdk`, if they are set."""
        profile = self._botocore_session().get_config_variable("profile")
        url = _without_user(self._endpoint_url or "")
        options = {"--profile": profile, "--region": self.region_name, "--endpoint-url": url}
        return tuple(part for name, value in options.items() if value for part in (name, str(value)))

    def close(self) -> None:
        """Close the connections. A later call opens new ones."""
        with self._lock:
            clients, self._open_clients = self._open_clients, {}
        for client in clients.values():
            client.close()

    @override
    def __repr__(self) -> str:
        """Return the class and the region, without credentials."""
        return f"BotocoreTransport(region_name={self._region_name!r})"

    # --- botocore's client ---

    def _botocore_session(self) -> Session:
        """Return the botocore session of the argument, or a new one, which is created once."""
        with self._lock:
            if self._session is None:
                import botocore.session

                self._session = botocore.session.Session()
        # a boto3 session has botocore's in this attribute
        return cast("Session", getattr(self._session, "_session", self._session))

    def _client(self, service: Literal["sagemaker", "logs"]) -> BaseClient:
        """Return the botocore client of a service, which is created on first use."""
        session = self._botocore_session()
        with self._lock:
            if service not in self._open_clients:
                from botocore.config import Config

                config = Config(parameter_validation=False)
                has_own_endpoint = service == "logs" and is_aws_endpoint(self._endpoint_url)
                client = session.create_client(
                    service,
                    region_name=self._region_name,
                    endpoint_url=None if has_own_endpoint else self._endpoint_url,
                    config=self._config.merge(config) if self._config else config,
                )
                observe(client)
                self._open_clients[service] = client
            return self._open_clients[service]

    def _operation(self, client: BaseClient, name: str) -> InstalledOperation:
        """Return the model of an operation, which is compared with the shapes on first use."""
        if name not in self._operations:
            self._operations[name] = InstalledOperation(client.meta.service_model.operation_model(name))
        return self._operations[name]

    # --- errors ---

    def _service_error(self, call: Call, error: ClientError, body: Mapping[str, Any]) -> errors.HptsdkError:
        """Map an error response, and redact botocore's error, which a traceback shows as well."""
        response = cast("dict[str, Any]", error.response)
        details = response.setdefault("Error", {})
        metadata = response.get("ResponseMetadata", {})
        redaction = Redaction(body, self._secrets())
        message = str(details.get("Message") or "")
        text = redaction.apply(message)
        if call.is_foreign_error:
            text = foreign_response_text(call.status, call.content, redaction.apply)

        def redacted(original: str) -> str:
            return redaction.apply(original.replace(message, text) if message else original)

        for members in (details, response):
            for name in ("Message", "message"):
                if isinstance(members.get(name), str):
                    members[name] = redacted(members[name])
        error.args = tuple(redacted(str(argument)) for argument in error.args)
        return service_error(
            str(details.get("Code") or "Unknown"),
            text,
            operation=call.operation,
            status=metadata.get("HTTPStatusCode"),
            request_id=metadata.get("RequestId"),
            attempts=call.attempts,
            unanswered=call.unanswered,
        )

    def _transport_error(self, call: Call, error: Exception, body: Mapping[str, Any]) -> errors.TransportError:
        """Map an error without a response, and redact botocore's error."""
        redaction = Redaction(body, self._secrets())
        message = f"{error}"
        text = redaction.apply(message or type(error).__name__)
        if redaction.apply(message) != message:
            error.args = (text,)
        if call.unanswered == 0 and (step := next_step(error)):
            text = f"{text.rstrip('.')}; {step.in_python}"
        return transport_error(text, operation=call.operation, attempts=call.attempts, unanswered=call.unanswered)

    def _foreign_response_error(self, call: Call, body: Mapping[str, Any]) -> errors.HptsdkError:
        """Create the error for a response in a format other than SageMaker's, whether or not botocore accepted it."""
        text = foreign_response_text(call.status, call.content, Redaction(body, self._secrets()).apply)
        if call.status is not None and not is_success(call.status):
            return service_error(
                str(call.status),
                text,
                operation=call.operation,
                status=call.status,
                attempts=call.attempts,
                unanswered=call.unanswered,
            )
        return errors.OutcomeUnknownError(
            text, operation=call.operation, may_have_been_sent=True, attempts=call.attempts
        )

    def _secrets(self) -> tuple[str, ...]:
        """Return the strings to redact: the credentials, and the user and password of the endpoint URL."""
        # botocore has no public access to the credentials of a client
        client = next(iter(self._open_clients.values()), None)
        credentials = member_at(client, "_request_signer", "_credentials")
        parts = [member_at(credentials, name) for name in ("access_key", "secret_key", "token")]
        user = _secrets_of(self._endpoint_url, self.endpoint_url)
        return tuple(part for part in (*parts, *user) if isinstance(part, str))


# The environment variables from which botocore reads an endpoint URL.
_VARIABLES = ("AWS_ENDPOINT_URL_SAGEMAKER", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_ENDPOINT_URL")

# The domains of AWS's endpoints.
_AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


def is_aws_endpoint(url: str | None) -> bool:
    """Check whether an endpoint URL is one of AWS."""
    return (urlsplit(url or "").hostname or "").endswith(_AWS_DOMAINS)


def _secrets_of(*urls: str | None) -> Iterator[str]:
    """Yield the users and passwords in endpoint URLs, including those in environment variables, for redaction."""
    for url in (*urls, *map(os.environ.get, _VARIABLES)):
        user = _user(url or "")
        password = user.partition(":")[2]
        # the message about an invalid URL quotes a part of the password as the port
        yield from (user, password, unquote(password), *re.split("[/?#]", password))


def _without_user(url: str) -> str:
    """Return a URL without its user and password, which are not used to sign calls."""
    return url.replace(f"{user}@", "", 1) if (user := _user(url)) else url


def _user(url: str) -> str:
    """Return the user and the password of a URL, as in "user:password"; empty text if it has none."""
    return (url.partition("://")[2] or url).rpartition("@")[0]
