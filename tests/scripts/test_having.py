"""The command without its files: what it says, asks of nobody, and ends with."""

from __future__ import annotations

import shlex
import socket

import pytest

from layers.catalogue import catalogue
from layers.commands import DEFAULT_EDITION
from layers.layer import edition
from scripts.cli import app
from scripts.dev.write_docs import cli_page
from tests.publishers.edition import tiny_england

NEED_FILES = (
    "build Liverpool",
    "areas liverp",
    "profile Halton",
    "check",
    "reproduce",
    "fetch",
    "pack a.zip",
)
OFFERED = {
    source
    for source in edition(DEFAULT_EDITION).sources.values()
    if catalogue()[source].address.kind != "page"
}
"""What a program can download for an edition of which nothing is at hand."""
OFFLINE = [
    command.callback.__name__
    for command in app.registered_commands
    if "offline" in command.callback.__annotations__
]


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """Have no file, nor a mirror."""
    monkeypatch.setenv("POCKETS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("POCKETS_MIRROR", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def unplugged(bare, monkeypatch):
    """Have no network: the way to it is a door at which nobody listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{door.getsockname()[1]}"
        for name in ("http", "https", "all"):
            monkeypatch.setenv(f"{name}_proxy", closed)
            monkeypatch.setenv(f"{name.upper()}_PROXY", closed)
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("NO_PROXY", "")
        yield bare


@pytest.mark.parametrize("command", NEED_FILES)
def test_without_a_network_a_command_ends_with_one_paragraph_and_3(command, pockets, unplugged):
    ended = pockets(*command.split())
    assert (ended.code, ended.out) == (3, "")
    (said,) = ended.err.splitlines()
    assert "are not here, and there is no network" in said
    assert "they run pockets pack FILE" in said
    assert f"you then run pockets {command} --mirror FILE" in said
    assert [path.name for path in unplugged.iterdir()] == []


def test_the_first_run_says_how_much_would_be_downloaded(pockets, unplugged):
    said = pockets("build", "St. Helens").err
    assert f"Expected: to download {len(OFFERED)} files, about " in said
    assert "MB" in said
    assert "assets.publishing.service.gov.uk" in said
    assert f"pockets build {shlex.quote('St. Helens')} --mirror FILE" in said


def test_a_dry_run_lists_files_sizes_and_addresses_and_asks_nobody(pockets, bare, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("asked for a host"))
    ended = pockets("fetch", "--dry-run")
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert lines[0].startswith("To be downloaded: ")
    listed = {line.split()[0]: line.split()[1] for line in lines if "https://" in line}
    assert listed.keys() == OFFERED
    assert all(address.startswith("https://") for address in listed.values())
    assert list(bare.iterdir()) == []


@pytest.fixture
def watched(publishers, bare, monkeypatch):
    """Have a proxy that writes down what it is asked, and let no socket go anywhere else."""

    def connect(self, address):
        raise AssertionError(f"connects to {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("asked for a host"))
    with tiny_england(bare):
        yield publishers


def asked_of(publishers):
    record = publishers.record
    return [*publishers.requests, *record.refused, *record.plain]


ARGUMENTS = {
    "build": ["Northmere", "--jobs", "1", "--only", "about"],
    "profile": ["Northmere"],
    "pack": ["a.zip"],
}


@pytest.mark.parametrize("name", [*OFFLINE, "sources"])
def test_offline_nothing_is_asked_of_the_network_without_any_file(name, pockets, watched):
    offline = ["--offline"] if name in OFFLINE else []
    tiny = [] if name == "reproduce" else ["--edition", "tiny"]
    ended = pockets(name, *ARGUMENTS.get(name, []), *tiny, *offline)
    assert ended.code == (3 if offline else 0)
    assert ("this run is offline" in ended.err) == bool(offline)
    assert asked_of(watched) == []


@pytest.mark.parametrize("name", sorted({*OFFLINE, "sources"} - {"reproduce"}))
def test_offline_nothing_is_asked_of_the_network_with_what_is_needed(
    name, pockets, watched, tiny_mirror, shared, monkeypatch
):
    # one cache for all: what the first command works out, the next one finds
    monkeypatch.setenv("POCKETS_CACHE", str(shared / "offline-cache"))
    offline = ["--offline"] if name in OFFLINE else []
    arguments = [*ARGUMENTS.get(name, []), "--edition", "tiny", "--mirror", tiny_mirror]
    assert pockets(name, *arguments, *offline).code == 0
    assert asked_of(watched) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("--edition sample", 0), ("Nothmere --edition sample", 1), ("--nowhere", 2), ("--offline", 3)],
)
def test_the_exit_code_says_how_a_command_ended_and_is_documented(arguments, code, pockets, bare):
    assert pockets("areas", *arguments.split()).code == code
    assert f"\n| {code} | " in cli_page()
