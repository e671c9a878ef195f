"""Licences: nothing that a build loads is under the GPL, and every package's licence is known."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from types import ModuleType

import pytest

from maps.site.parts import PARTS
from scripts.dev.licences import (
    NOT_FOR_A_BUILD,
    REVIEWED,
    ROOT,
    licence_of,
    licences_page,
    packages_of,
    pinned,
    stated,
)

RUN, DEV = "requirements.txt", "requirements-dev.txt"
LOADED = """
import json, sys
from scripts.cli import main
for given in json.loads(sys.argv[1]):
    sys.argv = ["pockets", *given]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code, given
from scripts.dev.licences import packages_of
print(json.dumps(sorted(set(packages_of(sys.modules.values())))))
"""


@pytest.fixture(scope="module")
def loaded(warm_cache, tmp_path_factory):
    """Return the packages that a build of the sample loads, with what their modules mark.

    One borough without its printed maps, whose modules the atlas loads as well.
    """
    out = tmp_path_factory.mktemp("licences") / "site"
    parts = ",".join(part for part in PARTS if part != "maps")
    named = ["Westholt", "--edition", "sample", "--out", str(out)]
    commands = [
        ["check", "--edition", "sample"],
        ["build", *named, "--only", parts, "--jobs", "1"],
    ]
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, json.dumps(commands)],
        cwd=ROOT,
        env={**os.environ, "POCKETS_CACHE": str(warm_cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_nothing_that_a_build_loads_is_under_the_gpl(loaded):
    packages = {package for package, _ in loaded}
    assert {"numpy", "shapely", "matplotlib", "xlsxwriter", "exactextract"} <= packages
    assert "gudhi" not in packages
    assert [(package, mark) for package, mark in loaded if NOT_FOR_A_BUILD.search(mark)] == []
    found = {name: [*stated(name), REVIEWED.get(name, "")] for name in packages}
    assert {name: texts for name, texts in found.items() if not any(texts)} == {}
    assert [name for name, texts in found.items() if NOT_FOR_A_BUILD.search(" ".join(texts))] == []


def test_a_build_loads_only_what_is_pinned(loaded):
    # Libraries load some of the packages of the tests where they find them (statsmodels, patsy).
    pins = {*pinned(RUN), *pinned(DEV), "deprivation-pockets", "setuptools"}
    named = {re.sub(r"[-_.]+", "-", name) for name in pins}
    assert {re.sub(r"[-_.]+", "-", package) for package, _ in loaded} <= named


@pytest.mark.parametrize("name", sorted({*pinned(RUN), *pinned(DEV)}))
def test_every_package_has_a_licence_that_is_known(name):
    assert licence_of(name)
    assert name == "gudhi" or not NOT_FOR_A_BUILD.search(licence_of(name))


def test_what_was_reviewed_by_a_person_is_not_stated_by_the_package():
    assert [name for name in REVIEWED if stated(name) and name != "colorama"] == []


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("GPL v3", False),
        ("GPL-3.0-or-later", False),
        ("MIT (GPL v3 for sparsify_point_set)", False),
        ("GNU General Public License v2 (GPLv2)", False),
        ("GNU Affero General Public License v3", False),
        ("AGPL-3.0-only", False),
        ("LGPL-2.1-or-later", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("MPL-2.0 AND MIT", True),
        ("BSD-3-Clause", True),
    ],
)
def test_the_gpl_is_told_from_the_lgpl(text, allowed):
    assert bool(NOT_FOR_A_BUILD.search(text)) is not allowed


def test_a_module_that_marks_its_own_licence_is_told_with_its_package():
    marked = ModuleType("gudhi.bottleneck")
    marked.__license__ = "GPL v3"
    assert list(packages_of([marked])) == [("gudhi", "GPL v3")]


def test_the_page_names_each_package_once_under_what_it_is_for():
    runs, _, tests = licences_page().split("\n## ")[1:]
    assert "| shapely | BSD-3-Clause |" in runs
    assert "gudhi" not in runs
    assert tests.count("| gudhi | ") == 1
    assert runs.count("\n| esda |") == 1
