"""The memory of a local service that receives and sends a large object."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from boto3.s3.transfer import TransferConfig
from running import BUCKET, bucket
from s3_client import client

GIBIBYTE = 1 << 30

# A service without requests has about 60 MiB, and each of the ten connections of a client up to 10 MiB to send.
MOST = 256 << 20


class Service:
    """A service that runs as a process."""

    region_name = "us-east-1"

    def __init__(self, folder):
        root = folder / "root"
        command = [str(Path(sys.executable).with_name("hptsdk")), "local"]
        options = ["--root", str(root), "--bucket", f"{BUCKET}={bucket(folder)}", "--quiet"]
        self.process = subprocess.Popen([*command, "serve", *options], stdout=subprocess.PIPE, text=True)  # noqa: S603
        self.process.stdout.readline()
        printed = subprocess.run(  # noqa: S603 - its own command
            [*command, "env", "--root", str(root), "--output", "json"], capture_output=True, text=True, check=True
        )
        variables = json.loads(printed.stdout)
        self.endpoint_url = variables["AWS_ENDPOINT_URL_S3"]
        self.credentials = self
        self.access_key, self.secret_key = variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]

    def end(self):
        """End the process, and return the largest size of its memory in bytes."""
        status_file = Path(f"/proc/{self.process.pid}/status")
        # on Linux, the largest size of a child contains that of its parent when it was started
        text = status_file.read_text() if status_file.exists() else ""
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.close()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if match := re.search(r"^VmHWM:\s*(\d+) kB$", text, re.MULTILINE):
            return int(match[1]) * 1024
        return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.long
@pytest.mark.parametrize("threshold", [2 * GIBIBYTE, 8 << 20], ids=["one request", "parts"])
def test_an_object_of_a_gibibyte_is_not_held_in_memory(tmp_path, threshold):
    sent, received = tmp_path / "sent", tmp_path / "received"
    with sent.open("wb") as file:
        file.truncate(GIBIBYTE)
    service = Service(tmp_path)
    try:
        s3 = client(service)
        s3.upload_file(str(sent), BUCKET, "a", Config=TransferConfig(multipart_threshold=threshold))
        s3.download_file(BUCKET, "a", str(received), Config=TransferConfig(multipart_threshold=threshold))
        sizes = [path.stat().st_size for path in (bucket(tmp_path) / "a", received)]
    finally:
        memory = service.end()
        for path in (bucket(tmp_path) / "a", received):
            path.unlink(missing_ok=True)
    assert sizes == [GIBIBYTE, GIBIBYTE]
    assert memory < MOST
