"""When the build hook builds, when it leaves the assets alone, and what it says when it cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import hatch_build
from hatch_build import DIST, STAMP, FrontendNotBuilt, fingerprint, is_current

ROOT = Path(__file__).parents[3]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Sources whose assets were just built."""
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "frontend" / "src").mkdir(parents=True)
    (tmp_path / "frontend" / "src" / "app.js").write_text("1")
    (tmp_path / DIST).mkdir(parents=True)
    (tmp_path / DIST / "manifest.json").write_text("{}")
    (tmp_path / DIST / STAMP).write_text(fingerprint(tmp_path))
    return tmp_path


def test_assets_of_the_same_sources_are_left_alone(tree: Path) -> None:
    assert is_current(tree)


@pytest.mark.parametrize("name", ["package-lock.json", "frontend/src/app.js", "frontend/src/new.js"])
def test_a_changed_or_new_source_asks_for_a_build(tree: Path, name: str) -> None:
    (tree / name).write_text("changed")

    assert not is_current(tree)


def test_a_renamed_source_asks_for_a_build(tree: Path) -> None:
    (tree / "frontend/src/app.js").rename(tree / "frontend/src/main.js")

    assert not is_current(tree)


@pytest.mark.parametrize("name", ["manifest.json", STAMP])
def test_incomplete_assets_ask_for_a_build(tree: Path, name: str) -> None:
    (tree / DIST / name).unlink()

    assert not is_current(tree)


def test_an_unpacked_source_archive_brings_its_assets(tree: Path) -> None:
    (tree / "frontend/src/app.js").write_text("line ends changed by an unpacker")
    (tree / "PKG-INFO").write_text("Name: kaohe-flow")

    assert is_current(tree)


def test_without_node_the_message_says_what_to_do(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("KAOHE_NODE", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    with pytest.raises(FrontendNotBuilt, match="KAOHE_SKIP_FRONTEND"):
        hatch_build.build(tree)


def test_an_old_or_broken_node_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = shutil.which("sh")
    for said in ("v18.19.0", "nonsense"):
        node = tmp_path / "node"
        node.write_text(f"#!{shell}\necho {said}\n")
        node.chmod(0o755)
        monkeypatch.setenv("KAOHE_NODE", str(node))

        assert hatch_build.system_node() is None


def test_the_lock_file_names_no_host_and_seals_every_package() -> None:
    lock = (ROOT / "package-lock.json").read_text()

    assert '"resolved"' not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')
