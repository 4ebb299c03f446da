"""The shipped diagrams as pictures: all is drawn, nothing covers anything, lines meet what they join."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from tests.diagrams.drawing import FILES, NS, Box, Diagram, read

pytestmark = pytest.mark.parametrize("diagram", [read(path) for path in FILES], ids=lambda each: each.key)


def pieces(diagram: Diagram) -> list[tuple[str, tuple[float, float], tuple[float, float]]]:
    return [(edge, a, b) for edge, points in diagram.edges.items() for a, b in pairwise(points)]


def ends(diagram: Diagram, edge: str) -> tuple[str, str]:
    flow = diagram.flows.get(edge)
    if flow is not None:
        return flow.source, flow.target
    (line,) = diagram.root.xpath(f"//bpmn:association[@id='{edge}']", namespaces=NS)
    return line.get("sourceRef"), line.get("targetRef")


def drawn_in(diagram: Diagram, node: str) -> str:
    """What must hold the shape: the sub-process, else the lane."""
    parent = diagram.nodes[node].parent
    return diagram.lanes[node] if parent == diagram.key else parent


def test_everything_in_the_process_is_drawn_and_nothing_else(diagram: Diagram) -> None:
    notes = {each.get("id") for each in diagram.root.iter(f"{{{NS['bpmn']}}}textAnnotation")}
    lines = {each.get("id") for each in diagram.root.iter(f"{{{NS['bpmn']}}}association")}

    assert set(diagram.shapes) == set(diagram.nodes) | diagram.containers | notes
    assert set(diagram.edges) == set(diagram.flows) | lines


def test_lanes_fill_the_pool_without_gap(diagram: Diagram) -> None:
    (pool,) = diagram.root.findall("bpmn:collaboration/bpmn:participant", NS)
    outer = diagram.shapes[pool.get("id")]
    lanes = sorted((diagram.shapes[lane] for lane in diagram.lane_names), key=lambda each: each.y)

    assert lanes[0].y == outer.y
    assert lanes[-1].bottom == outer.bottom
    assert all(above.bottom == below.y for above, below in pairwise(lanes))
    assert all(lane.right == outer.right and lane.x == outer.x + 30 for lane in lanes)


def test_each_node_is_listed_in_one_lane_and_drawn_inside_it(diagram: Diagram) -> None:
    outermost = {node.id for node in diagram.nodes.values() if node.parent == diagram.key}

    assert set(diagram.lanes) == outermost
    for node in diagram.nodes:
        assert diagram.shapes[drawn_in(diagram, node)].holds(diagram.shapes[node]), node


def test_boundary_events_sit_on_the_border_of_their_task(diagram: Diagram) -> None:
    for event in diagram.of_kind("boundaryEvent"):
        host = diagram.shapes[event.element.get("attachedToRef") or ""]

        assert host.on_border(diagram.shapes[event.id].centre), event.id


def test_no_two_shapes_overlap(diagram: Diagram) -> None:
    drawn = {name: box for name, box in diagram.shapes.items() if name not in diagram.containers}
    for (one, a), (two, b) in combinations(drawn.items(), 2):
        attached = {
            node.element.get("attachedToRef")
            for node in (diagram.nodes.get(one), diagram.nodes.get(two))
            if node
        }

        assert attached & {one, two} or not a.meets(b), f"{one} / {two}"


def test_edges_run_straight_from_source_to_target_around_everything_else(diagram: Diagram) -> None:
    for edge, points in diagram.edges.items():
        source, target = ends(diagram, edge)

        assert len(points) >= 2, edge
        assert diagram.shapes[source].on_border(points[0]), edge
        assert diagram.shapes[target].on_border(points[-1]), edge
    for edge, a, b in pieces(diagram):
        assert a[0] == b[0] or a[1] == b[1], f"{edge} is slanted"
        crossed = [
            name
            for name, box in diagram.shapes.items()
            if box.cut_by(a, b) and name not in diagram.containers and not hosts(diagram, edge, name)
        ]
        assert not crossed, f"{edge} runs through {crossed}"


def hosts(diagram: Diagram, edge: str, name: str) -> bool:
    """An edge leaves from a boundary event through the lower half of the event, which its task covers."""
    source = diagram.nodes.get(ends(diagram, edge)[0])
    return source is not None and source.element.get("attachedToRef") == name


def test_parallel_pieces_of_different_edges_never_lie_on_each_other(diagram: Diagram) -> None:
    for (one, a, b), (two, c, d) in combinations(pieces(diagram), 2):
        if one == two:
            continue
        for axis in (0, 1):
            if a[axis] == b[axis] == c[axis] == d[axis]:
                other = 1 - axis
                start = max(min(a[other], b[other]), min(c[other], d[other]))
                stop = min(max(a[other], b[other]), max(c[other], d[other]))
                assert stop <= start, f"{one} lies on {two}"


def test_few_edges_cross(diagram: Diagram) -> None:
    crossings = [
        (one, two)
        for (one, a, b), (two, c, d) in combinations(pieces(diagram), 2)
        if a[1] == b[1] and c[0] == d[0] and between(c[0], a[0], b[0]) and between(a[1], c[1], d[1])
    ]

    assert len(crossings) <= 1, crossings


def between(value: float, a: float, b: float) -> bool:
    return min(a, b) < value < max(a, b)


def test_labels_cover_no_shape_no_edge_no_lane_border_and_no_other_label(diagram: Diagram) -> None:
    lane_of = [diagram.shapes[lane] for lane in diagram.lane_names]
    for name, label in diagram.labels.items():
        assert any(lane.holds(label) for lane in lane_of), f"label of {name} crosses a lane border"
        covered = [
            other
            for other, box in diagram.shapes.items()
            if other not in diagram.containers and box.meets(label)
        ]
        assert not covered, f"label of {name} covers {covered}"
        cut = [edge for edge, a, b in pieces(diagram) if label.cut_by(a, b)]
        assert not cut, f"label of {name} is cut by {cut}"
        beside = [other for other, box in diagram.labels.items() if other != name and box.meets(label)]
        assert not beside, f"label of {name} covers the labels of {beside}"


def test_events_gateways_and_named_flows_have_room_for_their_names(diagram: Diagram) -> None:
    for node in diagram.nodes.values():
        if node.kind.endswith(("Event", "Gateway")):
            assert fits(node.name, diagram.labels[node.id]), node.id
    for flow in diagram.flows.values():
        if flow.name:
            assert fits(flow.name, diagram.labels[flow.id]), flow.id
        else:
            assert flow.id not in diagram.labels, flow.id


def fits(text: str, box: Box) -> bool:
    """Chinese glyphs of external labels are 11 pixels wide, lines 14 high and at most 90 wide."""
    per_line = int(min(box.width, 90) // 11)
    return per_line >= 1 and -(-len(text) // per_line) * 14 <= box.height
