"""The browser components that are shipped were made of the sources and the lock that lie beside them. Needs no node."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from tests.architecture.sources import ROOT, tracked_files

SOURCES = ROOT / "dashboards" / "components"
MADE = ROOT / "dashboards" / "assets" / "components"
REMEDY = "Run `make components` and commit what it made."


def loaded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


MANIFEST = loaded(MADE / "manifest.json")
LOCK = loaded(SOURCES / "package-lock.json")["packages"]


def test_every_component_is_bundled_and_nothing_else() -> None:
    sources = {path.stem for path in SOURCES.glob("*.js")}
    assert sources == set(MANIFEST["bundles"]) == {path.stem for path in MADE.glob("*.js")}, REMEDY


def test_bundles_were_made_of_these_sources() -> None:
    assert MANIFEST["builder"] == sha256(SOURCES / "build.mjs"), REMEDY
    assert MANIFEST["esbuild"] == LOCK["node_modules/esbuild"]["version"], REMEDY
    for name, made in MANIFEST["bundles"].items():
        assert made["sha256"] == sha256(MADE / f"{name}.js"), f"{name}: the bundle was changed by hand. {REMEDY}"
        assert f"{name}.js" in made["inputs"]
        assert made["inputs"] == {file: sha256(SOURCES / file) for file in made["inputs"]}, f"{name}. {REMEDY}"
        versions = {package: LOCK[f"node_modules/{package}"]["version"] for package in made["packages"]}
        assert made["packages"] == versions, f"{name}. {REMEDY}"


def test_lock_fits_the_exact_versions_that_are_asked_for_and_names_no_host() -> None:
    asked = loaded(SOURCES / "package.json")
    wanted = {**asked["dependencies"], **asked["devDependencies"]}
    assert wanted == {name: LOCK[f"node_modules/{name}"]["version"] for name in wanted}
    assert [name for name, entry in LOCK.items() if name and ("resolved" in entry or "integrity" not in entry)] == []


def test_every_shipped_library_is_there_with_its_licence() -> None:
    texts = (MADE / "LICENSES.txt").read_text(encoding="utf-8")
    shipped = {f"{p} {v}" for made in MANIFEST["bundles"].values() for p, v in made["packages"].items()}
    told = re.findall(r"^(\S+ [\d.]+\S*) \((?:MIT|Apache-2\.0|ISC|BSD-[23]-Clause|0BSD)\)$", texts, re.MULTILINE)
    assert set(told) == shipped, REMEDY


def test_bundles_are_committed_and_go_into_the_wheel() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    tracked = set(tracked_files())
    for path in MADE.iterdir():
        assert path.relative_to(ROOT).as_posix() in tracked
        assert any(fnmatch(path.name, pattern) for pattern in patterns), path.name


def test_bundles_load_nothing_and_compile_nothing() -> None:
    """What the pages' Content-Security-Policy would stop in the browser is not in a bundle to begin with."""
    for path in MADE.glob("*.js"):
        code = path.read_text(encoding="utf-8")
        assert re.findall(r"\b(?:import|importScripts)\(\s*[\"'`]https?:", code) == [], path.name
        assert re.findall(r"\bnew Function\(|(?<![\w.$])eval\(", code) == [], path.name
