"""Hosts on loopback for the tests of fetching."""

from __future__ import annotations

import pytest

from tests.geo.publisher import SERVICE, Areas, Host


@pytest.fixture
def host():
    """Return a host that has nothing yet."""
    with Host().serving() as serving:
        yield serving


@pytest.fixture
def areas(host):
    """Return five areas that the host serves, two a page."""
    served = Areas()
    host.at |= served.at(SERVICE)
    return served
