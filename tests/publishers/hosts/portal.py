"""The portal of what an organisation has: items, what they hold, and the search for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.publishers.hosts import arcgis
from tests.publishers.hosts.arcgis import HOST, ORGANISATION, ROOT, Features
from tests.publishers.hosts.files import onward
from tests.publishers.stock import Service, Stock
from tests.publishers.wire import Answer, Asked, json_answer, page_answer

_ITEM = re.compile(r"/sharing/rest/content/items/([0-9a-f]{32})(/data)?/?")
_GONE = ("Item does not exist or is inaccessible.",)


@dataclass
class Portal:
    """The portal of the services that there are; ``gone`` are the ids of items that are no more."""

    stock: Stock
    features: Features
    gone: set[str] = field(default_factory=set)

    def __call__(self, asked: Asked) -> Answer:
        item = _ITEM.fullmatch(asked.path)
        if item and item[2]:
            return onward(self.stock, asked) or arcgis.error(*_GONE)
        if asked.query.get("f", "html") not in {"json", "pjson"}:
            return page_answer("ArcGIS Portal Directory")
        if item:
            found = [one for one in self._items() if one["id"] == item[1]]
            return json_answer(found[0]) if found else arcgis.error(*_GONE)
        if asked.path.rstrip("/") == "/sharing/rest/search":
            return self._search(asked)
        return arcgis.error("Invalid URL", code=404)

    def _items(self) -> Iterator[dict[str, Any]]:
        """Yield the items of all services that have one."""
        for name, service in self.features.services.items():
            if service.item_id not in self.gone:
                yield _item(service, name)

    def _search(self, asked: Asked) -> Answer:
        """Answer with the items that have all words of the title, near ones among them."""
        query = asked.query.get("q", "")
        if not query:
            return arcgis.error("'q' must be specified.")
        organisation = re.search(r"\borgid:(\w+)", query)
        title = re.search(r'\btitle:\s*"([^"]*)"|\btitle:(\w+)', query)
        kind = re.search(r'\btype:\s*"([^"]*)"', query)
        found = []
        if organisation is None or organisation[1] == ORGANISATION:
            wanted = _words((title[1] or title[2]) if title else "")
            found = [
                item
                for item in self._listed()
                if _follow(wanted, _words(item["title"])) and (not kind or kind[1] == item["type"])
            ]
        start, most = int(asked.query.get("start", 1)), int(asked.query.get("num", 10))
        page = found[start - 1 : start - 1 + min(most, 100)]
        end = start + len(page)
        return json_answer(
            {
                "query": query,
                "total": len(found),
                "start": start,
                "num": len(page),
                "nextStart": end if end <= len(found) else -1,
                "results": page,
            }
        )

    def _listed(self) -> Iterator[dict[str, Any]]:
        """Yield the items there are among others whose titles are nearly the same.

        The one before it, whose service has gone; a map of the same title; and one that is only
        called like it.
        """
        for item in self._items():
            plain, version = re.subn(r" \(V ?\d+\)$", "", item["title"])
            if version:
                yield {
                    **item,
                    "id": "0" * 31 + "1",
                    "title": f"{plain} (V1)",
                    "url": item["url"].replace("/FeatureServer", "_V1/FeatureServer"),
                }
            yield {**item, "id": "0" * 31 + "2", "type": "Web Map", "url": None}
            yield item
            yield {
                **item,
                "id": "0" * 31 + "3",
                "title": f"{plain} in Nowhere (V9)",
                "url": f"https://{HOST}{ROOT}/Nowhere/FeatureServer",
            }


def _item(service: Service, name: str) -> dict[str, Any]:
    version = f" (V{service.version})" if service.version > 1 else ""
    return {
        "id": service.item_id,
        "owner": "ONSGeography_data",
        "orgId": ORGANISATION,
        "title": f"{service.title}{version}",
        "type": "Feature Service",
        "url": f"https://{HOST}{ROOT}/{name}/FeatureServer",
        "access": "public",
        "modified": 1_700_000_000_000,
    }


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _follow(wanted: list[str], words: list[str]) -> bool:
    """Say whether words stand one after another among others."""
    return any(words[n : n + len(wanted)] == wanted for n in range(len(words) - len(wanted) + 1))
