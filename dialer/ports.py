"""Ports of one instance: all below 32768, where the system hands out none of its own accord."""

from __future__ import annotations

import random
import socket

from dialer.errors import AlreadyRunning

_LOWEST, _HIGHEST = 10000, 32000


def _free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def pick_ports(count: int, rng: random.Random | None = None) -> int:
    """The first of `count` neighbouring ports that are free now, for TCP and UDP. Raises `AlreadyRunning` if none is.

    The start is drawn at random, so that instances that start together rarely meet.
    """
    rng = rng or random.Random()
    for _ in range(200):
        first = rng.randrange(_LOWEST, _HIGHEST - count) // 2 * 2
        if all(_free(port, kind) for port in range(first, first + count) for kind in _KINDS):
            return first
    raise AlreadyRunning("No block of free ports was found between 10000 and 32000; stop another instance")


_KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
