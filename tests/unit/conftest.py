"""A transport whose calls return or raise in botocore, without a network."""

from contextlib import closing
from functools import partial

import botocore.session
import pytest
from botocore.config import Config
from http_responses import http_response

from hptsdk.transport import BotocoreTransport

URL = "http://127.0.0.1:1"


class Calls:
    """A transport, and the result of its calls.

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
        """Make each call receive this HTTP status and body."""
        self._handlers["before-send"] = lambda: http_response(content, URL, status)

    def fail(self, event, error):
        """Make each call raise an error in the event of botocore, `before-call` or `before-send`."""

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
    """An object that sets the result of the calls of its `transport`."""
    yield _calls
    _calls.reset()
