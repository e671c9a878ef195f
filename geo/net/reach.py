"""Whether there is a network at all, found out in seconds and without asking for anything."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

WITHIN_S = 6.0
"""Long enough for a lost packet, or a resolver that is down: both are tried anew within five."""
_PORTS = {"http": 80, "https": 443, "socks4": 1080, "socks5": 1080, "socks5h": 1080}


def reachable(urls: Iterable[str], *, within_s: float = WITHIN_S) -> bool:
    """Say whether any host of some addresses, or the proxy to it, takes a connection.

    All are tried at once; what has not answered within ``within_s`` seconds is left to itself, and
    outlives neither its own time-out nor the program.
    """
    doors = {door for url in urls if (door := _door(url)) is not None}
    answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
    until = time.monotonic() + within_s
    for door in doors:
        threading.Thread(
            target=lambda door=door: answers.put(_opens(door, within_s)), daemon=True
        ).start()
    for _ in doors:
        try:
            if answers.get(timeout=max(0.0, until - time.monotonic())):
                return True
        except queue.Empty:
            return False
    return False


def _opens(door: tuple[str, int], within_s: float) -> bool:
    try:
        socket.create_connection(door, timeout=within_s).close()
    except (OSError, ValueError):
        return False
    return True


def _door(url: str) -> tuple[str, int] | None:
    """Return the host and port that a request would connect to: the proxy's, where there is one."""
    try:
        own = urlsplit(url)
        host, port = _place(own)
        proxies = getproxies()
        proxy = proxies.get(own.scheme) or proxies.get("all")
        if proxy and not proxy_bypass(f"{host}:{port}"):
            return _place(urlsplit(proxy if "://" in proxy else f"http://{proxy}"))
    except (ValueError, KeyError):
        return None
    return host, port


def _place(parts: SplitResult) -> tuple[str, int]:
    """Return the host and port of an address; raises ``ValueError`` or ``KeyError`` without."""
    if not parts.hostname:
        raise ValueError(parts.geturl())
    return parts.hostname, parts.port or _PORTS[parts.scheme]
