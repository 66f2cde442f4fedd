"""Free ports for the phone and its stand-ins: below 32768, where the kernel gives none away by itself."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable

SIP_PORTS = range(6060, 9999, 2)
TCP_PORTS = range(10000, 11999)
MEDIA_PORTS = range(12000, 19998, 2)

#: Linux: hand the kernel's own arrival time over with each datagram (as a timespec).
SO_TIMESTAMPNS = 35
_RECEIVE_BUFFER = 1 << 20


def open_udp(host: str, ports: Iterable[int]) -> socket.socket:
    """A UDP socket on the first of the ports that is free. Raises OSError when none is."""
    sock = _bound(host, ports, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    return sock


def open_tcp(host: str, port: int = 0) -> socket.socket:
    """A TCP socket that listens, on this port or on a free one. Raises OSError."""
    sock = _bound(host, [port] if port else TCP_PORTS, socket.SOCK_STREAM)
    sock.listen(512)
    return sock


def _bound(host: str, ports: Iterable[int], kind: socket.SocketKind) -> socket.socket:
    for port in ports:
        sock = socket.socket(socket.AF_INET, kind)
        if kind == socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError as error:
            sock.close()
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        sock.setblocking(False)
        return sock
    raise OSError(errno.EADDRINUSE, f"no free port on {host}: give another one, or another range")
