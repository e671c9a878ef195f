"""All hosts of the records, played on loopback behind a proxy that encrypts.

`serving` starts them. A program that is run with their ``environment`` reaches them by their real
names and https addresses, through a proxy and an authority that it trusts, as in an organisation.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.publishers import behaviours
from tests.publishers.behaviours import Behaviour
from tests.publishers.hosts import arcgis, files
from tests.publishers.hosts.arcgis import Features
from tests.publishers.hosts.portal import Portal
from tests.publishers.proxy import Proxy, Record, Seen, authority
from tests.publishers.stock import Stock, known, spelt
from tests.publishers.wire import Answer, Asked, page_answer

FILES = (
    "houseofcommonslibrary.github.io",
    "raw.githubusercontent.com",
    "www.ons.gov.uk",
)
STORES = (
    "ago-item-storage.s3.us-east-1.amazonaws.com",
    "omseprd1stdstordownload.blob.core.windows.net",
)


@dataclass
class Misbehaviour:
    """What goes wrong where, and how often it has; ``times`` is None for always."""

    where: str
    behaviour: Behaviour
    times: int | None = None
    met: int = 0

    def fits(self, asked: Asked) -> bool:
        if self.times is not None and self.met >= self.times:
            return False
        if "/" not in self.where:
            return asked.host == self.where
        return spelt(asked.url).startswith(spelt(self.where))


class Publishers:
    """The hosts at work, what was asked of them, and how they misbehave."""

    def __init__(self, stock: Stock, certificate: Path) -> None:
        self.stock = stock
        self.features = Features(stock, {one.name: one for one in known()["service"]})
        self.portal = Portal(stock, self.features)
        self._hosts: dict[str, Callable[[Asked], Answer]] = {
            files.ASSETS: lambda asked: files.assets(stock, asked),
            "www.gov.uk": lambda asked: files.govuk(stock, asked),
            "uk-air.defra.gov.uk": lambda asked: files.air(stock, asked),
            "api.os.uk": lambda asked: files.survey(stock, asked),
            arcgis.HOST: self.features,
            "www.arcgis.com": self.portal,
            **{host: lambda asked: files.offered(stock, asked) for host in FILES},
            **{host: lambda asked: files.signed(stock, asked) for host in STORES},
        }
        self._wrong: list[Misbehaviour] = []
        self._lock = threading.Lock()
        self._certificate = certificate
        self._proxy = Proxy(answer=self._answer, admits=self._admits)

    @property
    def hosts(self) -> list[str]:
        """The names of all hosts that are played."""
        return sorted(self._hosts)

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which a program reaches the hosts, and nothing else."""
        proxy = f"http://127.0.0.1:{self._proxy.server_address[1]}"
        ways = {f"{scheme}_proxy": proxy for scheme in ("http", "https", "all")}
        trusted = str(self._certificate)
        return {
            **ways,
            **{name.upper(): value for name, value in ways.items()},
            "no_proxy": "",
            "NO_PROXY": "",
            "REQUESTS_CA_BUNDLE": trusted,
            "CURL_CA_BUNDLE": trusted,
        }

    @property
    def record(self) -> Record:
        """Connections opened, refused, and without encryption."""
        return self._proxy.record

    @property
    def requests(self) -> list[Seen]:
        """All requests so far, in the order in which they ended."""
        return [*self._proxy.record.requests]

    def asked(self, where: str = "") -> list[Seen]:
        """Return the requests of a host, or of addresses that begin so."""
        fits = Misbehaviour(where, behaviours.silent).fits
        return [seen for seen in self.requests if not where or fits(seen.asked)]

    def misbehave(
        self, where: str, behaviour: Behaviour, *, times: int | None = None
    ) -> Misbehaviour:
        """Let a host, or what has an address that begins so, go wrong: so many times, or always.

        The last that fits a request and is not used up is what happens.
        """
        wrong = Misbehaviour(where, behaviour, times)
        with self._lock:
            self._wrong.append(wrong)
        return wrong

    def behave(self) -> None:
        """Let everything be well again."""
        with self._lock:
            self._wrong.clear()
            self.features.services = {one.name: one for one in known()["service"]}
            self.portal.gone.clear()

    def rename(self, old: str, new: str, *, version: int | None = None) -> None:
        """Give a feature service another name; its item leads to it, and the old name is gone."""
        service = self.features.services[old]
        others = arcgis.without(self.features.services, old)
        self.features.services = {**others, new: arcgis.under(service, new, version)}

    def move(self, old: str, new: str) -> None:
        """Offer a file at another address alone, which the pages that list it then lead to."""
        self.stock.move(old, new)

    def take_down(self, name: str) -> None:
        """Take a feature service away with its item."""
        self.portal.gone.add(self.features.services[name].item_id)
        self.features.services = arcgis.without(self.features.services, name)

    def reissue(self, old: str, new: str, *, version: int) -> None:
        """Offer a service anew, as another item: the old service and its item are gone."""
        service = self.features.services[old]
        self.take_down(old)
        self.features.services = {
            **self.features.services,
            new: arcgis.under(service, new, version, item=""),
        }

    def close(self) -> None:
        self._proxy.close()
        if self.record.faults:
            raise ExceptionGroup("the hosts themselves went wrong", self.record.faults)

    def _admits(self, host: str) -> bool:
        for wrong in reversed(self._wrong):
            if wrong.behaviour is behaviours.refused and wrong.fits(Asked(host=host, target="/")):
                wrong.met += 1
                return False
        return host in self._hosts

    def _answer(self, asked: Asked) -> Answer:
        with self._lock:
            wrong = next((one for one in reversed(self._wrong) if one.fits(asked)), None)
            if wrong is not None:
                wrong.met += 1
        return wrong.behaviour(asked, lambda: self._true(asked)) if wrong else self._true(asked)

    def _true(self, asked: Asked) -> Answer:
        if asked.method not in {"GET", "HEAD", "POST"}:
            return page_answer("405 Method Not Allowed", 405)
        return self._hosts[asked.host](asked)


@contextmanager
def serving(mirror: Path, work: Path, *, grids: bool = False) -> Iterator[Publishers]:
    """Play the publishers of a mirror's files; what is made from these is kept under ``work``.

    Ends with what went wrong in the hosts themselves, if anything did.
    """
    work.mkdir(parents=True, exist_ok=True)
    certificate = work / f"authority-{os.getpid()}.pem"
    certificate.write_bytes(authority().cert_pem.bytes())
    publishers = Publishers(Stock(mirror, work, grids), certificate)
    try:
        yield publishers
    finally:
        publishers.close()
