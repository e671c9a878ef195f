"""Files attached to a page of GOV.UK, found through its content API.

A correction on GOV.UK gets a new address; the page that it is attached to stays, and lists it.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from geo.codes import nearest_names
from geo.errors import ChangedError, SourceError, some
from geo.fetch import lists
from geo.net.answers import found_in
from geo.net.asking import Asker
from geo.sources import Source

_DOMAIN = ".gov.uk"
_ENDINGS = {"xlsx": ".xlsx", "csv": ".csv"}
"""How the names of files of a format end, where a page has them in other formats beside it."""


def attachment_of(source: Source, asker: Asker) -> str:
    """Return the address of the attachment that a record means: by its file name, then its title.

    Where neither is there and the page has one file of the record's format, that one is taken: its
    contents are checked as any other's. A page that has moved is followed once, to its new place at
    the same host. Raises ``SourceError`` where the page has nothing attached, ``ChangedError``
    where it has others or several, and what asking raises.
    """
    url = lists.page_url(source.address.slug)
    answer = asker.json(url)
    onward = _moved_to(answer, url)
    if onward:
        url, answer = onward, asker.json(onward)
    return _chosen(answer, source, url)


def _moved_to(answer: dict[str, Any], url: str) -> str:
    """Return where the page that leads on to another one leads; empty where it does not."""
    if answer.get("document_type") != "redirect":
        return ""
    redirects = answer.get("redirects")
    listed = redirects if isinstance(redirects, list) else []
    told = [each.get("destination") for each in listed if isinstance(each, dict)]
    for place in [*told, answer.get("base_path")]:
        path = _path(place)
        if path and lists.page_url(path) != url:
            return lists.page_url(path)
    return ""


def _path(place: object) -> str:
    """Return the path of a page of the same host; empty for anything else."""
    home = urljoin(lists.GOVUK, "/")
    try:
        url = urljoin(home, place) if isinstance(place, str) else ""
        return urlsplit(url).path.strip("/") if url.startswith(home) else ""
    except ValueError:
        return ""


def _chosen(answer: dict[str, Any], source: Source, url: str) -> str:
    address, attached = source.address, _attached(answer, url)
    wanted = {"name": address.attachment, "title": address.attachment_title}
    for kind, text in wanted.items():
        plain = " ".join(text.split()).casefold()
        found = {each["url"] for each in attached if plain and each[kind] == plain}
        if len(found) > 1:
            raise _refusal(source, url, f"several of that {kind}: {some(sorted(found))}")
        if found:
            return found.pop()
    ending = _ENDINGS.get(source.format)
    alike = {each["url"] for each in attached if ending and each["name"].endswith(ending)}
    if len(alike) == 1:
        return alike.pop()
    names = [each["name"] for each in attached]
    near = nearest_names(address.attachment.casefold(), names) or names
    raise _refusal(source, url, f"{len(names)} others ({some(near)})" if names else "")


def _attached(answer: dict[str, Any], url: str) -> list[dict[str, str]]:
    """Return the file names, titles and addresses of what is attached, without what is no file."""
    details = answer.get("details")
    listed = details.get("attachments") if isinstance(details, dict) else None
    if not isinstance(listed, list):
        raise SourceError(
            "The page lists no attachments",
            where=url,
            expected="details.attachments",
            found=found_in(answer),
        )
    found = [_of(each, url) for each in listed if isinstance(each, dict)]
    return [each for each in found if each]


def _of(attachment: dict[str, Any], url: str) -> dict[str, str]:
    told, title = attachment.get("url"), attachment.get("title")
    if not isinstance(told, str):
        return {}
    try:
        place = urljoin(url, told)
        parts = urlsplit(place)
        host = parts.hostname or ""
    except ValueError:
        return {}
    own = urlsplit(url)
    if parts.scheme not in {"https", own.scheme}:
        return {}
    if host != own.hostname and not f".{host}".endswith(_DOMAIN):
        return {}
    name = PurePosixPath(unquote(parts.path)).name
    words = " ".join(title.split()) if isinstance(title, str) else ""
    return {"url": place, "name": name.casefold(), "title": words.casefold()}


def _refusal(source: Source, url: str, found: str) -> SourceError:
    address = source.address
    title = f" or titled “{address.attachment_title}”" if address.attachment_title else ""
    return (ChangedError if found else SourceError)(
        "The file is not attached to the publisher's page",
        where=url,
        expected=f"one attachment named {address.attachment}{title}",
        found=found or "no file",
    )
