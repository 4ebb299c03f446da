"""The rewards of the story, one by one: whose deed, who claims it, and where the claim stands at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kaohe_flow.casework.reward.rules.claim import RewardKind
from kaohe_flow.demo.charges import Seat

POLITICAL: Final[Seat] = ("ZZB", 1)


@dataclass(frozen=True, slots=True)
class Honour:
    """One claim. ``part``: how far into the month, or into what has run of it, it was filed.

    ``waits_at``: the step of the diagram where it is left waiting.
    """

    code: str
    kind: RewardKind
    claimant: Seat
    officer: Seat
    in_open_month: bool
    part: float
    title: str
    document_no: str
    deed: str
    summary: str
    waits_at: str = ""


HONOURS: Final = (
    Honour(
        "REW-01", RewardKind.HONOUR, POLITICAL, ("QSX-XZ", 0), False, 0.06,
        "个人嘉奖", "云公政奖[2026]31号", "侦破系列盗窃案", "侦破系列入室盗窃案件，追回财物并返还群众。",
    ),
    Honour(
        "REW-07", RewardKind.MEDIA, ("QSX-CG", 2), ("QSX-CG", 2), False, 0.35,
        "社区调解的故事", "云岭日报第6版", "社区调解报道", "撰写的社区调解经验被省级报纸采用，样报附后。",
    ),
    Honour(
        "REW-10", RewardKind.DEED, ("QSX-HK", 0), ("QSX-HK", 0), False, 0.5,
        "救助落水群众", "河口镇政府证明", "河口救人", "巡逻途中救起落水老人并送医，家属出具证明。",
    ),
    Honour(
        "REW-02", RewardKind.HONOUR, POLITICAL, ("QSX-ZA", 0), True, 0.05,
        "三等功", "云公政奖[2026]36号", "大型活动安保", "在大型活动安保中成绩突出，经批准记三等功。",
    ),
    Honour(
        "REW-01", RewardKind.HONOUR, POLITICAL, ("QSX-XZ-FZ", 0), True, 0.6,
        "个人嘉奖", "云公政奖[2026]38号", "止付电诈资金", "带队紧急止付电信诈骗资金，为群众挽回损失。",
    ),
    Honour(
        "REW-07", RewardKind.MEDIA, ("QSX-LL", 0), ("QSX-LL", 0), True, 0.8,
        "山村警务室", "云岭法制报第3版", "山村警务室报道", "撰写的警务室通讯被省级报纸采用，样报附后。",
        waits_at="office_approve",
    ),
    Honour(
        "REW-10", RewardKind.DEED, ("QSX-CG", 3), ("QSX-CG", 3), True, 0.95,
        "拾金不昧", "失主感谢信", "归还遗失钱款", "巡逻时拾得装有现金和证件的皮包，当日联系失主全部归还。",
        waits_at="unit_opinion",
    ),
)  # fmt: skip
