"""Stored state: small, exact, sealed; nothing of it is read before the seal is right."""

from __future__ import annotations

import json
import pickle
import zlib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe_flow.workflow.engine import Engine
from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.engine.state import MAGIC, decode, encode
from kaohe_flow.workflow.errors import EngineFailed, StateRefused
from tests.workflow.engine.drawings import boundary, diagram, multi, node, timer
from tests.workflow.engine.lifecycle import APPEAL, LIFECYCLE, SCORE, VARIABLES
from tests.workflow.engine.worlds import KEY, Case, World, compiled

SIMPLE = diagram(node("start", "s") + node("user", "u") + node("end", "e"), "s->u\nu->e")
LOOP = diagram(
    node("start", "s") + node("user", "u", camunda__dueDate="P3D") + node("xor", "x", default="x-e")
    + node("user", "v") + node("end", "e") + node("end", "e2")
    + boundary("b", "v", timer("timeCycle", "R/P1D"), interrupting=False)
    + node("service", "w", camunda__topic="urge"),
    "s->u\nu->v\nv->x\nx->e\nx->u : again\nb->w\nw->e2",
)  # fmt: skip

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(["$d", "$i", "$o"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def same(one: Value, other: Value) -> bool:
    """Equal, and of the same type and the same digits all the way down."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    return type(one) is type(other) and str(one) == str(other)


@settings(deadline=None)
@given(values)
def test_every_value_comes_back_exactly(value: Value) -> None:
    assert same(decode(json.loads(json.dumps(encode(value)))), value)


@pytest.mark.parametrize(
    "text", ["2.50", "-0.001", "1E+3", "0", "-0", "12345678901234567890.123456789", "1E-30"]
)
def test_decimals_survive_a_call_with_all_their_digits(text: str) -> None:
    case = Case(compiled(SIMPLE), points=Decimal(text), deep=[{"p": Decimal(text)}], big=2**70)

    looked_at = case.engine.inspect(case.process, case.now.state)

    assert str(looked_at.variables["points"]) == text
    assert same(looked_at.variables["deep"], [{"p": Decimal(text)}])
    assert looked_at.variables["big"] == 2**70


def test_looking_changes_nothing() -> None:
    case = Case(compiled(LOOP))
    case.do("u")

    looked_at = case.engine.inspect(case.process, case.now.state)

    assert looked_at.state == case.now.state
    assert looked_at.waiting == case.now.waiting
    assert looked_at.next_due_at == case.now.next_due_at
    assert looked_at.trace == ()


def test_variables_shown_are_copies() -> None:
    world = World(touch=lambda variables: variables["list"].append(1) or {})  # type: ignore[union-attr,func-returns-value]
    given_list: list[Value] = [1]
    nodes = (
        node("start", "s")
        + node("service", "w", camunda__topic="touch")
        + node("user", "u")
        + node("end", "e")
    )
    case = Case(compiled(diagram(nodes, "s->w\nw->u\nu->e")), world, list=given_list)

    given_list.append(2)
    case.now.waiting[0].variables["list"].append(3)  # type: ignore[union-attr]

    assert case.engine.inspect(case.process, case.now.state).variables["list"] == [1]


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_anywhere_is_refused(place: int, change: int) -> None:
    case = CASE
    state = bytearray(case.now.state)
    state[place % len(state)] ^= change

    with pytest.raises(StateRefused):
        case.engine.inspect(case.process, bytes(state))


CASE = Case(compiled(SIMPLE))


@pytest.mark.parametrize("length", [0, 1, 2, 3, 20, 35, -1])
def test_a_cut_state_is_refused(length: int) -> None:
    with pytest.raises(StateRefused):
        CASE.engine.inspect(CASE.process, CASE.now.state[:length])


def test_state_of_another_version_of_the_process_is_refused() -> None:
    other = compiled(SIMPLE.replace(b'name="', b'name="x', 1))

    with pytest.raises(StateRefused):
        CASE.engine.tick(other, CASE.now.state, World())


def test_state_sealed_with_another_key_is_refused() -> None:
    with pytest.raises(StateRefused):
        Engine(bytes(32)).tick(CASE.process, CASE.now.state, World())


def test_a_short_key_is_no_key() -> None:
    with pytest.raises(ValueError, match="16"):
        Engine(b"short")


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return Path.write_text, (self.target, "ran")  # type: ignore[return-value]


def planted(target: Path) -> list[bytes]:
    """Rows an intruder with access to the database might write."""
    code = f"open({str(target)!r}, 'w').write('ran')"
    stock = {
        "serializer_version": "1.1",
        "wf_class": "BpmnWorkflow",
        "data": {},
        "spec": {"task_specs": {"a": {"typename": "ExclusiveGateway", "cond_task_specs": [[code, "b"]]}}},
        "tasks": {"1": {"internal_data": {"event_value": code}}},
    }
    body = zlib.compress(json.dumps({"t": [["u", -1, 16]], "v": {"x": code}}).encode())
    return [
        json.dumps(stock).encode(),
        json.dumps(stock | {"serializer_version": "1.3"}).encode(),
        pickle.dumps(Bomb(target)),
        MAGIC + b"\x01" + bytes(32) + body,
        MAGIC + b"\x00" + bytes(32) + body,
        MAGIC + b"\x02" + CASE.now.state[3:],
        body,
        b"",
    ]


def test_planted_rows_are_refused_and_run_nothing(tmp_path: Path) -> None:
    target = tmp_path / "canary"

    for row in planted(target):
        for call in (
            lambda: CASE.engine.inspect(CASE.process, row),  # noqa: B023
            lambda: CASE.engine.tick(CASE.process, row, World()),  # noqa: B023
            lambda: CASE.engine.complete(CASE.process, row, "x", {}, World()),  # noqa: B023
            lambda: CASE.engine.deliver(CASE.process, row, "x", {}, World()),  # noqa: B023
        ):
            with pytest.raises(StateRefused):
                call()

    assert not target.exists()


def test_four_hundred_rounds_leave_the_state_as_small_as_one() -> None:
    case = Case(compiled(LOOP), again=True)
    sizes = set()
    for round_ in range(400):
        case.do("u")
        if round_ % 7 == 3:
            case.tick(days=1)
        case.do("v", again=True)
        if round_ > 0:
            sizes.add(len(case.now.state))

    assert max(sizes) - min(sizes) <= 8
    assert max(sizes) < 250


def test_a_whole_lifecycle_stays_under_a_kilobyte_and_a_half() -> None:
    case = Case(compiled(LIFECYCLE, dmn=[SCORE], called=[APPEAL]), **VARIABLES)
    sizes = [len(case.now.state)]
    for step, decision in (
        ("submit", {}),
        ("complete_check", {"decision": "approve"}),
        ("review", {"decision": "approve", "amount": 9}),
        ("sign", {"agree": True}),
        ("sign", {"agree": True}),
        ("sign", {"agree": True}),
        ("window", {"appeal": True}),
    ):
        case.do(step, **decision)  # type: ignore[arg-type]
        sizes.append(len(case.now.state))

    assert case.open == ["appeal_review/decide"]
    assert max(sizes) < 1_500


def test_variables_beyond_all_bounds_are_refused() -> None:
    with pytest.raises(EngineFailed, match="变量过大"):
        Case(compiled(SIMPLE), text="办" * 400_000)


def test_the_process_itself_is_never_in_the_state() -> None:
    case = Case(compiled(SIMPLE))

    stored = zlib.decompress(case.now.state[35:])

    assert b"bpmn" not in stored
    assert b"start" not in stored
    assert KEY not in case.now.state


def test_signing_in_turn_keeps_the_members_to_come() -> None:
    loop = multi(collection="voters", variable="who", sequential=True)
    nodes = node("start", "s") + node("user", "m", loop) + node("end", "e")
    case = Case(
        compiled(diagram(nodes, "s->m\nm->e")),
        voters=[{"weight": Decimal("0.50")}, {"weight": Decimal("1.0")}],
    )

    case.do("m")

    assert same(case.task("m").item, {"weight": Decimal("1.0")})
