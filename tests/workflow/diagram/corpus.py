"""The corpus of diagrams and decision tables, what is expected of each file, and the words they may use."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from kaohe_flow.workflow.diagram.rules import Vocabulary, inspect
from kaohe_flow.workflow.errors import Fault

CORPUS = Path(__file__).parents[2] / "corpus"
BPMN = CORPUS / "bpmn"
DMN = CORPUS / "dmn"
SHIPPED = Path(__file__).parents[3] / "bpmn"
FUNCTIONS = frozenset({"workdays", "period_end", "cutoff", "notice_end"})
VOCABULARY = Vocabulary(
    topics=frozenset({"claim.score", "claim.notify", "claim.archive", "claim.publish"}),
    forms=frozenset({"line_review", "work_claim"}),
    functions=FUNCTIONS,
    called=frozenset({"appeal_review"}),
    variables=frozenset({"rounds", "members", "quality"}),
    lines=frozenset({"xz", "jj"}),
    scoring_topics=frozenset({"claim.score"}),
    precedence=frozenset({("claim.notify", "claim.archive")}),
)
Found = tuple[str, int, str]


def inspected(bpmn: bytes, *dmn: bytes, vocabulary: Vocabulary = VOCABULARY) -> tuple[Fault, ...]:
    """Faults without the remark that the small files of the corpus have no picture."""
    faults = inspect(bpmn, dmn=dmn, vocabulary=vocabulary)
    pictured = b"BPMNDiagram" in bpmn
    return tuple(fault for fault in faults if pictured or fault.rule != "drawing-missing")


def codes(faults: tuple[Fault, ...]) -> set[str]:
    """The rules that were broken."""
    return {fault.rule for fault in faults}


def errors(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Faults that stop a deployment."""
    return tuple(fault for fault in faults if fault.severity == "error")


def expectations(folder: Path) -> Mapping[str, set[Found]]:
    """By file: rule, line and (for diagrams) element of every fault that is in it."""
    expected: defaultdict[str, set[Found]] = defaultdict(set)
    with (folder / "expected.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            expected[row["file"]].add((row["rule"], int(row["line"]), row.get("element") or ""))
    return expected
