"""A scheme: one or several sheets under one name."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe_flow.scheme.definition.sheet.rules import Sheet

FORMAT = 1


@dataclass(frozen=True, slots=True)
class SchemeHead:
    """What a scheme says about itself."""

    id: str
    name: str = ""
    format: int = FORMAT
    version: str = ""
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise ValueError(f"format {self.format} 不认识，本版本只读 format: {FORMAT}")


@dataclass(frozen=True, slots=True)
class Scheme(SchemeHead):
    """The sheets of a scheme; facts find theirs by subject and period."""

    sheets: tuple[Sheet, ...] = ()

    @property
    def title(self) -> str:
        return self.name or self.id

    def sheet(self, id_: str) -> Sheet | None:
        return next((one for one in self.sheets if one.id == id_), None)
