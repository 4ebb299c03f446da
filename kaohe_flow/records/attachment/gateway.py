"""The file store: content under its own hash, written once, never overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from kaohe_flow.kernel.errors import NotFound


class FileMissing(NotFound):
    """The row is there, the bytes are not, or they are no longer the ones that were hashed."""

    code = "file-missing"
    message = "附件文件缺失或已被改动，请联系管理员核查"


class FileStore:
    """Files below one folder, named by the SHA-256 of their bytes."""

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        """``durable``: what was put is on the disk before ``put`` returns."""
        self.root = root
        self._durable = durable

    def in_haste(self) -> FileStore:
        """The same files, put without waiting for the disk: for what can be made again."""
        return FileStore(self.root, durable=False)

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably; the same bytes are kept once. Returns the hexadecimal hash."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if self._durable:
                os.fsync(file.fileno())
        Path(name).chmod(0o440)
        Path(name).replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes, checked against their hash. Raises ``FileMissing``."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise FileMissing from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileMissing
        return content

    def _path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest
