"""Words, shapes and errors: what a reviewer would otherwise have to look for in every change."""

from __future__ import annotations

import ast
import importlib
import re
import warnings

from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson, Refused, Unreachable
from tests.architecture.sources import Source, functions, product_modules, product_sources

KINDS = (Refused, Unreachable, NeedsPerson)
#: Never told to anybody: it ends the attempt of a worker that another one has replaced.
WITHOUT_KIND = {"isp_lifecycle.events.errors.LeaseLost"}
EMPTY_WORDS = re.compile(
    r"(Manager|Helper|Helpers|Util|Utils|Data|Info)$|^(Base|Abstract|Default)[A-Z]|(Base|Abstract)$"
)
EMPTY_MODULES = {"utils", "util", "helpers", "helper", "common_utils", "misc", "base"}
FILE_SHOULD, FILE_MUST = 400, 600
FUNCTION_SHOULD, FUNCTION_MUST = 40, 60
POSITIONAL = 5


def leaves(kind: type[LifecycleError]) -> set[type[LifecycleError]]:
    """Every class below ``kind``."""
    below = set(kind.__subclasses__())
    return below.union(*(leaves(k) for k in below)) if below else below


def test_names_say_what_a_thing_is() -> None:
    classes = [
        f"{source.at(node)} {node.name}"
        for source in product_sources()
        for node in source.walk(ast.ClassDef)
        if EMPTY_WORDS.search(node.name)
    ]
    modules = [s.path for s in product_sources() if s.module.rpartition(".")[2] in EMPTY_MODULES]
    assert classes + modules == []


def test_every_error_has_exactly_one_kind() -> None:
    for name in product_modules():
        importlib.import_module(name)
    for leaf in leaves(LifecycleError) - set(KINDS):
        if f"{leaf.__module__}.{leaf.__name__}" in WITHOUT_KIND:
            continue
        kinds = [kind for kind in KINDS if issubclass(leaf, kind)]
        assert len(kinds) == 1, f"{leaf.__module__}.{leaf.__name__}: {kinds}"
        assert leaf.kind == kinds[0].kind, f"{leaf.__name__} tells another kind than it has"


def test_no_error_is_swallowed() -> None:
    """A handler does something: nothing but ``pass``, ``continue`` or a bare ``return`` makes no sense of an error."""
    silent = [
        source.at(handler)
        for source in product_sources()
        for handler in source.walk(ast.ExceptHandler)
        if all(is_silent(statement) for statement in handler.body) and not has_reason(source, handler)
    ]
    assert silent == []


def is_silent(statement: ast.stmt) -> bool:
    """Whether it does nothing at all."""
    if isinstance(statement, ast.Return):
        return statement.value is None
    return isinstance(statement, ast.Pass | ast.Continue) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def has_reason(source: Source, handler: ast.ExceptHandler) -> bool:
    """Whether a comment in the handler says why nothing is to be done; only a narrow one may say so."""
    lines = source.text.splitlines()[handler.lineno - 1 : handler.end_lineno]
    return not is_broad(handler) and any(re.search(r"#\s+\w+ \w+", line) for line in lines)


def test_broad_handlers_let_errors_out_or_state_their_reason() -> None:
    unstated = [
        source.at(handler)
        for source in product_sources()
        for handler in source.walk(ast.ExceptHandler)
        if is_broad(handler)
        and not any(isinstance(s, ast.Raise) and s.exc is None for s in handler.body)
        and not re.search(r"noqa: BLE001 - \w+", source.text.splitlines()[handler.lineno - 1])
    ]
    assert unstated == []


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether it catches everything."""
    caught = handler.type
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def test_actions_take_keywords_and_no_loose_records() -> None:
    """In ``actions`` a public function takes keywords, but for one value that it is about, and no ``**kwargs``."""
    wrong = []
    for source in product_sources():
        if not re.fullmatch(r"isp_lifecycle\.\w+\.actions(\.\w+)?", source.module):
            continue
        for function in (n for n in source.tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)):
            public = not function.name.startswith("_")
            arguments = function.args
            if public and (len(arguments.args + arguments.posonlyargs) > 1 or arguments.kwarg):
                wrong.append(f"{source.at(function)} {function.name}")
    assert wrong == []


def test_public_functions_take_few_positional_parameters() -> None:
    wide = [
        f"{source.at(function)} {function.name}"
        for source in product_sources()
        for function in functions(source)
        if not function.name.startswith("_")
        and len([a for a in function.args.args if a.arg not in {"self", "cls"} and not is_option(a)]) > POSITIONAL
    ]
    assert wide == []


def is_option(argument: ast.arg) -> bool:
    """Whether it is a command's option, which people give by its name."""
    return argument.annotation is not None and "typer" in ast.dump(argument.annotation)


def test_vendors_are_tables_not_branches() -> None:
    branches = [
        source.at(node)
        for source in product_sources()
        if not source.module.startswith("isp_lifecycle.lab")
        for node in source.walk(ast.Compare)
        if "vendor" in ast.dump(node.left) and any(isinstance(c, ast.Constant) for c in node.comparators)
    ]
    assert branches == []


def test_every_module_and_public_function_says_what_it_does() -> None:
    silent = []
    for source in product_sources():
        if source.text.strip() and not ast.get_docstring(source.tree):
            silent.append(source.path)
        silent += [
            f"{source.at(node)} {node.name}"
            for node in source.tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []


def test_lengths_stay_readable() -> None:
    """Past the aim it is reported, past the limit it fails."""
    files = [(s.path, s.text.count("\n")) for s in product_sources()]
    bodies = [
        (f"{s.at(f)} {f.name}", (f.end_lineno or f.lineno) - f.lineno + 1)
        for s in product_sources()
        for f in functions(s)
    ]
    for what, length in [(w, n) for w, n in files if n > FILE_SHOULD] + [
        (w, n) for w, n in bodies if n > FUNCTION_SHOULD
    ]:
        warnings.warn(f"{what}: {length} lines", stacklevel=1)
    assert [f for f in files if f[1] > FILE_MUST] + [b for b in bodies if b[1] > FUNCTION_MUST] == []
