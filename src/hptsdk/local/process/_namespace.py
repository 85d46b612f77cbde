"""Start a program in a mount namespace and a PID namespace of its own, with the options of bubblewrap that hptsdk uses.

`_isolation` runs this module instead of `bwrap` if bubblewrap is missing or does not work. Each isolated
program is started by it, so it imports as little as possible, and only from the standard library. As with bubblewrap
there are three processes: this one, which returns the exit code; its child, which is process 1 of the namespace and
with which all processes in it end; and the program.
"""

from __future__ import annotations

import ctypes
import os
import sys

TYPE_CHECKING = False  # as in `typing`, whose import takes a third of the starting time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

# Constants of Linux, which Python has no names for.
_CLONE_NEWNS, _CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x20000, 0x10000000, 0x20000000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
_MNT_DETACH = 2
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 24, 38
_SYS_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_CAPABILITIES = {
    "CAP_DAC_READ_SEARCH": 2,
    "CAP_SYS_MODULE": 16,
    "CAP_SYS_RAWIO": 17,
    "CAP_SYS_PTRACE": 19,
    "CAP_SYS_ADMIN": 21,
    "CAP_MKNOD": 27,
}

# Signals, because the import of `signal` takes as long as that of `ctypes`.
_SIGKILL, _SIGPIPE, _SIGXFSZ, _SIG_DFL = 9, 13, 25, 0

# The new root folder is prepared here: no option has a source in `/proc`, which this mount hides.
_NEW_ROOT = "/proc"

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: bytes | int | ctypes.Array[ctypes.c_uint64] | None) -> None:
    converted = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments]
    if getattr(_libc, name)(*converted) == -1:
        code = ctypes.get_errno()
        shown = b" ".join(value for value in arguments if isinstance(value, bytes)).decode(errors="replace")
        raise OSError(code, f"{name} {shown}: {os.strerror(code)}")


def _inside(path: str) -> str:
    return _NEW_ROOT + path.rstrip("/")


def _create_mount_point(path: str, *, is_folder: bool) -> None:
    """Create an empty folder or file to mount something on, if the path is missing."""
    if os.path.lexists(path):
        return
    if is_folder:
        os.makedirs(path)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _bind(source: str, target: str) -> None:
    path = _inside(target)
    _create_mount_point(path, is_folder=os.path.isdir(source))
    _call("mount", os.fsencode(source), os.fsencode(path), None, _MS_BIND | _MS_REC, None)


def _make_read_only(target: str, flags: int = 0) -> None:
    attributes = (ctypes.c_uint64 * 4)(_MOUNT_ATTR_RDONLY, 0, 0, 0)
    path = os.fsencode(_inside(target))
    _call("syscall", _SYS_MOUNT_SETATTR, _AT_FDCWD, path, flags, attributes, ctypes.sizeof(attributes))


def _bind_read_only(source: str, target: str) -> None:
    _bind(source, target)
    _make_read_only(target, _AT_RECURSIVE)


def _mount_tmpfs(target: str) -> None:
    path = _inside(target)
    _create_mount_point(path, is_folder=True)
    _call("mount", b"tmpfs", os.fsencode(path), b"tmpfs", _MS_NOSUID | _MS_NODEV, b"mode=0755")


def _mount_proc(target: str) -> None:
    path = os.fsencode(_inside(target))
    _call("mount", b"proc", path, b"proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, None)


def _link(content: str, target: str) -> None:
    os.symlink(content, _inside(target))


# The options that change the folders: the number of their operands, and their functions.
_MOUNTS: dict[str, tuple[int, Callable[..., None]]] = {
    "--bind": (2, _bind),
    "--dev-bind": (2, _bind),
    "--ro-bind": (2, _bind_read_only),
    "--tmpfs": (1, _mount_tmpfs),
    "--proc": (1, _mount_proc),
    "--remount-ro": (1, _make_read_only),
    "--symlink": (2, _link),
}


def _enter_new_root() -> None:
    """Make the prepared folder the root folder of this process, and unmount the former one."""
    os.chdir(_NEW_ROOT)
    _call("pivot_root", b".", b".")
    _call("umount2", b".", _MNT_DETACH)
    os.chdir("/")


class _Options:
    """The options of the command line."""

    def __init__(self, arguments: list[str]) -> None:
        self.mounts: list[tuple[Callable[..., None], list[str]]] = []
        self.dropped: list[int] = []
        self.folder = "/"
        self.has_network = True
        rest = list(arguments)
        while (option := rest.pop(0)) != "--":
            if option in _MOUNTS:
                count, function = _MOUNTS[option]
                self.mounts.append((function, [rest.pop(0) for _ in range(count)]))
            elif option == "--cap-drop":
                self.dropped.append(_CAPABILITIES[rest.pop(0)])
            elif option == "--chdir":
                self.folder = rest.pop(0)
            elif option == "--unshare-net":
                self.has_network = False
            elif option not in ("--die-with-parent", "--unshare-pid"):  # this program always does both
                raise ValueError(f"unknown option {option}")
        self.command = rest


def _unshare(flags: int) -> None:
    """Create the namespaces, with a user namespace if this process may not create them without one."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        try:
            _call("unshare", flags)
        except PermissionError:
            pass
        else:
            return
    _call("unshare", flags | _CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _start_loopback() -> None:
    """Start the loopback interface of a new network namespace, so that a program can connect to itself."""
    import fcntl
    import socket
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        request = struct.pack("16sH14x", b"lo", 0)
        (flags,) = struct.unpack_from("H", fcntl.ioctl(connection, _SIOCGIFFLAGS, request), 16)
        fcntl.ioctl(connection, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


def _run_first_process(options: _Options) -> NoReturn:
    """Prepare the folders, start the program, and exit with its exit code when it ends."""
    _call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    _call("mount", None, b"/", None, _MS_REC | _MS_PRIVATE, None)
    for function, operands in options.mounts:
        function(*operands)
    _enter_new_root()
    os.chdir(options.folder)
    for capability in options.dropped:
        _call("prctl", _PR_CAPBSET_DROP, capability, 0, 0, 0)
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = os.fork()
    if program == 0:
        # Python ignores these signals, and the program would inherit that
        for number in (_SIGPIPE, _SIGXFSZ):
            _libc.signal(number, _SIG_DFL)
        os.execvp(options.command[0], options.command)
    while True:
        process, status = os.waitpid(-1, 0)
        if process == program:
            os._exit(_exit_code(status))


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    # for a signal as in a shell
    return code if code >= 0 else 128 - code


def _run() -> int:
    options = _Options(sys.argv[1:])
    _call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    _unshare(_CLONE_NEWNS | _CLONE_NEWPID | (0 if options.has_network else _CLONE_NEWNET))
    if not options.has_network:
        _start_loopback()
    first = os.fork()
    if first == 0:
        _run_first_process(options)
    _, status = os.waitpid(first, 0)
    return _exit_code(status)


def main() -> NoReturn:
    """Run the command of the command line, and exit with its exit code."""
    try:
        exit_code = _run()
    except OSError as error:
        exit_code = 1
        os.write(2, f"hptsdk: {error.strerror or error}\n".encode())
    # skips the shutdown of the interpreter, which every process of this program would run
    os._exit(exit_code)
