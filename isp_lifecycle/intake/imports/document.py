"""YAML with lines: text to records, and rejected records back to text.

Scalars are kept as the texts that were written, so that ``29.90`` is not a float and ``no`` not a boolean before a
column says what it is to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.imports.errors import FileUnreadable
from isp_lifecycle.intake.imports.model import ERROR_COLUMN, Level, Record, RowError
from isp_lifecycle.intake.imports.sheet import decoded

_NULL = "tag:yaml.org,2002:null"


def read_document(content: bytes, level: Level) -> tuple[Record, ...]:
    """The records of a YAML file, in its order, each entry before those inside it. Raises FileUnreadable."""
    try:
        root = yaml.compose(decoded(content), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FileUnreadable(say("It is not YAML: {error}.", error=error.problem or error.context), line=line) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise FileUnreadable(say("It is not YAML: {error}.", error=error)) from None
    entries = _list_under(root, level)
    return tuple(record for node in entries.value for record in _records(node, level, None))


def write_rejected(level: Level, rejected: Sequence[tuple[Record, str]]) -> str:
    """A file of the entries that were rejected, inside the entries that they stand in, each with why."""
    why = dict(rejected)
    kept: dict[Record | None, list[Record]] = {}
    for record in why:
        _keep(record, kept)
    document = {level.name: [_document(record, why, kept) for record in kept.get(None, [])]}
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)
    return text


def _keep(record: Record, kept: dict[Record | None, list[Record]]) -> None:
    siblings = kept.setdefault(record.above, [])
    if not any(known is record for known in siblings):
        siblings.append(record)
        if record.above is not None:
            _keep(record.above, kept)


def _document(record: Record, why: dict[Record, str], kept: dict[Record | None, list[Record]]) -> dict[str, Any]:
    document: dict[str, Any] = dict(record.texts)
    if record in why:
        document[ERROR_COLUMN] = why[record]
    if record.level.inner is not None:
        document[record.level.inner.name] = [_document(inner, why, kept) for inner in kept.get(record, [])]
    return document


def _list_under(root: yaml.Node | None, level: Level) -> yaml.SequenceNode:
    """The list that the document's one key names."""
    found = _pairs(root).get(level.name) if isinstance(root, yaml.MappingNode) else None
    if not isinstance(found, yaml.SequenceNode):
        raise FileUnreadable(
            say("There is no list of {name}.", name=level.name),
            remedy=say("Begin the file with `{name}:` and a list below it.", name=level.name),
        )
    return found


def _pairs(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value}


def _records(node: yaml.Node, level: Level, above: Record | None) -> Iterator[Record]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        yield Record(level=level, line=line, texts={}, broken=(_not_fields(line, level),), above=above)
        return
    inner_name = level.inner.name if level.inner else None
    texts: dict[str, str] = {}
    lines: dict[str, int] = {}
    errors: list[RowError] = []
    for key, value in node.value:
        name, at = str(key.value), key.start_mark.line + 1
        if name in lines:
            errors.append(_error(at, name, "", "It is given twice.", "Remove one of the two."))
        lines[name] = at
        if name in (inner_name, ERROR_COLUMN):
            continue
        if name not in level.names:
            allowed = ", ".join(level.names)
            errors.append(_error(at, name, _shown(value), "It is not a known field.", f"The fields are {allowed}."))
        elif (text := _text(value)) is None:
            errors.append(_error(at, name, _shown(value), "It is not one value.", "Write a single value."))
        else:
            texts[name] = text
    record = Record(level=level, line=line, texts=texts, lines=lines, broken=tuple(errors), above=above)
    yield record
    yield from _inside(node, level, record)


def _inside(node: yaml.MappingNode, level: Level, record: Record) -> Iterator[Record]:
    """The entries of the list inside an entry."""
    if level.inner is None:
        return
    found = _pairs(node).get(level.inner.name)
    if found is None:
        return
    if not isinstance(found, yaml.SequenceNode):
        line = found.start_mark.line + 1
        yield Record(level=level.inner, line=line, texts={}, broken=(_not_fields(line, level.inner),), above=record)
        return
    for inner in found.value:
        yield from _records(inner, level.inner, record)


def _text(node: yaml.Node) -> str | None:
    """A scalar's text, or those of a list of scalars with commas between them; None for anything else."""
    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag == _NULL else str(node.value)
    if isinstance(node, yaml.SequenceNode) and all(isinstance(part, yaml.ScalarNode) for part in node.value):
        return ", ".join(str(part.value) for part in node.value)
    return None


def _shown(node: yaml.Node) -> str:
    return _text(node) or ""


def _not_fields(line: int, level: Level) -> RowError:
    names = ", ".join(level.names)
    return _error(
        line, level.name, "", "An entry is not a list of fields.", f"Write `- {level.names[0]}: ...` ({names})."
    )


def _error(line: int, field: str, value: str, what: str, remedy: str) -> RowError:
    return RowError(line=line, field=field, value=value[:200], what=what, remedy=remedy)
