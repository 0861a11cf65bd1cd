"""What people install from: the lock, the conda environment, and no trace of the machine that made them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT, tracked_files

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
#: Hosts of package registries, written so that this file does not name them either.
REGISTRIES = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", "anaconda" + r"\.org", "npm" + r"js\.", "test" + r"pypi"))
)
#: Folders of one machine: a home, a checkout, a farm of builders.
PLACES = re.compile(
    r"(?<![\w.$}/-])/(" + "|".join(("root", "work", "farm", "home/[a-z]+", "Users/[A-Za-z]+", "opt/pypi")) + r")(/|\b)"
)
BINARY = (".png", ".ico", ".woff2", ".jpg", ".gz")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]  # type: ignore[no-any-return]


def locked() -> dict[str, str]:
    return {canonicalize_name(n): v for n, v in re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", LOCK, re.MULTILINE)}


def test_lock_fits_every_requirement() -> None:
    wanted = [Requirement(r) for r in project()["dependencies"] + project()["optional-dependencies"]["dev"]]
    wrong = [str(r) for r in wanted if not r.specifier.contains(locked().get(canonicalize_name(r.name), "0"), True)]
    assert wrong == []


def test_lock_has_a_hash_for_each_package_and_names_no_index() -> None:
    blocks = re.split(
        r"\n(?=[A-Za-z0-9])", "\n".join(line for line in LOCK.splitlines() if not line.startswith("#")).strip()
    )
    assert len(blocks) > 100
    assert [b.split()[0] for b in blocks if "--hash=sha256:" not in b] == []
    assert re.findall(r"--(?:extra-)?index-url|--find-links|://|file:", LOCK) == []


def test_environment_is_in_step() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["name"] == project()["name"]
    plain = [d for d in environment["dependencies"] if isinstance(d, str)]
    python = next(d.partition("=")[2] for d in plain if d.startswith("python="))
    assert SpecifierSet(project()["requires-python"]).contains(python)
    assert [d["pip"] for d in environment["dependencies"] if isinstance(d, dict)] == [["-r requirements.lock"]]


def test_nothing_names_a_registry_or_a_machine() -> None:
    found = []
    for name in tracked_files():
        path = ROOT / name
        if name.endswith(BINARY) or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if REGISTRIES.search(line) or PLACES.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert found == []


def test_top_level_is_what_the_owner_fixed() -> None:
    tops = {name.split("/")[0] for name in tracked_files()}
    fixed = {"isp_lifecycle", "notebooks", "dashboards", "workers", "tests", "pyproject.toml", "environment.yml"}
    allowed = fixed | {"README.md", "Makefile", "LICENSE", "requirements.lock"}
    assert {t for t in tops if not t.startswith(".")} - allowed == set()
