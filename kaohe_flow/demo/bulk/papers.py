"""Evidence for many: one export of a bureau's month under an indicator serves all who report on it."""

from __future__ import annotations

from datetime import date
from random import Random

from kaohe_flow.demo import evidence
from kaohe_flow.demo.bulk.script import Place, Task
from kaohe_flow.records.attachment.commands import Upload

JOINT = "全体民警"


class Papers:
    """Files of one month, the same ones every time; a supplement never has the same bytes."""

    def __init__(self, month: str) -> None:
        self._month = month
        self._made: dict[tuple[str, str, int], Upload] = {}

    def upload(self, place: Place, task: Task, day: date, *, supplement: int = 0) -> Upload:
        """The file an officer attaches on a day: joint content under a name of its own."""
        key = (place.bureau, task.code, supplement)
        if key not in self._made:
            self._made[key] = self._make(place, task, day, supplement)
        made = self._made[key]
        kind, _, extension = made.name.partition(".")
        return Upload(f"{kind}_{day:%Y%m%d}.{extension}", made.content)

    def _make(self, place: Place, task: Task, day: date, supplement: int) -> Upload:
        chance = Random(f"{self._month}:{place.bureau}:{task.code}:{supplement}")  # noqa: S311 - no secret
        deed = evidence.Deed(
            place.bureau, JOINT, task.title, day.replace(day=1), f"{self._month} {task.title}"
        )
        kind = task.evidence[supplement % len(task.evidence)]
        (upload,) = evidence.files(chance, deed, [kind])
        return Upload(f"{kind}.{upload.name.rpartition('.')[2]}", upload.content)
