"""Serving a site: to this machine alone, out of its folder never, and whatever a client does."""

from __future__ import annotations

import socket
import threading
import time
import urllib.error
import urllib.request

import pytest

from geo.errors import OutputError
from maps.site.mark import FILE, Mark, write_mark
from scripts import serve
from scripts.serve import HOST, serve_folder, server_of


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "site" / "northmere").mkdir(parents=True)
    (tmp_path / "site" / "index.html").write_text("<title>All boroughs</title>")
    write_mark(Mark(edition="sample", area="the sample", districts=()), tmp_path / "site")
    (tmp_path / "site" / "northmere" / "index.html").write_text("<title>Northmere</title>")
    (tmp_path / "secret").write_text("not part of the site")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "index.html").write_text("not part of the site")
    (tmp_path / "site" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "site" / "links").symlink_to(tmp_path / "secrets")
    (tmp_path / "site" / "inside").symlink_to(tmp_path / "site" / "northmere")
    (tmp_path / "site" / "westholt").mkdir()
    (tmp_path / "site" / "westholt" / "index.html").symlink_to(tmp_path / "secret")
    return tmp_path / "site"


@pytest.fixture
def address(folder):
    with server_of(folder, port=0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()
        thread.join()


def fetched(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.status, answer.headers["Content-Type"], answer.read().decode()


def test_pages_of_a_site_are_served(address):
    assert fetched(f"{address}/") == (200, "text/html", "<title>All boroughs</title>")
    assert fetched(f"{address}/northmere/")[2] == "<title>Northmere</title>"


OUTSIDE = [
    "/nothing.html", "/../secret", "/%2e%2e/secret", "/..%2fsecret", "//../secret", "/%00",
    "/a%00b", "/link", "/links", "/links/", "/links/index.html", "/inside/", "/westholt/",
    "/westholt/index.html", "/" + 5000 * "a", "/%0a", "/index.html/",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_else_is_served(path, address, capfd):
    with pytest.raises(urllib.error.HTTPError) as answered:
        fetched(f"{address}{path}")
    assert answered.value.code == 404
    answered.value.close()
    assert "Traceback" not in capfd.readouterr().err


def connected(address):
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


@pytest.mark.parametrize(
    "asked", [b"", b"GET / HT", b"GET /big HTTP/1.0\r\n\r\n", b"\x00\xff\r\n\r\n"]
)
def test_a_client_that_vanishes_is_not_worth_a_word(asked, address, folder, capfd):
    (folder / "big").write_bytes(bytes(50_000_000))
    with connected(address) as client:
        client.sendall(asked)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert fetched(f"{address}/")[0] == 200
    time.sleep(0.1)
    assert "Traceback" not in capfd.readouterr().err


def trickle(client):
    """Send a letter of a question that never ends, as often as one can."""
    client.sendall(b"GET / HTTP/1.0\r\nX: ")
    while True:
        client.sendall(b"a")
        time.sleep(0.05)


def silence(client):
    """Ask nothing until the other side has had enough."""
    if not client.recv(1):
        raise ConnectionResetError


@pytest.mark.parametrize("slow", [trickle, silence])
def test_a_client_that_takes_too_long_is_sent_away(slow, folder, monkeypatch, capfd):
    monkeypatch.setattr(serve, "ASK_S", 0.3)
    with server_of(folder, port=0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://{HOST}:{server.server_port}"
        with connected(address) as client, pytest.raises(ConnectionError):
            slow(client)
        assert fetched(f"{address}/")[0] == 200
        server.shutdown()
        thread.join()
    assert "Traceback" not in capfd.readouterr().err


def test_only_this_machine_may_ask(folder):
    with server_of(folder, port=0) as server:
        assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("missing", [FILE, "index.html"])
def test_a_folder_without_a_site_is_refused(missing, folder):
    (folder / missing).unlink()
    with pytest.raises(OutputError, match="There is no site to serve") as raised:
        server_of(folder, port=0)
    assert raised.value.where == str(folder)


def test_a_port_in_use_is_refused(folder):
    with (
        server_of(folder, port=0) as server,
        pytest.raises(OutputError, match="The port cannot be used") as raised,
    ):
        server_of(folder, port=server.server_port)
    assert raised.value.where == f"127.0.0.1:{server.server_port}"


def test_serving_tells_its_address_and_ends_with_ctrl_c(folder, monkeypatch):
    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr("scripts.serve.ThreadingHTTPServer.serve_forever", interrupted)
    said = []
    serve_folder(folder, port=0, say=said.append)
    assert said[0].startswith(f"Serving {folder} at http://127.0.0.1:")
    assert ":0/" not in said[0]
    assert said[1] == "Stopped"
