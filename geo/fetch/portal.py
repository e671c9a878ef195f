"""Where a feature service has gone: its item of the portal, or the item that now has its title.

The publisher gives every revision of a layer a new service, and takes the old one away some time.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from geo.codes import nearest_names
from geo.errors import ChangedError, SourceError, some
from geo.fetch import lists
from geo.net.allowance import SpentError
from geo.net.answers import found_in
from geo.net.asking import Asker
from geo.net.heads import RequestError
from geo.sources import Source

_DOMAIN = ".arcgis.com"
_VERSION = re.compile(r" ?\(V ?([0-9]{1,4})\)$", re.IGNORECASE)
_SERVICE = re.compile(r"/([^/]+)/(?:Feature|Map)Server(?:/[0-9]+)?/?$")
_LAYER = re.compile(r"/[0-9]{1,4}$")


def service_of_item(source: Source, asker: Asker) -> str:
    """Return the address of the layer of a record's item, which must have the recorded title.

    Raises ``ChangedError`` where it has not, and what asking raises.
    """
    url = lists.item_url(source.address)
    return _layer_of(asker.json(url), source, url)


def service_of_title(source: Source, asker: Asker) -> str:
    """Return the address of the layer with the recorded title: of the highest version of it.

    Raises ``SourceError`` where there is none, ``ChangedError`` where there are others, and what
    asking raises.
    """
    url = lists.search_url(source.address)
    return _newest(asker.json(url), source, url)


def near_services(source: Source, asker: Asker) -> str:
    """Return the names of services that are spelt nearly as the record's, for a message.

    Nothing is said where they cannot be had.
    """
    directory, _, rest = source.address.url.partition("/services/")
    wanted = rest.split("/")[0]
    try:
        names = _names(asker.json_once(f"{directory}/services?f=json"))
    except (SourceError, RequestError, SpentError):
        return ""
    near = some(nearest_names(wanted, names)) or "none"
    return f"services with names near “{wanted}”: {near}"


def _names(answer: dict[str, Any]) -> list[str]:
    listed = answer.get("services")
    if not isinstance(listed, list):
        raise SourceError("The directory lists no services", found=found_in(answer))
    names = [each.get("name") for each in listed if isinstance(each, dict)]
    return [name for name in names if isinstance(name, str)]


def _newest(answer: dict[str, Any], source: Source, url: str) -> str:
    results = answer.get("results")
    listed = results if isinstance(results, list) else []
    items = [each for each in listed if isinstance(each, dict) and isinstance(each.get("url"), str)]
    found = [item for item in items if _same_title(item, source)]
    if not found:
        raise _refusal(source, url, items)
    return _layer_of(max(found, key=_version), source, url)


def _layer_of(item: dict[str, Any], source: Source, url: str) -> str:
    """Return the address of an item's layer, once its title is the recorded one."""
    told = item.get("url")
    if not _same_title(item, source):
        raise _refusal(source, url, [item])
    if not isinstance(told, str) or not _is_service(told, source):
        raise ChangedError(
            "The item of the portal leads to no feature service of the publisher",
            where=url,
            found=found_in(told),
        )
    service = told.rstrip("/")
    return service if _LAYER.search(service) else f"{service}/0"


def _is_service(url: str, source: Source) -> bool:
    """Say whether an address is a feature service at the publisher's own host, or beside it."""
    try:
        parts, own = urlsplit(url), urlsplit(source.address.url)
        host = parts.hostname or ""
    except ValueError:
        return False
    beside = parts.scheme == "https" and host.endswith(_DOMAIN)
    at_home = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    return (beside or at_home) and _SERVICE.search(parts.path) is not None and not parts.query


def _same_title(item: dict[str, Any], source: Source) -> bool:
    title = item.get("title")
    return isinstance(title, str) and _plain(title) == _plain(source.address.title)


def _plain(title: str) -> str:
    return _VERSION.sub("", _spaced(title)).casefold()


def _spaced(title: str) -> str:
    """Return a title with single spaces, of which a pattern cannot try one run again and again."""
    return " ".join(title.split())


def _version(item: dict[str, Any]) -> int:
    found = _VERSION.search(_spaced(item["title"]))
    return int(found[1]) if found else 1


def _refusal(source: Source, url: str, items: list[dict[str, Any]]) -> SourceError:
    """Say which other things the portal has; where it has none at all, the layer is only gone."""
    told = [item.get("title") for item in items]
    titles = some(f"“{found_in(title)}”" for title in told if isinstance(title, str))
    kind = ChangedError if titles else SourceError
    return kind(
        f"The portal has {'another thing than the' if titles else 'no'} recorded layer",
        where=url,
        expected=f"an item with the title “{source.address.title}”",
        found=titles or "nothing",
    )
