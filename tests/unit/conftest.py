"""A transport whose calls end within botocore, without a network."""

from contextlib import closing
from functools import partial

import botocore.session
import pytest
from botocore.config import Config
from http_responses import http_response

from hptsdk.transport import BotocoreTransport

URL = "http://127.0.0.1:1"


class Calls:
    """How the calls of a transport end.

    Attributes:
        transport: a transport with one attempt for each call.
    """

    def __init__(self):
        self._handlers = {}
        session = botocore.session.Session()
        session.set_credentials("testing", "testing-secret")
        for event in ("before-call", "before-send"):
            session.register(f"{event}.sagemaker", partial(self._handle, event))
        config = Config(retries={"total_max_attempts": 1})
        self.transport = BotocoreTransport("us-east-1", session=session, endpoint_url=URL, config=config)

    def _handle(self, event, **_):
        return self._handlers[event]() if event in self._handlers else None

    def answer(self, status, content):
        """Answer each call with a status and a body."""
        self._handlers["before-send"] = lambda: http_response(content, URL, status)

    def fail(self, event, error):
        """Raise an error from botocore, `before-call` or `before-send`."""

        def handler():
            raise error

        self._handlers[event] = handler

    def reset(self):
        self._handlers.clear()


@pytest.fixture(scope="session")
def _calls():
    calls = Calls()
    with closing(calls.transport):
        yield calls


@pytest.fixture
def calls(_calls):
    """Decide how the calls of `transport` end."""
    yield _calls
    _calls.reset()
