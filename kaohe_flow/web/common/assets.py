"""Where the built browser assets are. The build writes a manifest; pages ask here by name, never by file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from kaohe_flow.kernel.errors import KaoheError

if TYPE_CHECKING:
    from flask import Flask

DIST = Path(__file__).parent.parent / "static" / "dist"
"""The build's output folder inside the package; not in git, carried by the wheel."""


class AssetsMissing(KaoheError):
    """The package was installed or checked out without its browser assets, so no page can work."""

    code: ClassVar[str] = "assets-missing"
    message: ClassVar[str] = (
        "找不到页面资源清单 {path}：前端尚未构建。"
        "请在源码目录执行 python3 hatch_build.py，或用 pip install . 重新安装；"
        "如果安装时设置了 KAOHE_SKIP_FRONTEND，请先取消该变量。"
    )


class AssetsDamaged(KaoheError):
    """There is a manifest, but it cannot be read or names files that are not there."""

    code: ClassVar[str] = "assets-damaged"
    message: ClassVar[str] = "页面资源清单 {path} 已损坏（{reason}），请重新构建前端或重新安装。"


class AssetUnknown(KaoheError):
    """A template names an island that the build does not make: a programming fault."""

    code: ClassVar[str] = "asset-unknown"
    message: ClassVar[str] = "页面引用了不存在的前端资源 {name}，现有：{known}"


class Assets:
    """The manifest, read once. ``url`` is the address under which ``folder`` is served."""

    def __init__(self, folder: Path = DIST, *, url: str = "/static/dist/") -> None:
        self._entries = _read(folder)
        self._url = url.rstrip("/") + "/"

    def asset(self, name: str, kind: str) -> str:
        """Address of one file: kind ``js``, ``css`` or a file ending such as ``svg``.

        Empty when the island has no file of that kind (most have no style sheet of their own);
        ``AssetUnknown`` when there is no such island at all.
        """
        found = self._entry(name).get(kind)
        return self._url + found if isinstance(found, str) else ""

    def preload(self, *names: str) -> tuple[str, ...]:
        """Addresses of the shared parts that these islands import, each once, in a stable order."""
        parts: dict[str, None] = {}
        for name in names:
            parts.update(dict.fromkeys(self._entry(name).get("preload", ())))
        return tuple(self._url + part for part in parts)

    def _entry(self, name: str) -> Mapping[str, Any]:
        try:
            return self._entries[name]
        except KeyError:
            raise AssetUnknown(name=name, known="、".join(sorted(self._entries))) from None


def install(app: Flask, folder: Path = DIST) -> Assets:
    """Give the templates ``asset`` and ``preload``. Raises at start-up when the assets are missing."""
    assets = Assets(folder, url=f"{app.static_url_path}/dist/")
    app.jinja_env.globals.update(asset=assets.asset, preload=assets.preload)
    return assets


def _read(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    path = folder / "manifest.json"
    try:
        entries = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise AssetsMissing(path=path) from None
    except ValueError as exc:
        raise AssetsDamaged(path=path, reason="不是 JSON") from exc
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        raise AssetsDamaged(path=path, reason="格式不符")
    lost = sorted(file for file in _files(entries) if not (folder / file).is_file())
    if lost:
        raise AssetsDamaged(path=path, reason="缺少文件 " + "、".join(lost))
    return entries


def _files(entries: Mapping[str, Mapping[str, Any]]) -> set[str]:
    found: set[str] = set()
    for entry in entries.values():
        for file in entry.values():
            found.update([file] if isinstance(file, str) else file)
    return found
