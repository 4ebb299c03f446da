from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from kaohe_flow.web.common.assets import Assets, AssetsDamaged, AssetsMissing, AssetUnknown, install

BUILT = {
    "app": {"js": "app-A1.js", "css": "app-B2.css", "preload": ["part/shared-C3.js"]},
    "diagram": {
        "js": "diagram-D4.js",
        "css": "diagram-E5.css",
        "preload": ["part/shared-C3.js", "part/view-F6.js"],
    },
    "files": {"js": "files-G7.js", "preload": []},
    "favicon": {"svg": "favicon-H8.svg"},
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "part").mkdir()
    for entry in BUILT.values():
        for kind, found in entry.items():
            for file in found if kind == "preload" else [found]:
                (tmp_path / file).write_text("x")
    (tmp_path / "manifest.json").write_text(json.dumps(BUILT))
    return tmp_path


def test_an_island_has_the_address_of_its_fingerprinted_file(dist: Path) -> None:
    assets = Assets(dist, url="/static/dist")

    assert assets.asset("app", "js") == "/static/dist/app-A1.js"
    assert assets.asset("favicon", "svg") == "/static/dist/favicon-H8.svg"


def test_an_island_without_a_style_sheet_has_an_empty_address(dist: Path) -> None:
    assert Assets(dist).asset("files", "css") == ""


def test_parts_shared_by_two_islands_are_preloaded_once(dist: Path) -> None:
    parts = Assets(dist).preload("app", "diagram")

    assert parts == ("/static/dist/part/shared-C3.js", "/static/dist/part/view-F6.js")


def test_an_island_that_was_never_built_is_named_together_with_those_that_were(dist: Path) -> None:
    with pytest.raises(AssetUnknown) as caught:
        Assets(dist).asset("studio", "js")

    assert "studio" in str(caught.value)
    assert "app、diagram、favicon、files" in str(caught.value)


def test_preloading_an_unknown_island_is_refused_as_well(dist: Path) -> None:
    with pytest.raises(AssetUnknown):
        Assets(dist).preload("app", "studio")


def test_without_a_manifest_the_message_says_how_to_build(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing) as caught:
        Assets(tmp_path)

    assert "python3 hatch_build.py" in str(caught.value)
    assert "KAOHE_SKIP_FRONTEND" in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"app": 1}', "\xff"])
def test_a_damaged_manifest_is_told_from_a_missing_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("latin-1"))

    with pytest.raises(AssetsDamaged):
        Assets(tmp_path)


def test_a_manifest_that_names_lost_files_is_refused_at_start(dist: Path) -> None:
    (dist / "part" / "view-F6.js").unlink()

    with pytest.raises(AssetsDamaged) as caught:
        Assets(dist)

    assert "part/view-F6.js" in str(caught.value)


def test_the_manifest_is_read_once(dist: Path) -> None:
    assets = Assets(dist)
    (dist / "manifest.json").unlink()

    assert assets.asset("app", "css") == "/static/dist/app-B2.css"


def test_templates_get_both_functions(dist: Path) -> None:
    app = Flask("pages", static_url_path="/s")
    install(app, dist)

    with app.app_context():
        page = render_template_string("{{ asset('app', 'js') }} {{ preload('app')|join }}")

    assert page == "/s/dist/app-A1.js /s/dist/part/shared-C3.js"


def test_an_application_without_assets_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing):
        install(Flask("pages"), tmp_path)
