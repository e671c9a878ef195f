"""The publishers' own lists, which say where a file stands now, and whom a file may be asked of."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from geo.sources import Address, Source

GOVUK = "https://www.gov.uk/api/content/"
"""What GOV.UK says of each of its pages: which files are attached to it, among others."""
PORTAL = "https://www.arcgis.com/sharing/rest"
"""The portal of the feature services: its items, and the search for them by title."""
LAYERS = {"feature-layer", "feature-table"}
"""The kinds of addresses that are feature services."""
_MEDIA = "https://assets.publishing.service.gov.uk/"
"""Where GOV.UK keeps what is attached, and leads to from its old addresses."""


def page_url(slug: str) -> str:
    """Return where GOV.UK says what is attached to a page."""
    return GOVUK + slug.lstrip("/")


def item_url(address: Address) -> str:
    """Return where the portal says which service an item leads to."""
    return f"{PORTAL}/content/items/{address.item}?f=json"


def search_url(address: Address) -> str:
    """Return where the portal lists the organisation's items of a title."""
    organisation = urlsplit(address.url).path.strip("/").split("/")[0]
    title = address.title.replace('"', "")
    query = f'orgid:{organisation} AND title:"{title}"'
    return f"{PORTAL}/search?{urlencode({'f': 'json', 'num': 100, 'q': query})}"


def addresses_of(source: Source) -> list[str]:
    """Return all addresses that may be asked on the way to a file, in the order in which they are.

    >>> address = Address(kind="govuk", slug="government/statistics/people")
    >>> page_url(address.slug)
    'https://www.gov.uk/api/content/government/statistics/people'
    """
    address = source.address
    lists = [page_url(address.slug)] if address.slug else []
    lists += [item_url(address)] if address.item else []
    lists += [search_url(address)] if address.kind in LAYERS and address.title else []
    return [*address.recorded, *lists]


def hosts_of(source: Source) -> list[str]:
    """Return the hosts of these addresses, and those that their answers lead to."""
    urls = addresses_of(source)
    found = [urlsplit(url).hostname or "" for url in urls]
    if urlsplit(GOVUK).hostname in found:
        found.append(urlsplit(_MEDIA).hostname or "")
    return list(dict.fromkeys(found))
