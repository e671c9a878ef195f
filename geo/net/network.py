"""Requests to hosts, one after another and politely: what is sent, and where it may lead.

One host is asked by one thread of a process at a time, over one connection. A redirect is followed
only to another https address of a host with a name, and only five times; what is compressed is
unpacked bit by bit, so that nothing small becomes larger than is allowed before it is noticed.
Proxies and authorities are those of the environment.
"""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from importlib import metadata
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from geo.net.allowance import Allowance, Counted, Sink
from geo.net.heads import Head, RequestError, head_of, leads_to, require_followed
from geo.net.hosts import Hosts
from geo.net.patience import Patience

if TYPE_CHECKING:
    import requests

MOST_REDIRECTS = 5
_CHUNK_BYTES = 1 << 16
_GZIP_OR_ZLIB = 47
_LINES: dict[str, threading.Lock] = {}

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_LINES.clear)


Body = AbstractContextManager[Sink]
"""What is opened to write the body of an answer to, in the thread that receives it."""


class HostLine:
    """A line to one host at a time, which no other thread of the process asks meanwhile.

    Used as a context: at its end the connection is closed and the host is free for others. A host
    that has let as many attempts as there is patience for pass without any answer is asked for
    nothing more by any line that knows the same ``hosts``.
    """

    def __init__(self, patience: Patience, hosts: Hosts | None = None) -> None:
        """Have no line to any host yet."""
        self._patience, self._hosts = patience, Hosts() if hosts is None else hosts
        self._held: threading.Lock | None = None
        self._host = ""
        self._session: requests.Session | None = None

    def __enter__(self) -> HostLine:
        """Begin with no line to any host."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the host that is asked."""
        self.leave()

    def leave(self) -> None:
        """Close the connection to the host that is asked, and let others ask it."""
        session, self._session = self._session, None
        held, self._held = self._held, None
        if session is not None:
            _close(session)
        if held is not None:
            held.release()

    def get(
        self,
        url: str,
        open_body: Callable[[Head], Body],
        *,
        allowance: Allowance,
        headers: Mapping[str, str],
    ) -> Head:
        """Ask for an address, write what comes to what ``open_body`` opens, and return the head.

        Raises ``RequestError``, ``SpentError`` when the allowance is spent, and what ``open_body``
        raises.
        """
        answer = self._found(url, allowance, headers)
        try:
            head = head_of(answer)
            body = open_body(head)
        except BaseException:
            answer.close()
            raise
        allowance.within(lambda: _pour(answer, head, body, allowance))
        return head

    def _found(
        self, url: str, allowance: Allowance, headers: Mapping[str, str]
    ) -> requests.Response:
        """Ask for an address and for those that it leads on to, and return what leads nowhere."""
        place = url
        for _ in range(MOST_REDIRECTS + 1):
            require_followed(place, url)
            answer = self._asked(place, allowance, headers)
            try:
                onward = leads_to(answer, place)
            except RequestError:
                answer.close()
                raise
            if onward is None:
                return answer
            answer.close()
            place = onward
        raise RequestError(f"the server leads on more than {MOST_REDIRECTS} times", passing=False)

    def _asked(
        self, url: str, allowance: Allowance, headers: Mapping[str, str]
    ) -> requests.Response:
        host = urlsplit(url).netloc.lower()
        if self._hosts.gave_none(host, self._patience.attempts):
            raise RequestError("it did not answer before, and is not asked again", passing=False)
        session = self._to(host, allowance)
        times = (self._patience.connect_s, self._patience.read_s)

        def ask() -> requests.Response:
            with _explained():
                return session.get(
                    url, headers=dict(headers), stream=True, timeout=times, allow_redirects=False
                )

        try:
            answer = allowance.within(ask, late=lambda answer: answer.close())
        except RequestError as problem:
            if problem.unheard:
                self._hosts.asked_in_vain(host)
            raise
        self._hosts.answered(host)
        return answer

    def _to(self, host: str, allowance: Allowance) -> requests.Session:
        """Return the session for a host, waiting until nobody else asks it."""
        if self._session is None or self._host != host:
            self.leave()
            held = _LINES.setdefault(host, threading.Lock())
            with allowance.standing_still():
                held.acquire()
            self._held, self._host, self._session = held, host, _new_session()
        return self._session


def _new_session() -> requests.Session:
    """Return a session that tells nobody who asks: no passwords of a .netrc, and no cookies."""
    import requests

    session = requests.Session()
    session.auth = lambda request: request
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = _agent()
    # requests reads the whole body of a redirect to see where it leads, however long that is
    session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
    return session


def _close(session: requests.Session) -> None:
    """Close a session, and the connections it keeps: urllib3 leaves these to whoever holds them.

    As long as an answer is remembered, by an error that is on its way for one, its connection would
    stay open.
    """
    from requests.adapters import HTTPAdapter

    for adapter in session.adapters.values():
        if isinstance(adapter, HTTPAdapter):
            for manager in (adapter.poolmanager, *adapter.proxy_manager.values()):
                for key in manager.pools.keys():  # noqa: SIM118
                    manager.pools[key].close()
    session.close()


@cache
def _agent() -> str:
    name = "deprivation-pockets"
    try:
        return f"{name}/{metadata.version(name)} (open data reader)"
    except metadata.PackageNotFoundError:
        return f"{name} (open data reader)"


def _pour(answer: requests.Response, head: Head, body: Body, allowance: Allowance) -> None:
    """Write the body of an answer, unpacked and counted, and close both."""
    try:
        with body as stream:
            counted = Counted(stream, allowance)
            for piece in _unpacked(_received(answer), packed=head.packed):
                counted.write(piece)
    finally:
        answer.close()


def _received(answer: requests.Response) -> Iterator[bytes]:
    """Yield what a server sends; raises ``RequestError`` when it is less than it announced."""
    stream = answer.raw.stream(_CHUNK_BYTES, decode_content=False)
    while True:
        with _explained():
            chunk = next(stream, b"")
        if not chunk:
            return
        yield chunk


def _unpacked(chunks: Iterator[bytes], *, packed: bool) -> Iterator[bytes]:
    """Yield what was compressed in pieces of bounded size, whatever it becomes in all."""
    if not packed:
        yield from chunks
        return
    unpacker = None
    for received in chunks:
        chunk = received
        while chunk or unpacker is not None:
            unpacker = unpacker or zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
            try:
                piece = unpacker.decompress(chunk, _CHUNK_BYTES)
            except zlib.error as problem:
                raise RequestError(f"it cannot be unpacked: {problem}", passing=True) from problem
            yield piece
            chunk = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if unpacker.eof:
                unpacker = None
            elif not chunk and len(piece) < _CHUNK_BYTES:
                break
    if unpacker is not None:
        raise RequestError("what is compressed breaks off", passing=True)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn all that can go wrong with a connection into a ``RequestError``."""
    import requests
    from urllib3.exceptions import HTTPError, MaxRetryError, ProtocolError
    from urllib3.exceptions import TimeoutError as SlowError

    try:
        yield
    except (requests.Timeout, SlowError) as problem:
        raise RequestError(
            "the server took too long to answer", passing=True, unheard=True
        ) from problem
    except requests.exceptions.SSLError as problem:
        reason = f"no secure connection: {_root(problem)}"
        raise RequestError(reason, passing=_breaks_off(problem)) from problem
    except (requests.ConnectionError, ProtocolError) as problem:
        refused = any(isinstance(each, MaxRetryError) for each in problem.args)
        raise RequestError(
            f"no connection, or a broken one: {_root(problem)}", passing=True, unheard=refused
        ) from problem
    except (requests.RequestException, HTTPError) as problem:
        raise RequestError(f"the download failed: {_root(problem)}", passing=True) from problem
    except (ValueError, OSError) as problem:
        raise RequestError(f"the request failed: {problem}", passing=False) from problem


def _breaks_off(problem: BaseException) -> bool:
    """Say whether a connection broke off while it was made secure; certificates stay as they are.

    What is wrong with one is a ``ValueError`` too, and with a file of authorities no error of SSL.
    """
    bottom = _bottom(problem)
    return getattr(bottom, "library", "") == "SSL" and not isinstance(bottom, ValueError)


def _root(problem: BaseException) -> str:
    """Say what lies at the bottom of an error, without the layers of libraries above it."""
    bottom = _bottom(problem)
    return str(getattr(bottom, "strerror", None) or bottom or type(bottom).__name__)


def _bottom(problem: BaseException) -> BaseException:
    while True:
        told = [getattr(problem, "reason", None), *problem.args, problem.__cause__]
        inner = next((each for each in told if isinstance(each, BaseException)), None)
        if inner is None:
            return problem
        problem = inner
