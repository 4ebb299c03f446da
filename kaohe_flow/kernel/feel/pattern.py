"""Regular expressions for ``matches``, without backtracking.

A pattern becomes a small program whose threads advance through the text together, so the work is at most
text × program, whatever the pattern: ``(a+)+$`` is as harmless as ``a+$``. There are no back references,
no look-around, no lazy or possessive quantifiers; for the question "does it match" none is missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.pattern_reader import Alternatives, Anchor, Node, Repeat, Sequel, Single, read

MAX_PROGRAM: Final = 500
THREADS_PER_STEP: Final = 2  # one step of the evaluation budget


@dataclass(slots=True)
class _Instruction:
    """``accept`` consumes one character; ``anchor`` holds only at an end of the text; ``targets`` are where
    the threads go on. Without targets the pattern has matched."""

    accept: Callable[[str], bool] | None = None
    anchor: Literal["^", "$"] | None = None
    targets: tuple[int, ...] = ()


_Program: TypeAlias = list[_Instruction]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; immutable."""

    program: Sequence[_Instruction]

    def found_in(self, text: str, spend: Callable[[int], None]) -> bool:
        """Whether the pattern matches anywhere in ``text``; ``spend`` is told the work, in steps."""
        threads: set[int] = set()
        for place in range(len(text) + 1):
            threads.add(0)
            reached = self._reach(threads, place == 0, place == len(text))
            spend(1 + len(reached) // THREADS_PER_STEP)
            if len(self.program) - 1 in reached:
                return True
            if place < len(text):
                threads = self._advance(reached, text[place])
        return False

    def _reach(self, threads: set[int], at_start: bool, at_end: bool) -> set[int]:
        """Every instruction the threads come to without consuming a character."""
        reached = set(threads)
        waiting = list(threads)
        while waiting:
            instruction = self.program[waiting.pop()]
            if instruction.accept is not None:
                continue
            if (instruction.anchor == "^" and not at_start) or (instruction.anchor == "$" and not at_end):
                continue
            fresh = [target for target in instruction.targets if target not in reached]
            reached.update(fresh)
            waiting.extend(fresh)
        return reached

    def _advance(self, reached: set[int], character: str) -> set[int]:
        moved: set[int] = set()
        for place in reached:
            instruction = self.program[place]
            if instruction.accept is not None and instruction.accept(character):
                moved.update(instruction.targets)
        return moved


def compile_pattern(text: str) -> Pattern:
    """The program of a pattern. Raises ``Unfit`` for what is not understood or becomes too large."""
    program: _Program = []
    _emit(read(text), program)
    _add(program, _Instruction())
    return Pattern(tuple(program))


def _add(program: _Program, instruction: _Instruction) -> _Instruction:
    if len(program) >= MAX_PROGRAM:
        raise Unfit("匹配模式太复杂，请减少重复次数")
    program.append(instruction)
    return instruction


def _emit(node: Node, program: _Program) -> None:
    """Append the code of ``node``; it ends by falling through to whatever comes next."""
    match node:
        case Single(accept):
            _add(program, _Instruction(accept=accept, targets=(len(program) + 1,)))
        case Anchor(sign):
            _add(program, _Instruction(anchor=sign, targets=(len(program) + 1,)))
        case Sequel(parts):
            for part in parts:
                _emit(part, program)
        case Alternatives(branches):
            _emit_alternatives(branches, program)
        case Repeat(part, least, most):
            _emit_repeat(part, least, most, program)


def _emit_alternatives(branches: Sequence[Node], program: _Program) -> None:
    fork = _add(program, _Instruction())
    starts: list[int] = []
    exits: list[_Instruction] = []
    for branch in branches:
        starts.append(len(program))
        _emit(branch, program)
        exits.append(_add(program, _Instruction()))
    fork.targets = tuple(starts)
    for leave in exits:
        leave.targets = (len(program),)


def _emit_repeat(part: Node, least: int, most: int | None, program: _Program) -> None:
    for _ in range(least):
        _emit(part, program)
    if most is None:
        place = len(program)
        fork = _add(program, _Instruction())
        _emit(part, program)
        _add(program, _Instruction(targets=(place,)))
        fork.targets = (place + 1, len(program))
        return
    forks: list[tuple[int, _Instruction]] = []
    for _ in range(most - least):
        forks.append((len(program), _add(program, _Instruction())))
        _emit(part, program)
    for place, fork in forks:
        fork.targets = (place + 1, len(program))
