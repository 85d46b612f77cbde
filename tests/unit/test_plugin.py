"""The pytest plugin, in separate runs of pytest."""

import importlib
import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from textwrap import dedent as dedented

import pytest

from hptsdk.testing import FaultyServer
from hptsdk.testing.plugin import Offline, is_local_host

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.long  # each test runs pytest

FAR = "203.0.113.7"  # reserved for documentation
LOOK_UP = """
    import socket

    def test_it():
        socket.getaddrinfo("api.sagemaker.us-east-1.amazonaws.com", 443)
"""
REFUSED = "*network access is blocked, and the test tried to reach"


@pytest.fixture
def run(pytester, monkeypatch):
    """Run a file of tests with the plugin, in a separate process since it imports modules again."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(code, *options):
        pytester.makepyfile(code)
        return pytester.runpytest_subprocess("-p", "hptsdk.testing.plugin", *options)

    return run


# --- fixtures ---


def test_the_stub_is_verified_at_the_end(run):
    result = run("""
        def test_it(stub_transport):
            stub_transport.expect("ListTags")
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines("*AssertionError: ListTags was not called")


def test_a_stub_whose_script_was_used_passes(run):
    run("""
        def test_it(stub_transport):
            stub_transport.expect("ListTags")
            stub_transport.call("ListTags", {})
    """).assert_outcomes(passed=1)


def test_the_memory_transport_has_no_jobs(run):
    run("""
        import hptsdk

        def test_it(memory_transport):
            assert list(hptsdk.TuningClient(transport=memory_transport).list()) == []
    """).assert_outcomes(passed=1)


def test_the_server_answers_and_ends(run):
    run("""
        import socket
        import pytest

        ports = []

        def connect(port):
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                pass

        def test_it(faulty_server):
            ports.append(int(faulty_server.url.rpartition(":")[2]))
            connect(ports[0])

        def test_later():
            with pytest.raises(OSError):
                connect(ports[0])
    """).assert_outcomes(passed=2)


def test_the_fixtures_are_listed(run):
    run("", "--fixtures").stdout.fnmatch_lines(
        ["stub_transport*", "memory_transport*", "faulty_server*"], consecutive=False
    )


# --- network access ---


@pytest.fixture
def refused():
    """Return the message of a call that is blocked."""

    def refused(function):
        with Offline(), pytest.raises(pytest.fail.Exception) as raised:
            function()
        return str(raised.value)

    return refused


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_no_other_machine_is_connected_to(refused, method):
    with socket.socket() as sock:
        sock.settimeout(0.01)
        assert f"tried to reach {FAR}:80;" in refused(lambda: getattr(sock, method)((FAR, 80)))


def test_no_datagram_is_sent(refused):
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        assert f"tried to reach {FAR}:53;" in refused(lambda: sock.sendto(b"", (FAR, 53)))


@pytest.mark.parametrize("host", ["api.sagemaker.us-east-1.amazonaws.com", b"api.sagemaker.us-east-1.amazonaws.com"])
def test_no_name_is_looked_up(refused, host):
    assert "tried to reach api.sagemaker.us-east-1.amazonaws.com;" in refused(lambda: socket.getaddrinfo(host, 443))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_can_be_connected_to(host):
    with FaultyServer() as server, Offline():
        socket.create_connection((host, int(server.url.rpartition(":")[2])), timeout=5).close()


def test_a_socket_of_the_file_system_can_be_connected_to(tmp_path):
    with Offline(), socket.socket(socket.AF_UNIX) as sock, pytest.raises(FileNotFoundError):
        sock.connect(str(tmp_path / "none"))


def test_the_error_is_not_changed_by_botocore(run, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    result = run(
        """
        import hptsdk

        def test_it():
            hptsdk.TuningClient(region_name="us-east-1").get("job").describe()
        """,
        "--hptsdk-offline",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(f"{REFUSED} api.sagemaker.us-east-1.amazonaws.com*")


def test_a_connection_of_another_thread_is_reported(run):
    result = run(
        f"""
        import socket, threading

        def connect():
            try:
                with socket.socket() as sock:
                    sock.connect(("{FAR}", 80))
            except BaseException:
                pass

        def test_it():
            thread = threading.Thread(target=connect)
            thread.start()
            thread.join()
        """,
        "--hptsdk-offline",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(f"{REFUSED} {FAR}:80*")


def test_the_mark_blocks_network_access(run):
    run("import pytest\npytestmark = pytest.mark.hptsdk_offline\n" + dedented(LOOK_UP)).assert_outcomes(failed=1)


def test_the_setting_blocks_network_access_in_all_tests(run, pytester):
    pytester.makeini("[pytest]\nhptsdk_offline = true")
    run(LOOK_UP).assert_outcomes(failed=1)


@pytest.mark.parametrize("mark", ["hptsdk_offline(False)", "hptsdk_offline(offline=False)"])
def test_the_mark_allows_network_access_in_one_test(run, mark):
    run(
        f"""
        import socket
        import pytest

        @pytest.mark.{mark}
        def test_it():
            assert not hasattr(socket.getaddrinfo, "__self__")
            assert socket.getaddrinfo.__module__ == "socket"
        """,
        "--hptsdk-offline",
    ).assert_outcomes(passed=1)


def test_network_access_is_restored_after_an_offline_test():
    before = (socket.getaddrinfo, dict(vars(socket.socket)))
    with Offline():
        assert (socket.getaddrinfo, dict(vars(socket.socket))) != before
    assert (socket.getaddrinfo, dict(vars(socket.socket))) == before


def test_the_mark_is_registered(run):
    run("", "--markers").stdout.fnmatch_lines("@pytest.mark.hptsdk_offline*")


def test_the_option_is_shown(run):
    run("", "--help").stdout.fnmatch_lines(["hptsdk:", "*--hptsdk-offline*"])


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("moto.localhost", True),
        (b"127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::1%lo", True),
        ("0.0.0.0", True),  # noqa: S104 - read, not listened at
        ("", True),
        ("localhost.example.com", False),
        ("10.0.0.1", False),
        ("2001:db8::1", False),
        ("169.254.169.254", False),
    ],
)
def test_this_machine_is_distinguished_from_others(host, is_local):
    assert is_local_host(host) is is_local


# --- imports ---


def test_the_plugin_imports_no_large_package():
    script = "import hptsdk.testing.plugin, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    loaded = set(done.stdout.split())
    heavy = {
        "botocore",
        "cattrs",
        "attrs",
        "hypothesis",
        "hptsdk.shapes",
        "hptsdk.errors",
        "hptsdk.testing._stub_transport",
    }
    assert loaded & heavy == set()


def test_pytest_finds_the_plugin_by_its_entry_point():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert importlib.import_module(project["entry-points"]["pytest11"]["hptsdk"]).stub_transport


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "conftest"),
    [((), "pytest_plugins = ['hptsdk.testing.plugin']"), (("-p", "hptsdk"), ""), (("-p", "hptsdk.testing.plugin"), "")],
    ids=["in conftest", "by its short name", "by its module"],
)
def test_the_plugin_may_be_named_as_well_as_installed(pytester, monkeypatch, options, conftest):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "")
    installed = pytester.mkdir("installed")
    info = installed / "kit-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kit\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[pytest11]\nhptsdk = hptsdk.testing.plugin\n")
    monkeypatch.setenv("PYTHONPATH", str(installed), prepend=os.pathsep)
    pytester.makeconftest(conftest)
    pytester.makepyfile("def test_it(memory_transport): pass")
    pytester.runpytest_subprocess(*options).assert_outcomes(passed=1)


# --- the conformance tests ---


BAD_TRANSPORTS = {
    "discards a member": (
        "return inner.call(operation, {**body, 'TrainingJobDefinition': None} if 'Create' in operation else body)",
        "test_a_created_job_is_described_as_it_was_sent",
    ),
    "changes the body": (
        "body.pop('Tags', None); body['X'] = 1; return inner.call(operation, body)",
        "test_a_body_is_not_changed",
    ),
    "raises an error without attributes": (
        "raise errors.ServiceError('no')",
        "test_an_error_has_the_code_and_the_operation",
    ),
    "discards the token of the next page": (
        "return {k: v for k, v in inner.call(operation, body).items() if k != 'NextToken'}",
        "test_each_job_is_on_one_page",
    ),
    "returns the ARN of another job": (
        "return inner.call(operation, body) | {'HyperParameterTuningJobArn': 'arn:aws:x'}",
        "test_a_job_is_found_after_a_lost_response",
    ),
    "creates a job with an existing name": (
        "inner.service.jobs.clear() if 'Create' in operation else None; return inner.call(operation, body)",
        "test_a_name_is_unique",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize(("answer", "test"), BAD_TRANSPORTS.values(), ids=BAD_TRANSPORTS)
def test_the_conformance_tests_find_a_bad_transport(run, answer, test):
    code = f"""
import pytest
from hptsdk import errors
from hptsdk.testing import MemoryTransport, TransportConformance

inner = MemoryTransport()

class Bad:
    def call(self, operation, body):
        {answer}

class TestBad(TransportConformance):
    @pytest.fixture
    def transport(self):
        return Bad()
"""
    assert run(code, "-k", test).parseoutcomes().keys() >= {"failed"}


def test_the_conformance_tests_need_a_transport(run):
    result = run("""
        from hptsdk.testing import TransportConformance

        class TestMine(TransportConformance):
            pass
    """)
    result.stdout.fnmatch_lines("*NotImplementedError: TestMine must override the fixture transport")


def test_a_test_for_a_missing_capability_is_skipped_with_the_reason(run):
    result = run(
        """
        import pytest
        from hptsdk.testing import MemoryTransport, TransportConformance

        class TestMine(TransportConformance):
            absent = {"stopping": "nothing ever stops is_local"}

            @pytest.fixture
            def transport(self):
                return MemoryTransport()
        """,
        "-rs",
    )
    result.stdout.fnmatch_lines("SKIPPED * stopping: nothing ever stops is_local")
    assert result.parseoutcomes()["skipped"] == 2
