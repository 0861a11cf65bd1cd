"""Tells a CRM by files: one JSON document a message in a folder that the CRM reads and empties."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from isp_lifecycle.crm.errors import CrmUnreachable, MessageDiffers
from isp_lifecycle.crm.model import CrmMessage, Standing, Told


@dataclass(frozen=True)
class FileDrop:
    """Drops each message as ``<message id>.json``; a reader never sees half a file."""

    folder: Path

    def tell(self, message: CrmMessage) -> Told:
        """Write the message's file and flush it to the disk.

        A file that stands with the same content is left alone; one that the CRM took away is written again. Raises
        CrmUnreachable when the folder cannot be written, MessageDiffers when the file that stands says something else.
        """
        content = (json.dumps(message.document(), indent=2, ensure_ascii=False) + "\n").encode()
        target = self.folder / f"{message.id}.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            standing = target.read_bytes() if target.exists() else None
            if standing is None:
                _write_whole(content, target)
        except OSError as error:
            raise CrmUnreachable(str(self.folder), error.strerror or type(error).__name__) from error
        if standing is not None and standing != content:
            raise MessageDiffers(message.id, str(self.folder))
        return Told(str(target), repeated=standing is not None)

    def standing(self) -> tuple[Standing, ...]:
        """The messages that the CRM has not taken away yet, in the order of their names.

        A file that it takes away meanwhile is left out. Raises CrmUnreachable when the folder cannot be read.
        """
        try:
            files = sorted(self.folder.glob("*.json")) if self.folder.exists() else []
            return tuple(one for file in files if (one := _standing(file)) is not None)
        except OSError as error:
            raise CrmUnreachable(str(self.folder), error.strerror or type(error).__name__) from error


def _standing(file: Path) -> Standing | None:
    try:
        told = json.loads(file.read_bytes())
        return Standing(file.name, UUID(told["eventId"]), datetime.fromisoformat(told["eventTime"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return Standing(file.name, None, None)


def _write_whole(content: bytes, target: Path) -> None:
    """Write beside the target and rename: a crash leaves either no file or a whole one."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o640)
        os.replace(name, target)
    except OSError:
        os.unlink(name)
        raise
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
