from __future__ import annotations

import threading
import urllib.error
import urllib.request

import pytest

from geo.errors import OutputError
from maps.mark import FILE
from scripts.serve import HOST, serve_folder, server_of


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "site" / "northmere").mkdir(parents=True)
    (tmp_path / "site" / FILE).write_text("{}")
    (tmp_path / "site" / "index.html").write_text("<title>All boroughs</title>")
    (tmp_path / "site" / "northmere" / "index.html").write_text("<title>Northmere</title>")
    (tmp_path / "secret").write_text("not part of the site")
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


@pytest.mark.parametrize("path", ["/nothing.html", "/../secret", "/%2e%2e/secret"])
def test_nothing_else_is_served(path, address, capsys):
    with pytest.raises(urllib.error.HTTPError) as answered:
        fetched(f"{address}{path}")
    assert answered.value.code == 404
    answered.value.close()


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
