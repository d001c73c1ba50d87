"""TCP ports of this machine: finds free ones, and the process that holds one."""

import errno
import os
import socket
from contextlib import suppress
from pathlib import Path

from solaris.platform.ports import PortTaken

_LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_ABSENT_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)
_LISTENING = "0A"


def is_free(port: int, host: str | None = None) -> bool:
    """Whether `port` can be bound at `host`.

    Without `host`, at every loopback address of this machine.
    """
    if host is not None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return _can_bind(family, host, port)
    return all(_can_bind(family, address, port) for family, address in _LOOPBACKS)


def _can_bind(family: socket.AddressFamily, address: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind((address, port))
            probe.listen(1)
    except OSError as error:
        # Without IPv6 there is no ::1, so no process can hold the port there.
        return family == socket.AF_INET6 and error.errno in _ABSENT_ADDRESS
    return True


def first_free_port(preferred: int, tries: int = 100) -> int:
    """`preferred`, or the next port above it that is free on the loopback addresses.

    Raises:
        PortTaken: none of `tries` ports is free.
    """
    for port in range(preferred, min(preferred + tries, 65536)):
        if is_free(port):
            return port
    raise PortTaken(f"no free port from {preferred} to {preferred + tries - 1} on this machine")


def any_free_port() -> int:
    """A port that is free at this moment, chosen by the system."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int, variable: str, host: str) -> None:
    """Check that `port` is free at `host`.

    Raises:
        PortTaken: it is in use; the message names the process where /proc shows it, and `variable`
            as the cure.
    """
    if is_free(port, host):
        return
    holder = holder_of(port)
    who = f" by {holder}" if holder else ""
    raise PortTaken(f"port {port} is taken{who}; stop that, or choose another one: {variable}={_suggestion(port)}")


def _suggestion(port: int) -> int:
    try:
        return first_free_port(port + 100)
    except PortTaken:
        return any_free_port()


def holder_of(port: int) -> str | None:
    """Command and pid of the process that listens on `port`; None where /proc does not show it."""
    inodes = _listening_inodes(port)
    if not inodes:
        return None
    targets = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and _holds_any(process, targets):
            return f"{_command_of(process)} (pid {process.name})"
    return None


def _listening_inodes(port: int) -> set[str]:
    inodes: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENING and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    inodes.add(fields[9])
    return inodes


def _holds_any(process: Path, targets: set[str]) -> bool:
    try:
        return any(_link_target(link) in targets for link in (process / "fd").iterdir())
    except OSError:
        return False


def _link_target(link: Path) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""


def _command_of(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "an unknown process"
    # Later arguments may hold secrets; the first three identify the program.
    return " ".join(word for word in words[:3] if word) or "an unknown process"
