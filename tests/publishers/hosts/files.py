"""Hosts that offer files: GOV.UK and its assets, the statistics office, and stores of others."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from tests.publishers.cuts.grids import grid_of, is_grid
from tests.publishers.stock import Page, Stock, known, spelt
from tests.publishers.wire import (
    Answer,
    Asked,
    file_answer,
    json_answer,
    moved_answer,
    page_answer,
)

ASSETS = "assets.publishing.service.gov.uk"
_UPLOADS = "/government/uploads/"
_KINDS = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def offered(stock: Stock, asked: Asked) -> Answer:
    """Answer with the file at an address, or that there is none."""
    body = stock.at(asked.url)
    if body is None:
        return page_answer("404 Not Found", 404)
    return file_answer(body, _KINDS.get(PurePosixPath(asked.path).suffix, "text/csv"))


def signed(stock: Stock, asked: Asked) -> Answer:
    """Answer as a store does whose addresses hold for a while, and carry a signature."""
    if "signature" not in asked.query:
        return page_answer("AccessDenied", 403)
    return offered(stock, replace(asked, target=asked.path))


def onward(stock: Stock, asked: Asked) -> Answer | None:
    """Lead on to the store that has the file; None where the address leads nowhere."""
    for file in known()["file"]:
        if file.by and spelt(file.by) == spelt(asked.url):
            return moved_answer(f"{file.url}?signature=invented&expires=300")
    return None


def survey(stock: Stock, asked: Asked) -> Answer:
    return onward(stock, asked) or json_answer({"error": "Not Found"}, 404)


def air(stock: Stock, asked: Asked) -> Answer:
    """Answer with one of Defra's grids: the mirror's, or an invented one where these are on."""
    name = PurePosixPath(asked.path).name
    own = stock.mirror / "air_quality" / name
    if not asked.path.startswith("/datastore/pcm/") or not is_grid(name):
        return page_answer("404 Not Found", 404)
    if own.is_file():
        return file_answer(own.read_bytes(), "text/csv")
    return (
        file_answer(grid_of(name), "text/csv") if stock.grids else page_answer("404 Not Found", 404)
    )


def govuk(stock: Stock, asked: Asked) -> Answer:
    """Answer what is attached to a page, and lead old addresses of uploads to the assets."""
    if asked.path.startswith(_UPLOADS):
        return moved_answer(f"https://{ASSETS}{quote(asked.path)}", 301)
    slug = asked.path.removeprefix("/api/content/")
    for page in known()["page"]:
        if asked.path.startswith("/api/content/") and page.slug == slug:
            return json_answer(_content(stock, page))
    return json_answer({"message": "Not found"}, 404)


def assets(stock: Stock, asked: Asked) -> Answer:
    """Answer with a file; uploads of old stand at the same path on GOV.UK itself."""
    there = offered(stock, asked)
    if there.status == 404 and asked.path.startswith(_UPLOADS):
        return offered(stock, replace(asked, host="www.gov.uk"))
    return there


def _content(stock: Stock, page: Page) -> dict[str, Any]:
    return {
        "base_path": f"/{page.slug}",
        "title": page.title,
        "document_type": "national_statistics",
        "locale": "en",
        "details": {
            "attachments": [
                _beside(page, "Methodology", "methodology.pdf", "application/pdf"),
                _html(page),
                *(_attached(stock, title, url) for title, url in stock.attachments(page).items()),
                _beside(page, "Data in an open format", "tables.ods", "application/ods"),
            ]
        },
        "links": {},
    }


def _attached(stock: Stock, title: str, url: str) -> dict[str, Any]:
    name = PurePosixPath(urlsplit(url).path).name
    return {
        "accessible": False,
        "attachment_type": "file",
        "content_type": _KINDS.get(PurePosixPath(name).suffix, ""),
        "file_size": len(stock.at(url) or b""),
        "filename": name,
        "id": name,
        "title": title,
        "url": url,
    }


def _beside(page: Page, title: str, name: str, kind: str) -> dict[str, Any]:
    number = hashlib.md5(f"{page.slug}{name}".encode()).hexdigest()[:24]
    return {
        "accessible": False,
        "attachment_type": "file",
        "content_type": kind,
        "file_size": 100_000,
        "filename": name,
        "id": name,
        "title": f"{page.title}: {title}",
        "url": f"https://{ASSETS}/media/{number}/{name}",
    }


def _html(page: Page) -> dict[str, Any]:
    """Return an attachment that is no file: it has no name and an address without a host."""
    return {
        "attachment_type": "html",
        "id": "1",
        "title": f"{page.title}: commentary",
        "url": f"/{page.slug}/commentary",
    }
