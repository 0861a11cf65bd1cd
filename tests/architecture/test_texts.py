"""Every text that is marked can be said in every language that is shipped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from isp_lifecycle.cli.texts import KEYWORDS, as_file, brought_up, faults
from isp_lifecycle.foundation.catalogues import PACKAGES, language_of, written
from isp_lifecycle.foundation.texts import ENGLISH, LANGUAGES
from tests.architecture.sources import Source, product_sources

TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("package", PACKAGES)
def test_the_catalogue_is_in_step_with_the_source(package: str, code: str) -> None:
    """Mend it: ``isp texts update``, translate what is new in the package's ``locale/``."""
    assert list(faults(package, code)) == []
    assert written(package, code) == as_file(brought_up(package, code)), "isp texts update writes it as it is kept"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_can_be_spoken(code: str) -> None:
    found = language_of(code)
    assert found is not None
    assert found.texts


def test_only_whole_texts_are_marked() -> None:
    """What is marked is written out where it is marked: an f-string or a variable is in no catalogue."""
    wrong = [
        f"{source.at(call)} {ast.unparse(call)[:80]}"
        for source in product_sources()
        if imports_marks(source.tree)
        for call in source.walk(ast.Call)
        if isinstance(call.func, ast.Name)
        and call.func.id in KEYWORDS
        and not all(is_written_out(one) for one in call.args[: 2 if KEYWORDS[call.func.id] else 1])
    ]
    assert wrong == []


def imports_marks(tree: ast.Module) -> bool:
    """Whether a module marks texts."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module in ("isp_lifecycle.foundation.texts", "dashboards.parts.html")
        and node.names
        for node in tree.body
    )


def is_written_out(argument: ast.expr) -> bool:
    """Whether it is a text, not an expression."""
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str)


#: Packages whose errors are read by engineers beside a device's own English, by commands, or by nobody but a log.
IN_ENGLISH = {
    "isp_lifecycle.drivers": "engineers read them beside what the device itself answered, which is English",
    "isp_lifecycle.lab": "the simulated plant's own, for who trains on it",
    "isp_lifecycle.api": "machines and who writes them: problem details are English",
    "isp_lifecycle.cli": "commands speak English",
    "isp_lifecycle.migrations": "commands speak English",
}
KINDS = {"LifecycleError", "Refused", "Unreachable", "NeedsPerson"}
TOLD = {"message", "remedy"}


def test_every_error_is_said_in_the_readers_language() -> None:
    """What an error says and what to do about it is marked, wherever one is defined or a plain kind of it is raised."""
    bare = [
        f"{source.at(text)} {ast.unparse(text)[:80]}"
        for source in product_sources()
        if source.module.startswith("isp_lifecycle.")
        and not any(source.module.startswith(package) for package in IN_ENGLISH)
        for text in told_texts(source)
    ]
    assert bare == []


def told_texts(source: Source) -> Iterator[ast.expr]:
    """The unmarked texts among what the errors of a module say."""
    for kind in source.walk(ast.ClassDef):
        if source.module.endswith("errors"):
            for statement in kind.body:
                names = {
                    ast.unparse(one) for one in getattr(statement, "targets", [getattr(statement, "target", kind)])
                }
                if "default_remedy" in names:
                    yield from unmarked(statement.value)  # type: ignore[attr-defined]  # an assignment has one
    for call in source.walk(ast.Call):
        own = source.module.endswith("errors") and ast.unparse(call.func) == "super().__init__"
        if own or (isinstance(call.func, ast.Name) and call.func.id in KINDS):
            for argument in call.args:  # a word alone names a thing or a field: its sentence says it
                if not isinstance(argument, ast.Constant) or " " in str(argument.value):
                    yield from unmarked(argument)
            for given in call.keywords:
                if given.arg in TOLD:
                    yield from unmarked(given.value)


def unmarked(value: ast.expr) -> Iterator[ast.expr]:
    """The texts written out in an expression that no mark stands around."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in KEYWORDS:
        return
    if isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant) and value.value and isinstance(value.value, str)
    ):
        yield value
        return
    for below in ast.iter_child_nodes(value):
        if isinstance(below, ast.expr):
            yield from unmarked(below)
