"""The shipped diagrams in the drawing library that users meet: opened in a real browser, as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.diagrams.drawing import FILES, read

LIBRARY = Path(__file__).parents[2] / "node_modules/bpmn-js/dist/bpmn-viewer.production.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not LIBRARY.exists(), reason="bpmn-js is not installed (npm ci)"),
]

OPEN = """async xml => {
    const viewer = new BpmnJS({container: '#canvas'});
    const {warnings} = await viewer.importXML(xml);
    const registry = viewer.get('elementRegistry');
    const texts = {};
    for (const element of registry.getAll()) {
        const visual = registry.getGraphics(element).querySelector('.djs-visual');
        const written = visual.querySelector(':scope > .djs-label, :scope > text');
        if (written) texts[element.businessObject.id] = written.textContent;
    }
    const drawn = registry.filter(each => each.type !== 'label').map(each => each.id);
    viewer.destroy();
    return {warnings: warnings.map(each => each.message), drawn, texts};
}"""


@pytest.fixture(scope="module")
def open_in_browser(browser: Browser) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Opens BPMN XML in bpmn-js; what it complains about, draws and writes, plus the browser's errors."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.set_content('<meta charset="utf-8"><div id="canvas" style="height: 1000px"></div>')
    page.add_script_tag(path=LIBRARY)
    yield lambda xml: {**page.evaluate(OPEN, xml), "errors": errors}
    page.close()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_opens_complete_without_a_warning(
    open_in_browser: Callable[[str], dict[str, Any]], path: Path
) -> None:
    seen = open_in_browser(path.read_text(encoding="utf-8"))
    diagram = read(path)

    assert seen["warnings"] == []
    assert seen["errors"] == []
    assert set(seen["drawn"]) >= set(diagram.nodes) | set(diagram.flows) | set(diagram.lane_names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_name_is_written_in_full(open_in_browser: Callable[[str], dict[str, Any]], path: Path) -> None:
    written = open_in_browser(path.read_text(encoding="utf-8"))["texts"]
    diagram = read(path)
    names = {each.id: each.name for each in (*diagram.nodes.values(), *diagram.flows.values()) if each.name}

    assert {name: written.get(name) for name in names} == names
