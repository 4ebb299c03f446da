"""Stored state: rows of live tokens and the variables, compressed and sealed; never the process itself.

Layout: ``KS`` · format version · HMAC-SHA256 (32 bytes) · zlib(JSON). The seal covers the format version,
the digest of the process version and the compressed rows. It is checked before anything is unpacked.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, cast

import orjson

from kaohe_flow.workflow.engine.activities import SubProcess
from kaohe_flow.workflow.engine.port import Host, Process, Step, Value
from kaohe_flow.workflow.engine.timers import Alarm
from kaohe_flow.workflow.engine.tree import Run, Running, Scope, SubRun, Token
from kaohe_flow.workflow.errors import EngineFailed, StateRefused

MAGIC: Final = b"KS"
FORMAT: Final = 1
SEAL: Final = 32
HEAD: Final = len(MAGIC) + 1
MIN_KEY: Final = 16
MAX_STATE: Final = 1_000_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
BIGGEST: Final = 2**53

Row = list[Any]


class StateCodec:
    """Seals and opens state with one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < MIN_KEY:
            raise ValueError("the state key is shorter than 16 bytes")
        self._key = key

    def save(self, process: Process, run: Run) -> bytes:
        """The instance as bytes. Raises ``EngineFailed`` if its variables have grown beyond bounds."""
        packed = {"t": rows(run, run), "v": encode(run.scope.values)}
        if run.ended_at is not None:
            packed["e"] = run.ended_at
        plain = orjson.dumps(packed)
        if len(plain) > MAX_STATE:
            raise EngineFailed("", "流程变量过大，大段内容请作为业务数据保存，流程里只放决定")
        body = zlib.compress(plain, 6)
        head = MAGIC + bytes([FORMAT])
        return head + self._seal(process, head, body) + body

    def load(self, process: Process, state: bytes, host: Host) -> Run:
        """The instance in memory. Raises ``StateRefused`` before reading anything that is not ours."""
        head, seal, body = state[:HEAD], state[HEAD : HEAD + SEAL], state[HEAD + SEAL :]
        if head[: len(MAGIC)] != MAGIC or len(head) != HEAD:
            raise StateRefused(reason="格式不认识")
        if head[-1] != FORMAT:
            raise StateRefused(reason=f"格式版本 {head[-1]} 不认识")
        if not hmac.compare_digest(seal, self._seal(process, head, body)):
            raise StateRefused(reason="内容或所属流程版本与封印不符")
        packed = orjson.loads(zlib.decompress(body))
        run = Run(process.program, host, Scope(cast(dict[str, Value], decode(packed["v"]))))
        run.ended_at = packed.get("e")
        plant(run, run, packed["t"])
        run.completed = not run.live()
        return run

    def _seal(self, process: Process, head: bytes, body: bytes) -> bytes:
        return hmac.digest(self._key, head + process.digest + body, hashlib.sha256)


def rows(run: Run, running: Running) -> list[Row]:
    """Tokens of one (sub-)process: name, row of the parent (-1: the root), state, and what else there is."""
    root = running.task_tree
    kept = [token for token in running.tasks.values() if token is not root]
    places = {token.id: place for place, token in enumerate(kept)}
    packed: list[Row] = []
    for token in kept:
        extras = _extras(token)
        inner = run.subprocesses.get(token.id)
        if inner is not None:
            own = None if inner.shared else [encode(inner.scope.values), sorted(inner.scope.written)]
            extras["s"] = [rows(run, inner), own]
        row: Row = [token.task_spec.name, places.get(token.parent.id, -1), token.state]
        packed.append([*row, extras] if extras else row)
    return packed


def _extras(token: Token) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if token.key:
        extras["k"] = token.key
    if token.flow is not None:
        extras["f"] = token.flow
    if token.due_at is not None:
        extras["d"] = _ticks(token.due_at)
    if token.local is not None:
        extras["l"] = encode(token.local)
    if token.total:
        extras["m"] = [token.done, token.total, encode(token.rest)]
    if token.alarm is not None:
        alarm = token.alarm
        extras["a"] = [_ticks(alarm.base), alarm.left, alarm.period, alarm.count]
    return extras


def plant(run: Run, running: Running, packed: list[Row]) -> None:
    """Put the tokens of one (sub-)process back where they were."""
    made: list[Token] = []
    specs = running.spec.task_specs
    for row in packed:
        parent = made[row[1]] if row[1] >= 0 else running.task_tree
        token = Token(cast(Run, running), specs[row[0]], parent, state=row[2])
        made.append(token)
        if len(row) > COLUMNS:
            _restore(run, token, row[COLUMNS])


COLUMNS: Final = 3


def _restore(run: Run, token: Token, extras: Mapping[str, Any]) -> None:
    token.key = extras.get("k", "")
    token.flow = extras.get("f")
    token.due_at = _moment(extras["d"]) if "d" in extras else None
    if "l" in extras:
        token.local = cast(dict[str, Value], decode(extras["l"]))
    if "m" in extras:
        token.done, token.total = extras["m"][:2]
        token.rest = cast(list[Value], decode(extras["m"][2]))
    if "a" in extras:
        base, left, period, count = extras["a"]
        token.alarm = Alarm(_moment(base), left, period, count)
    if "s" in extras:
        inner, own = extras["s"]
        node = token.task_spec
        assert isinstance(node, SubProcess)
        scope = token.scope if own is None else Scope(cast(dict[str, Value], decode(own[0])), set(own[1]))
        plant(run, SubRun(node.spec, token, scope, shared=own is None), inner)


def _ticks(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _moment(ticks: int) -> datetime:
    return EPOCH + ticks * MICROSECOND


def encode(value: Value) -> Any:
    """JSON that keeps Decimals, large integers and every key apart from each other."""
    if isinstance(value, Decimal):
        return {"$d": str(value)}
    if isinstance(value, list):
        return [encode(inner) for inner in value]
    if isinstance(value, dict):
        plain = {key: encode(inner) for key, inner in value.items()}
        return {"$o": list(plain.items())} if any(key.startswith("$") for key in plain) else plain
    if type(value) is int and abs(value) >= BIGGEST:
        return {"$i": str(value)}
    return value


def decode(value: Any) -> Value:
    """The inverse of ``encode``."""
    if isinstance(value, list):
        return [decode(inner) for inner in value]
    if isinstance(value, dict):
        if "$d" in value:
            return Decimal(value["$d"])
        if "$i" in value:
            return int(value["$i"])
        if "$o" in value:
            return {key: decode(inner) for key, inner in value["$o"]}
        return {key: decode(inner) for key, inner in value.items()}
    return cast(Value, value)


class _NoHost:
    """Stands in where an instance is only looked at."""

    now = EPOCH
    functions: Mapping[str, Any] = MappingProxyType({})

    def perform(
        self, topic: str, step: Step, variables: Mapping[str, Value], inputs: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        """Nothing is performed while looking."""
        raise EngineFailed(step.id, "只读查看时不执行服务任务")


NO_HOST: Final[Host] = _NoHost()
