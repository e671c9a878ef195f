"""What could not be had, in one paragraph: which files, why, what that affects, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from geo.errors import AbsentError, some
from layers.commands import command
from layers.layer import Edition
from layers.order import Order, files_counted
from layers.stock import Cause, Missed

Affects = Callable[[Sequence[str]], Sequence[str]]
"""From roles whose files are missing to what that affects, in phrases."""

_AT_ONCE: dict[Cause, str] = {"no network": "there is no network", "offline": "this run is offline"}
_MOST_HOSTS = 3
_MOST_FILES = 6


def absent(
    order: Order, missed: Sequence[Missed], *, again: str, affects: Affects | None = None
) -> AbsentError:
    """Return the error of all that could not be had, grouped by cause.

    ``again`` is the command that somebody with a pack is to run; ``affects`` is asked only where a
    network is there and some files came.
    """
    files = order.files
    where = str(files.cache / "files")
    where += "" if files.mirror is None else f", and the mirror {files.mirror}"
    made = all(one.wanted.made for one in missed)
    pack = [] if made else [_pack(files.edition, again)]
    do = "; ".join([*dict.fromkeys(_ways(files.edition, missed)), *pack])
    at_once = {one.cause for one in missed} & _AT_ONCE.keys()
    if at_once:
        is_ = "is" if len(missed) == 1 else "are"
        asked = f"to download {order.in_short()}, from {some(order.hosts, most=_MOST_HOSTS)}"
        return AbsentError(
            f"{_counted(missed)} {is_} not here, and {_AT_ONCE[at_once.pop()]}",
            where=where,
            expected=asked if order.downloads else "",
            found="; ".join(_not_here(missed)),
            do=do,
        )
    roles = [role for one in missed for role in one.wanted.roles]
    affected = affects(roles) if affects else ()
    found = "; ".join(_told(missed))
    return AbsentError(
        f"{_counted(missed)} could not be had",
        where=where,
        found=f"{found}; affected: {'; '.join(affected)}" if affected else found,
        do=do,
    )


def _counted(missed: Sequence[Missed]) -> str:
    """Say how many files are missing: those that are needed, and those that are not."""
    needed = [one for one in missed if one.wanted.needed]
    others = [one for one in missed if not one.wanted.needed]
    if not needed:
        return f"{files_counted(others)} that can be done without"
    told = f"{files_counted(needed)} that {'is' if len(needed) == 1 else 'are'} needed"
    return f"{told}, and {len(others)} that can be done without," if others else told


def _not_here(missed: Sequence[Missed]) -> Iterator[str]:
    """Yield which files are not here, and what is here of them and of no use."""
    ids = [one.wanted.source.id for one in missed if not one.wanted.spoilt]
    if ids:
        yield f"nothing of {some(ids, most=_MOST_FILES)}"
    for one in missed:
        if one.wanted.spoilt:
            yield f"of {one.wanted.source.id} {one.wanted.spoilt}"


def _groups(missed: Sequence[Missed]) -> Iterator[tuple[Cause, str, list[Missed]]]:
    """Yield what is missed by cause and, where a host was asked, by host."""

    def key(one: Missed) -> tuple[Cause, str]:
        return one.cause, one.wanted.host if one.cause in {"no answer", "changed"} else ""

    for (cause, host), group in groupby(sorted(missed, key=key), key):
        yield cause, host, list(group)


def _told(missed: Sequence[Missed]) -> Iterator[str]:
    for cause, host, group in _groups(missed):
        named = _named(group)
        made = all(one.wanted.made for one in group)
        yield {
            "by hand": f"nobody but this program makes {named}"
            if made
            else f"no program can download {named}",
            "no answer": f"{host} did not give {named}",
            "changed": f"{host} has something else in the place of {named}",
        }[cause]


def _named(group: Sequence[Missed]) -> str:
    """Name files, each reason once and after those that it is the reason of."""
    alike: dict[str, list[str]] = {}
    for one in group:
        alike.setdefault(one.reason.rstrip("."), []).append(one.wanted.source.id)
    told = [
        some(ids, most=_MOST_FILES) + (f" ({reason})" if reason else "")
        for reason, ids in alike.items()
    ]
    return ", and ".join(told)


def _ways(edition: Edition, missed: Sequence[Missed]) -> Iterator[str]:
    """Yield what can be done about each cause, each once."""
    causes, listing = {one.cause for one in missed}, command(edition, "sources")
    if "no network" in causes:
        yield (
            "connect this machine to the internet and run it again (behind a proxy, set"
            " HTTPS_PROXY first)"
        )
    if "offline" in causes:
        yield "run it again without --offline"
    if causes & _AT_ONCE.keys():
        yield f"{listing} says of each file what it is and where it comes from"
    if causes & {"no answer", "changed"}:
        yield "try again later, what has come is kept"
    if "no answer" in causes:
        yield f"if a host stays away, download them by hand ({listing} says where)"
    if "changed" in causes:
        yield (
            "if it stays something else, look for a newer version of this program, which may know"
            " the new file"
        )
    for one in missed:
        source = one.wanted.source
        if one.cause == "by hand":
            save = f", and save it as {source.path} in a folder for --mirror"
            yield f"{source.by_hand}{'' if one.wanted.made else save}"


def _pack(edition: Edition, again: str) -> str:
    packs = command(edition, "pack", free="FILE")
    return (
        f"or ask a colleague for a pack, which is one file: they run {packs}, and you then"
        f" run {again} --mirror FILE"
    )
