"""How a call reaches the service: one method, and the implementation on botocore.

botocore signs, finds endpoints and credentials, retries, and speaks through proxies. It is imported on first use. What
it would do again is left out: the body is already checked, so it is written as JSON here and handed over in botocore's
`before-call` event; the answer is read from its bytes, so that members which botocore's model lacks are not lost.
"""

from __future__ import annotations

import json
import logging
import threading
from contextvars import ContextVar
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, cast

from hptsdk import errors
from hptsdk._validation import reach, text
from hptsdk.transport._endpoint_urls import secrets_of, without_user
from hptsdk.transport._errors import foreign_text, is_undecided, json_object, next_step, no_answer, service_error
from hptsdk.transport._installed_model import InstalledOperation
from hptsdk.transport._redaction import Redaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.config import Config

__all__ = ["BotocoreTransport", "Transport"]

_log = logging.getLogger("hptsdk")
# quiet until the application sets logging up
_log.addHandler(logging.NullHandler())


class Transport(Protocol):
    """Something that can make a call of the SageMaker API.

    Its errors are those of `hptsdk.errors` below ServiceError and TransportError; they count unanswered attempts.
    """

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make one call.

        Args:
            operation: as in ``CreateHyperParameterTuningJob``.
            body: the members by wire name, as `hptsdk.to_wire` makes them.

        Returns:
            The answer's members by wire name; times are datetimes or epoch seconds.
        """
        ...


class _Call:
    """What became of one call so far."""

    def __init__(self, operation: str, body: Mapping[str, Any]) -> None:
        self.operation = operation
        self.body = _encode(body).encode()
        self.attempts = 0
        # attempts that may have reached the service without an answer of it
        self.unanswered = 0
        # of the last answer
        self.status: int | None = None
        self.content = b""
        self.in_flight = False

    def begin(self) -> None:
        self.attempts += 1
        self.in_flight = True
        self.unanswered += 1
        self.status, self.content = None, b""

    def answer(self, required: frozenset[str]) -> Mapping[str, Any] | None:
        """Parse the answer; None if it is not SageMaker's, so that it is not known what became of the call.

        botocore accepts any bytes as an answer. One of SageMaker's is an object with the members that are required.
        """
        found = json_object(self.content or b"{}")
        if found is None or (required and required.isdisjoint(found)) or is_undecided("", self.status):
            return None
        return found

    @property
    def is_foreign(self) -> bool:
        """Whether the last answer reports an error with a status or in a form that is not SageMaker's."""
        found = json_object(self.content)
        has_form = not self.content.strip() or (found and isinstance(found.get("__type"), str))
        return not has_form or (is_undecided("", self.status) and (self.status or 0) < 500)  # noqa: PLR2004 - HTTP's

    def settle(self, *, lost: bool) -> None:
        if self.in_flight and not lost:
            self.unanswered -= 1
        self.in_flight = False


_current: ContextVar[_Call | None] = ContextVar("hptsdk_call", default=None)


def _epoch(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    message = f"{type(value).__name__} has no wire form"
    raise TypeError(message)


_encode = json.JSONEncoder(default=_epoch).encode


class BotocoreTransport:
    """Calls SageMaker, or whatever answers at `endpoint_url`, by botocore.

    Thread-safe. Everything that botocore takes from profiles, the environment and `config` holds.

    Args:
        region_name: the region, where the session has none or another.
        session: a botocore session or a boto3 session; a new botocore session if left out.
        endpoint_url: where to call instead of the region's endpoint.
        config: botocore's, for time-outs, retries and proxies.
    """

    def __init__(
        self,
        region_name: str | None = None,
        *,
        session: object | None = None,
        endpoint_url: str | None = None,
        config: Config | None = None,
    ) -> None:
        self._region_name = region_name
        self._session = session
        self._endpoint_url = endpoint_url
        self._config = config
        self._made: Any = None
        self._models: dict[str, InstalledOperation] = {}
        self._lock = threading.Lock()

    @property
    def region_name(self) -> str | None:
        """The region that calls go to, as far as it is known without a call."""
        return self._region_name or cast("str | None", self._botocore_session().get_config_variable("region"))

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make one call, with botocore's retries."""
        import botocore.exceptions  # on first use only

        call = _Call(operation, body)
        token = _current.set(call)
        began = monotonic()
        outcome = "failed"
        try:
            client = self._client()
            # the method of the same name as the operation, without arguments: the body is put in by _put_body
            method = getattr(client, botocore.xform_name(operation))
            model = self._model(client, operation)
            model.refuse_unknown(body)
            method()
            answer = call.answer(model.required)
            outcome = "failed" if answer is None else "answered"
        except errors.HptsdkError:
            raise
        except botocore.exceptions.ClientError as error:
            refusal = self._service_error(call, error, body)
            outcome = "refused" if isinstance(refusal, errors.ServiceError) else "failed"
            raise refusal from error
        except Exception as error:  # whatever botocore and what lies below it raise
            if call.status is not None:  # botocore could not parse the answer
                call.settle(lost=call.status < 300 or is_undecided("", call.status))  # noqa: PLR2004 - HTTP's
                raise self._foreign_error(call, body) from error
            raise self._transport_error(call, error, body) from error
        else:
            if answer is None:
                raise self._foreign_error(call, body)
            return answer
        finally:
            _current.reset(token)
            _log.debug("%s %s after %d attempts in %.3f s", operation, outcome, call.attempts, monotonic() - began)

    def command_options(self) -> tuple[str, ...]:
        """Return the options with which the command line calls the same service."""
        profile = self._botocore_session().get_config_variable("profile")
        url = without_user(self._endpoint_url or "")
        options = {"--profile": profile, "--region": self.region_name, "--endpoint-url": url}
        return tuple(part for name, value in options.items() if value for part in (name, str(value)))

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made.close()

    def __repr__(self) -> str:
        """Show where it calls, and no credentials."""
        return f"BotocoreTransport(region_name={self._region_name!r})"

    # --- the client ---

    def _botocore_session(self) -> Any:  # noqa: ANN401 - botocore has no types
        with self._lock:
            if self._session is None:
                import botocore.session  # on first use only

                self._session = botocore.session.Session()
        # a boto3 session keeps botocore's here
        return getattr(self._session, "_session", self._session)

    def _client(self) -> Any:  # noqa: ANN401 - botocore has no types
        session = self._botocore_session()
        with self._lock:
            if self._made is None:
                from botocore.config import Config  # on first use only

                config = Config(parameter_validation=False)
                self._made = session.create_client(
                    "sagemaker",
                    region_name=self._region_name,
                    endpoint_url=self._endpoint_url,
                    config=self._config.merge(config) if self._config else config,
                )
                _watch(self._made.meta.events)
            return self._made

    def _model(self, client: Any, operation: str) -> InstalledOperation:  # noqa: ANN401 - botocore has no types
        model = self._models.get(operation)
        if model is None:
            found = client.meta.service_model.operation_model(operation)
            model = self._models[operation] = InstalledOperation(found)
        return model

    # --- its errors ---

    def _service_error(self, call: _Call, error: Any, body: Mapping[str, Any]) -> errors.HptsdkError:  # noqa: ANN401
        response = cast("dict[str, Any]", error.response)
        details = response.setdefault("Error", {})
        metadata = response.get("ResponseMetadata", {})
        redaction = Redaction(body, self._secrets())
        said = str(details.get("Message") or "")
        text = redaction.apply(said)
        if call.is_foreign:
            text = foreign_text(call.status, call.content, redaction.apply)

        def shown(original: str) -> str:
            # a traceback shows the cause as well
            return redaction.apply(original.replace(said, text) if said else original)

        for place in (details, response):
            for name in ("Message", "message"):
                if isinstance(place.get(name), str):
                    place[name] = shown(place[name])
        error.args = tuple(shown(str(a)) for a in error.args)
        code, status = str(details.get("Code") or "Unknown"), metadata.get("HTTPStatusCode")
        return service_error(
            code,
            text,
            operation=call.operation,
            status=status,
            request_id=metadata.get("RequestId"),
            attempts=call.attempts,
            unanswered=call.unanswered,
        )

    def _transport_error(self, call: _Call, error: Exception, body: Mapping[str, Any]) -> errors.TransportError:
        redaction = Redaction(body, self._secrets())
        said = f"{error}"
        text = redaction.apply(said or type(error).__name__)
        if redaction.apply(said) != said:
            # a traceback shows the cause as well
            error.args = (text,)
        if call.unanswered == 0 and (step := next_step(error)):
            text = f"{text.rstrip('.')}; {step}"
        return no_answer(text, operation=call.operation, attempts=call.attempts, unanswered=call.unanswered)

    def _foreign_error(self, call: _Call, body: Mapping[str, Any]) -> errors.HptsdkError:
        """Return the error for an answer that botocore could not parse, or took for one of SageMaker's."""
        text = foreign_text(call.status, call.content, Redaction(body, self._secrets()).apply)
        if call.status is not None and call.status >= 300:  # noqa: PLR2004 - HTTP's
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
        """Return the texts that no message may show: the credentials, and the user and password of the endpoint."""
        made = self._made
        user = secrets_of(self._endpoint_url, text(reach(made, "meta", "endpoint_url")))
        credentials = getattr(getattr(made, "_request_signer", None), "_credentials", None)
        parts = [getattr(credentials, name, None) for name in ("access_key", "secret_key", "token")]
        return tuple(part for part in (*parts, *user) if isinstance(part, str))


# --- botocore's events ----------------------------------------------------------------------------------------------


def _watch(events: Any) -> None:  # noqa: ANN401 - botocore has no types
    events.register_first("before-call.sagemaker", _put_body)
    events.register_first("before-send.sagemaker", _note_attempt)
    events.register_first("needs-retry.sagemaker", _note_outcome)
    events.register_first("before-parse.sagemaker", _keep_answer)


def _put_body(params: dict[str, Any], **_: object) -> None:
    if call := _current.get():
        params["body"] = call.body


def _note_attempt(**_: object) -> None:
    if call := _current.get():
        call.begin()


def _note_outcome(
    response: tuple[Any, Mapping[str, Any]] | None, caught_exception: Exception | None = None, **_: object
) -> None:
    if call := _current.get():
        if response is not None:
            code = str(response[1].get("Error", {}).get("Code", ""))
            call.settle(lost=is_undecided(code, response[0].status_code))
        else:
            call.settle(lost=not _is_connecting(caught_exception))


def _keep_answer(response_dict: dict[str, Any], **_: object) -> None:
    if call := _current.get():
        call.status, call.content = response_dict["status_code"], response_dict["body"]


# What a TLS failure says that came before anything was sent.
_HANDSHAKE = ("certificate", "handshake", "hostname", "wrong_version_number", "unknown_protocol")


def _is_connecting(error: Exception | None) -> bool:
    """Tell whether an attempt failed before anything of the request was sent."""
    from botocore import exceptions  # botocore is there by now

    if isinstance(error, exceptions.SSLError):
        # TLS can fail later too, when the request is out already
        return any(sign in str(error).lower() for sign in _HANDSHAKE)
    return isinstance(
        error, exceptions.EndpointConnectionError | exceptions.ConnectTimeoutError | exceptions.ProxyConnectionError
    )
