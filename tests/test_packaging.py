"""What is handed out is whole: the archive of the sources, and the wheel."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BUILD = "from setuptools import build_meta as b; b.build_sdist('dist'); b.build_wheel('dist')"
ROOMS = ("geo", "boundaries", "layers", "maps", "scripts", "pockets")


@pytest.fixture(scope="module")
def listed() -> set[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in done.stdout.splitlines() if (ROOT / name).exists()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, listed: set[str]) -> tuple[Path, str]:
    """Build both from a copy; return their folder, and what the builder said."""
    copy = tmp_path_factory.mktemp("source")
    for name in listed:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((ROOT / name).read_bytes())
    (copy / "dist").mkdir()
    command = [sys.executable, "-c", BUILD]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=True)
    return copy / "dist", done.stdout + done.stderr


def test_the_archive_of_the_sources_is_whole(made: tuple[Path, str], listed: set[str]) -> None:
    (path,) = made[0].glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {one.name.partition("/")[2] for one in archive.getmembers() if one.isfile()}
    assert listed - names == set()
    added = {name for name in names - listed if "egg-info" not in name}
    assert added == {"PKG-INFO", "setup.cfg"}


def test_the_wheel_holds_the_packages_with_all_their_files_and_no_others(
    made: tuple[Path, str], listed: set[str]
) -> None:
    (path,) = made[0].glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    wanted = {name for name in listed if name.split("/")[0] in ROOMS}
    assert names == {name for name in wanted if not name.startswith("scripts/dev/")}
    assert {f"{room}/py.typed" for room in ROOMS} <= names


def test_the_builder_has_nothing_to_warn_of(made: tuple[Path, str]) -> None:
    assert "would be ignored" not in made[1]
    assert "Deprecat" not in made[1]
