"""What the architecture tests look at: every tracked or new source file of the product, parsed once."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("isp_lifecycle", "workers", "dashboards")


@dataclass(frozen=True)
class Source:
    """One Python file: its path below the checkout, its module's name, its text and its tree."""

    path: str
    module: str
    text: str
    tree: ast.Module

    def walk[N: ast.AST](self, kind: type[N]) -> Iterator[N]:
        """Every node of that kind."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kind))

    def at(self, node: ast.expr | ast.stmt | ast.ExceptHandler | ast.arg) -> str:
        """``path:line``, as editors open it."""
        return f"{self.path}:{node.lineno}"


@functools.cache
def product_sources() -> tuple[Source, ...]:
    """Every module of the product."""
    found = []
    for top in PRODUCT:
        for path in sorted((ROOT / top).rglob("*.py")):
            relative = path.relative_to(ROOT)
            parts = relative.with_suffix("").parts
            text = path.read_text(encoding="utf-8")
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Source(str(relative), module, text, ast.parse(text)))
    return tuple(found)


@functools.cache
def product_modules() -> tuple[str, ...]:
    """The names of all modules that may be imported: all but programs and the script that alembic runs."""
    return tuple(
        s.module
        for s in product_sources()
        if not s.module.endswith("__main__") and s.module != "isp_lifecycle.migrations.env"
    )


@functools.cache
def tracked_files() -> tuple[str, ...]:
    """Every file that git keeps, whether committed or about to be."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(done.stdout.splitlines())


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
