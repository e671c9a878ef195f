"""What could not be had, in one paragraph: which files, why, what that affects, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from geo.errors import AbsentError, some
from layers.order import Order
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
    needed = [one for one in missed if one.wanted.needed]
    listed = needed or missed
    is_ = "is" if len(listed) == 1 else "are"
    what = f"{_files(listed)} that {f'{is_} needed' if needed else 'can be done without'}"
    where = str(order.files.cache / "files")
    made = all(one.wanted.source.address.kind == "made" for one in missed)
    do = "; ".join([*dict.fromkeys(_ways(missed)), *([] if made else [_pack(again)])])
    at_once = {one.cause for one in missed} & _AT_ONCE.keys()
    if at_once:
        asked = f"to download {order.in_short()}, from {some(order.hosts, most=_MOST_HOSTS)}"
        return AbsentError(
            f"{what} {is_} not here, and {_AT_ONCE[at_once.pop()]}",
            where=where,
            expected=asked if order.downloads else "",
            do=do,
        )
    roles = [role for one in missed for role in one.wanted.roles]
    affected = affects(roles) if affects else ()
    found = "; ".join(_told(missed))
    return AbsentError(
        f"{what} could not be had",
        where=where,
        found=f"{found}; affected: {'; '.join(affected)}" if affected else found,
        do=do,
    )


def _files(missed: Sequence[Missed]) -> str:
    return f"{len(missed)} file{'' if len(missed) == 1 else 's'}"


def _groups(missed: Sequence[Missed]) -> Iterator[tuple[Cause, str, list[Missed]]]:
    """Yield what is missed by cause and, where a host was asked, by host."""

    def key(one: Missed) -> tuple[Cause, str]:
        return one.cause, one.wanted.host if one.cause in {"no answer", "changed"} else ""

    for (cause, host), group in groupby(sorted(missed, key=key), key):
        yield cause, host, list(group)


def _told(missed: Sequence[Missed]) -> Iterator[str]:
    for cause, host, group in _groups(missed):
        named = some((one.wanted.source.id for one in group), most=_MOST_FILES)
        reason = next((f" ({one.reason.rstrip('.')})" for one in group if one.reason), "")
        made = all(one.wanted.source.address.kind == "made" for one in group)
        yield {
            "by hand": f"nobody but this program makes {named}"
            if made
            else f"no program can download {named}",
            "no answer": f"{host} did not give {named}{reason}",
            "changed": f"{host} has something else in the place of {named}{reason}",
        }[cause]


def _ways(missed: Sequence[Missed]) -> Iterator[str]:
    """Yield what can be done about each cause, each once."""
    causes = {one.cause for one in missed}
    if "no network" in causes:
        yield (
            "connect this machine to the internet and run it again (behind a proxy, set"
            " HTTPS_PROXY first)"
        )
    if "offline" in causes:
        yield "run it again without --offline"
    if causes & {"no answer", "changed"}:
        yield "try again later, what has come is kept"
    if "no answer" in causes:
        yield "if a host stays away, download them by hand (pockets sources says where)"
    if "changed" in causes:
        yield (
            "if it stays something else, look for a newer version of this program, which may know"
            " the new file"
        )
    for one in missed:
        source = one.wanted.source
        if one.cause == "by hand":
            save = f", and save it as {source.path} in a folder for --mirror"
            yield f"{source.by_hand}{'' if source.address.kind == 'made' else save}"


def _pack(again: str) -> str:
    return (
        "or ask a colleague for a pack, which is one file: they run pockets pack FILE, and you then"
        f" run {again} --mirror FILE"
    )
