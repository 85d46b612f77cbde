"""Connections of the local service. Callers without credentials do not block callers with credentials."""

import http.client
import socket
import time
from contextlib import ExitStack

import pytest
from running import BUCKET, until
from s3_client import signed as signed_for_s3
from test_protocol import send, signed

from hptsdk.local.http import _server

MOST = 5


@pytest.fixture(autouse=True)
def bounds(monkeypatch):
    """Set bounds that a test reaches quickly."""
    monkeypatch.setattr(_server, "_MAX_CONNECTIONS", MOST)
    # the limit includes the listening socket and the trigger of the server
    monkeypatch.setattr(_server, "_WAITRESS_LIMIT", MOST + 3)
    monkeypatch.setattr(_server, "_HEADER_SECONDS", 30)
    monkeypatch.setattr(_server, "_REQUEST_SECONDS", 30)
    monkeypatch.setattr(_server, "_TICK", 0.02)


@pytest.fixture
def service(open_service):
    return open_service()


@pytest.fixture
def connect(service):
    """Yield a function that opens a connection and sends a text."""
    with ExitStack() as stack:

        def opening(text=b""):
            address = ("127.0.0.1", int(service.endpoint_url.rpartition(":")[2]))
            connection = stack.enter_context(socket.create_connection(address, timeout=10))
            connection.sendall(text)
            return connection

        yield opening


def is_closed(connection):
    """Check whether the service has closed a connection."""
    connection.settimeout(0)
    try:
        return not connection.recv(1)
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


class Client:
    """A client with the keys, which sends its requests on one connection."""

    def __init__(self, service, stack):
        self._service = service
        port = int(service.endpoint_url.rpartition(":")[2])
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._connection.connect()
        self.socket = self._connection.sock
        stack.callback(self._connection.close)

    def call(self):
        """Return the HTTP status of a call."""
        self._connection.request("POST", "/", b"{}", signed(self._service))
        response = self._connection.getresponse()
        response.read()
        return response.status


@pytest.fixture
def client(service):
    with ExitStack() as stack:
        yield lambda: Client(service, stack)


BEGUN = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
WITHOUT_BODY = BEGUN + b"Authorization: AWS4-HMAC-SHA256 x\r\nContent-Length: 9\r\n\r\n"
REFUSED = BEGUN + b"Content-Length: 0\r\n\r\n"


@pytest.mark.parametrize("text", [b"", BEGUN, WITHOUT_BODY, REFUSED], ids=["idle", "begun", "no body", "refused"])
def test_connections_without_a_signed_request_do_not_block_a_signed_request(service, connect, text):
    for _ in range(3 * MOST):
        connect(text)
    assert send(service, signed(service))[0] == 200


def test_the_oldest_connection_without_a_signed_request_is_closed_first(connect):
    connections = [connect() for _ in range(MOST + 1)]
    until(lambda: is_closed(connections[0]))
    assert [is_closed(connection) for connection in connections] == [True] + [False] * MOST


def test_a_connection_with_a_signed_request_stays_open_while_others_are_closed(service, connect, client):
    caller = client()
    assert caller.call() == 200
    idle = [connect() for _ in range(2 * MOST)]
    until(lambda: sum(map(is_closed, idle)) > MOST)
    assert not is_closed(caller.socket)


def test_a_caller_gets_a_response_while_others_keep_all_connections_open(service, client, monkeypatch):
    monkeypatch.setattr(_server, "_IDLE_SECONDS", 0)
    callers = [client() for _ in range(MOST)]
    assert {caller.call() for caller in callers} == {200}
    assert send(service, signed(service))[0] == 200
    assert any(is_closed(caller.socket) for caller in callers)


def test_a_connection_is_closed_if_its_headers_are_late(connect, monkeypatch):
    monkeypatch.setattr(_server, "_HEADER_SECONDS", 0.3)
    connection = connect(BEGUN)

    def has_ended():
        connection.settimeout(10)
        try:
            connection.sendall(b"x")
        except ConnectionError:
            return True
        return is_closed(connection)

    until(has_ended, seconds=5)


def test_a_connection_is_closed_if_its_body_is_late(connect, monkeypatch):
    monkeypatch.setattr(_server, "_REQUEST_SECONDS", 0.1)
    connection = connect(WITHOUT_BODY)
    until(lambda: is_closed(connection), seconds=5)


def test_a_connection_with_a_signed_request_may_be_idle(client, monkeypatch):
    monkeypatch.setattr(_server, "_HEADER_SECONDS", 0.1)
    caller = client()
    assert caller.call() == 200
    time.sleep(0.3)
    assert caller.call() == 200


def test_a_signed_upload_may_take_longer_than_a_request_without_a_signature(service, connect, monkeypatch):
    monkeypatch.setattr(_server, "_REQUEST_SECONDS", 0.1)
    size = 5 << 20
    headers = signed_for_s3(service, "PUT", f"/{BUCKET}/a", digest="UNSIGNED-PAYLOAD", Content_Length=f"{size}")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection = connect(f"PUT /{BUCKET}/a HTTP/1.1\r\n{lines}\r\n".encode())
    time.sleep(0.5)
    connection.sendall(bytes(size))
    assert b" 200 " in connection.recv(200).splitlines()[0]
