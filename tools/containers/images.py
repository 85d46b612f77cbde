"""The root file systems of images: with busybox, with Python, and with faulty programs."""

import io
import subprocess
import tarfile
from pathlib import Path

BUSYBOX = Path("/bin/busybox")
APPLETS = (
    *("sh", "cat", "chmod", "chown", "dd", "echo", "env", "hostname", "id", "ip", "kill", "ls", "mkdir", "nc", "pwd"),
    *("rm", "sleep", "tail", "touch", "true", "wget", "yes", "head"),
)

# The program of most images runs the shell command in the variable TRAIN.
TRAIN = '#!/bin/sh\neval "$TRAIN"\n'

# The header of a program for a processor that does not exist.
FOREIGN = b"\x7fELF\x02\x01\x01" + bytes(9) + (2).to_bytes(2, "little") + (0xFFF0).to_bytes(2, "little") + bytes(100)


class Archive:
    """The root file system of an image, as a tar archive."""

    def __init__(self) -> None:
        self.content = io.BytesIO()
        self.tar = tarfile.TarFile(fileobj=self.content, mode="w")
        self.names: set[str] = set()

    def add(self, name: str, content: bytes, mode: int = 0o755) -> None:
        """Add a file."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), mode
        self.tar.addfile(info, io.BytesIO(content))

    def copy(self, path: Path) -> None:
        """Add a file or a folder of this machine, with the same path; links are followed."""
        name = str(path).lstrip("/")
        if name not in self.names:
            self.names.add(name)
            self.tar.add(path.resolve(), name, filter=without_caches)

    def folder(self, name: str, mode: int = 0o1777) -> None:
        """Add an empty folder."""
        info = tarfile.TarInfo(name)
        info.type, info.mode = tarfile.DIRTYPE, mode
        self.tar.addfile(info)

    def busybox(self) -> None:
        """Add busybox, and links to it for its commands."""
        self.add("bin/busybox", BUSYBOX.read_bytes())
        for applet in APPLETS:
            info = tarfile.TarInfo(f"bin/{applet}")
            info.type, info.linkname = tarfile.SYMTYPE, "busybox"
            self.tar.addfile(info)
        self.folder("tmp")

    def bytes(self) -> bytes:
        """Close the archive, and return its content."""
        self.tar.close()
        return self.content.getvalue()


def without_caches(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Return the entry; None for folders that no training program needs, such as those of tests and caches."""
    unneeded = ("/test", "/__pycache__", "/site-packages", "/dist-packages", "/idlelib", "/tkinter", "/ensurepip")
    return None if info.name.endswith(unneeded) else info


def shell_image(train: bytes | None = TRAIN.encode()) -> bytes:
    """Return an image with busybox and a program `train`, or without the program if it is None."""
    archive = Archive()
    archive.busybox()
    archive.folder("work", 0o777)
    if train is not None:
        archive.add("bin/train", train)
    return archive.bytes()


def python_image(*, has_train: bool = True) -> bytes:
    """Return an image with the Python of this machine.

    Args:
        has_train: whether the image has a command `train`, which runs `train.py` of the channel `code`.
    """
    archive = Archive()
    archive.busybox()
    python = Path("/usr/bin/python3").resolve()
    library = Path("/usr/lib") / python.name
    archive.copy(python)
    archive.copy(library)
    for file in (python, *(library / "lib-dynload").glob("*.so")):
        listed = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False).stdout
        for word in listed.split():
            if word.startswith("/"):
                archive.copy(Path(word))
    for name, target in (("usr/bin/python3", python.name), ("usr/bin/env", "/bin/busybox")):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = tarfile.SYMTYPE, target
        archive.tar.addfile(info)
    archive.folder("usr/local/bin", 0o755)
    if has_train:
        archive.add("bin/train", f"#!/bin/sh\nexec {python} -I -S /opt/ml/input/data/code/train.py\n".encode())
    return archive.bytes()
