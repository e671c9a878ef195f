"""Templates, styles and scripts: one base for all pages, each beside the product that uses it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from maps.look.html import FOLDERS, environment, static_text

ROOT = FOLDERS[0].parents[2]
FILES = [path for folder in FOLDERS for path in sorted(folder.rglob("*")) if path.is_file()]
PAGES = [path for path in FILES if path.suffix == ".html"]


def test_only_one_template_has_the_head_of_a_page():
    for part in ("<!doctype", "<head>", "content-security-policy", "<style>", "</html>"):
        found = [path.name for path in PAGES if part in path.read_text("utf-8").lower()]
        assert found == ["page.html"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_template_can_be_found_by_its_name(path):
    found = environment().get_template(path.name)
    assert Path(found.filename) == path


def test_no_two_files_have_one_name():
    assert len({path.name for path in FILES}) == len(FILES)
    assert static_text("find.js").startswith("/*")


def test_no_style_says_one_rule_twice():
    for path in (path for path in FILES if path.suffix == ".css"):
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip(" }")]
        assert [line for line in lines if lines.count(line) > 1] == [], path.name


def test_every_file_goes_into_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    setuptools = project["tool"]["setuptools"]
    packed = {
        path
        for package in setuptools["packages"]
        for pattern in setuptools["package-data"]["*"]
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
        if path.is_file()
    }
    there = [path for path in (ROOT / "maps").rglob("*") if path.is_file()]
    others = {path for path in there if path.suffix not in {".py", ".pyc", ".typed"}}
    assert set(FILES) == others
    assert others <= packed
