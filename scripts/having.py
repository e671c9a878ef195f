"""Having the files that a command needs: said before, shown meanwhile, and told of afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import cached_property

from geo.errors import AbsentError
from layers.commands import command
from layers.files import Files
from layers.missed import absent
from layers.order import order_of
from layers.stock import Missed, all_missed, gather, no_network
from scripts.progress import downloads, working
from scripts.streams import tell


class Having:
    """The files of one command, and how it comes by those that are not at hand.

    ``again`` is what somebody with a pack is to type after ``pockets``. ``roles`` are those that
    are needed, all of the edition unless given; ``everything`` has what can be done without too.
    """

    def __init__(
        self,
        files: Files,
        *,
        again: Sequence[object],
        roles: Sequence[str] | None = None,
        everything: bool = False,
    ) -> None:
        """Look at what is at hand, and check what has not been; nothing is asked for yet."""
        known = files.edition.sources if roles is None else roles
        checks = any(files.unchecked(role) for role in known)
        with working("Checking the files in the cache") if checks else nullcontext():
            self.order = order_of(files, roles=roles, everything=everything)
        self._again = command(files.edition, *again)
        self._missed: list[Missed] = []

    def require_network(self) -> None:
        """Refuse, before any work, what cannot be had; raises ``AbsentError``.

        That is what is needed where the run is offline, or no publisher can be reached.
        """
        if any(one.needed for one in self.order.items) and not self._open:
            raise absent(self.order, all_missed(self.order), again=self._again)

    def have(self) -> None:
        """Download what is not at hand, after saying what that is, where and for how long it stays.

        Raises ``AbsentError`` at the end where something that is needed could not be had.
        """
        if not self.order.items:
            return
        if self._open:
            for line in self.order.lines():
                tell(line)
            with downloads(len(self.order.items)) as (watch, ended):
                self._missed = gather(self.order, watch=watch, ended=ended)
        else:
            self._missed = all_missed(self.order)
        if any(one.wanted.needed for one in self._missed):
            raise self._absent()

    def notes(self) -> Iterator[str]:
        """Yield what there is to tell of files that could not be had and are done without."""
        if self._missed:
            yield f"Note: {self._absent()}"

    @property
    def missing(self) -> set[str]:
        """Return the roles whose files could not be had."""
        return {role for one in self._missed for role in one.wanted.roles}

    @cached_property
    def _open(self) -> bool:
        """Say whether there is anything to ask for, and a network to ask it of."""
        return bool(self.order.downloads) and not no_network(self.order)

    def _absent(self) -> AbsentError:
        from layers.kinds.registry import affected

        edition = self.order.files.edition
        return absent(
            self.order,
            self._missed,
            again=self._again,
            affects=lambda roles: affected(edition, roles),
        )
