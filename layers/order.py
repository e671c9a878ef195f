"""An order: the files of an edition that are not at hand and are to be downloaded, said at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from geo.fetch.lists import addresses_of, hosts_of
from geo.sources import Source
from layers.files import Files


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A file that is not at hand: its record, the roles that it plays, and how it can be had.

    ``needed`` says that nothing can be built without it, ``by_program`` that a program can ask for
    it: a publisher offers it, and this run may use the network. ``spoilt`` is what is in the cache
    in its place and not used, empty where nothing is.
    """

    source: Source
    roles: tuple[str, ...]
    needed: bool
    by_program: bool
    spoilt: str = ""

    @property
    def made(self) -> bool:
        """Say whether nobody offers the file, and this program makes it."""
        return self.source.address.kind == "made"

    @property
    def url(self) -> str:
        """Return the address that is asked first; empty where nobody offers the file."""
        return next(iter(addresses_of(self.source)), "")

    @property
    def host(self) -> str:
        """Return the host that is asked first."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be had before a command can do its work; what is needed comes first."""

    files: Files
    items: tuple[Wanted, ...]

    @property
    def downloads(self) -> list[Wanted]:
        """Return what a program can ask for."""
        return [one for one in self.items if one.by_program]

    @property
    def by_hand(self) -> list[Wanted]:
        """Return what no program can ask for."""
        return [one for one in self.items if not one.by_program]

    @property
    def hosts(self) -> list[str]:
        """Return the hosts that will be asked, those of most files first."""
        named = [one.host for one in self.downloads]
        return sorted(set(named), key=lambda host: (-named.count(host), host))

    def in_short(self) -> str:
        """Say how many files and megabytes are to be downloaded ("12 files, about 34 MB")."""
        return f"{files_counted(self.downloads)}, {in_all(self.downloads)}"

    def lines(self) -> list[str]:
        """Say what is going to be downloaded, from where, and where it will be kept."""
        by_hand = [*_by_hand(self.by_hand)]
        if not self.downloads:
            return ["Nothing is to be downloaded", *by_hand]
        told = [f"To be downloaded: {self.in_short()}"]
        for needed in (True, False):
            found = [one for one in self.downloads if one.needed == needed]
            if found and not needed:
                told.append("and, since files are downloaded anyway, what can be done without:")
            told += [f"  {_line(one)}" for one in found]
        kept = f"Kept until you delete them, in {self.files.cache / 'files'}"
        return [*told, *by_hand, kept]

    def addresses(self) -> list[str]:
        """List all addresses that may be asked, each with what is looked for at it, and all hosts.

        Those after the first of a file are asked where the ones before it fail.
        """
        told = [
            f"{one.source.id:<{_NAMES}}{url}"
            for one in self.downloads
            for url in addresses_of(one.source)
        ]
        hosts = sorted({host for one in self.downloads for host in hosts_of(one.source)})
        return [*told, *([f"All hosts that may be asked: {', '.join(hosts)}"] if hosts else [])]


def order_of(
    files: Files, *, roles: Sequence[str] | None = None, everything: bool = False
) -> Order:
    """Return what is not at hand of an edition's files; asks nobody.

    A copy in the cache that fails the checks of its record is not at hand: it is read for that,
    once for each version of the program.

    Where nothing is lacking that cannot be done without, the order is empty, so that a build which
    could go ahead asks nobody for anything; with ``everything`` it names what can be done without
    all the same. With ``roles`` only these files are looked for.
    """
    found: dict[str, Wanted] = {}
    for role in files.edition.sources if roles is None else roles:
        decided = files.decided(role)
        if decided.plan.step == "use":
            continue
        source = files.source(role)
        before = found.get(source.id)
        found[source.id] = Wanted(
            source=source,
            roles=(*(before.roles if before else ()), role),
            needed=role not in files.edition.optional or (before is not None and before.needed),
            by_program=decided.plan.step != "refuse",
            spoilt=decided.spoilt,
        )
    needed = [one for one in found.values() if one.needed]
    others = [one for one in found.values() if not one.needed]
    return Order(files=files, items=(*needed, *others) if needed or everything else ())


def in_all(items: Iterable[Wanted]) -> str:
    """Add up the sizes that are known, and say of how many files they are not.

    >>> in_all([])
    'about 0 MB'
    """
    sizes = [one.source.size_mb for one in items]
    known = [size for size in sizes if size is not None]
    unknown = len(sizes) - len(known)
    if not known and unknown:
        return "of unknown size"
    more = f" and {unknown} of unknown size" if unknown else ""
    return f"about {megabytes(sum(known))}{more}"


def megabytes(size: float) -> str:
    """Write a number of millions of bytes as people read it.

    >>> megabytes(0.04), megabytes(6.71), megabytes(1234.5)
    ('0.1 MB', '6.7 MB', '1,234 MB')
    """
    return f"{size:,.0f} MB" if size >= 10 or size == 0 else f"{max(size, 0.1):.1f} MB"


def files_counted(items: Sequence[object]) -> str:
    """Say how many files some things are.

    >>> files_counted([1]), files_counted([1, 2])
    ('1 file', '2 files')
    """
    return f"{len(items)} file{'' if len(items) == 1 else 's'}"


_NAMES = 24


def _line(one: Wanted) -> str:
    size = one.source.size_mb
    said = "size unknown" if size is None else f"about {megabytes(size)}"
    return f"{one.source.id:<{_NAMES}}{said:>14}  {one.host}"


def _by_hand(items: Iterable[Wanted]) -> Iterator[str]:
    """Yield what is said of files that no host can be asked for, and how each comes about."""
    told = [f"  {one.source.id:<{_NAMES}}{one.source.by_hand}" for one in items]
    if told:
        yield "No program can download:"
        yield from told
