"""Names of the larger cities: departments, bureaus, brigades, squads, towns. None of these places exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from kaohe_flow.demo.city import BUREAU as TOP

__all__ = ["BRANCHES", "BRIGADES", "COUNTIES", "DEPARTMENTS", "OF_A_BRANCH", "TOP", "Brigade", "towns"]


@dataclass(frozen=True, slots=True)
class Brigade:
    """A brigade every county has: the lines it reviews in its bureau, and its squads."""

    code: str
    name: str
    lines: tuple[str, ...] = ()
    squads: tuple[str, ...] = ()


# Code, name, short name, business line it is competent for, name of the line.
DEPARTMENTS: Final = (
    ("ZHZX", "办公室（指挥中心）", "指挥中心", "zh", "指挥调度"),
    ("ZZB", "政治部", "政治部", "zz", "队伍建设"),
    ("DCZD", "警务督察支队", "督察支队", "dc", "警务督察"),
    ("FZZD", "法制支队", "法制支队", "fz", "执法监督"),
    ("XZZD", "刑事侦查支队", "刑侦支队", "xz", "刑事侦查"),
    ("ZAZD", "治安管理支队", "治安支队", "za", "治安管理"),
    ("BZZD", "警务保障支队", "警保支队", "bz", "警务保障"),
    ("KXZD", "科技信息化支队", "科信支队", "kx", "科技信息"),
    ("XFZD", "信访支队", "信访支队", "xf", "信访工作"),
    ("XLZD", "警察训练支队", "训练支队", "xl", "教育训练"),
    ("CRJZD", "出入境管理支队", "出入境支队", "crj", "出入境管理"),
    ("FKZD", "反恐怖支队", "反恐支队", "fk", "反恐防范"),
    ("JJZD", "交通警察支队", "交警支队", "jj", "交通管理"),
    ("JGZD", "监所管理支队", "监管支队", "jg", "监所管理"),
    ("JWBZD", "经济文化保卫支队", "经文保支队", "jwb", "经文保卫"),
    ("YQZD", "油气保卫支队", "油气支队", "yq", "油气保卫"),
    ("GJZD", "公共交通保卫支队", "公交支队", "gj", "公交保卫"),
    ("ZBZD", "政治安全保卫支队", "政保支队", "", ""),
    ("JZZD", "经济犯罪侦查支队", "经侦支队", "", ""),
    ("WAZD", "网络安全保卫支队", "网安支队", "", ""),
    ("JDZD", "禁毒支队", "禁毒支队", "", ""),
    ("XTJZD", "巡特警支队", "巡特警支队", "", ""),
    ("GSZD", "高速公路交警支队", "高速支队", "", ""),
    ("SYHZD", "食药环犯罪侦查支队", "食药环支队", "", ""),
    ("JSZD", "技术侦查支队", "技侦支队", "", ""),
    ("QBZD", "情报合成作战支队", "情报支队", "", ""),
    ("SLZD", "森林警察支队", "森林支队", "", ""),
    ("JHZD", "警务航空支队", "警航支队", "", ""),
)
COUNTIES: Final = (
    ("QSX", "青松县公安局"), ("BHX", "白桦县公安局"), ("HLX", "红柳县公安局"), ("ZJX", "紫荆县公安局"),
    ("YXX", "银杏县公安局"), ("WTX", "梧桐县公安局"), ("DFX", "丹枫县公安局"), ("MZX", "墨竹县公安局"),
    ("DQX", "冬青县公安局"), ("XMX", "雪梅县公安局"), ("MMX", "木棉县公安局"), ("LDX", "芦荻县公安局"),
)  # fmt: skip
BRANCHES: Final = (
    ("ZXC", "中心城分局"), ("HD", "河东分局"), ("HX", "河西分局"), ("GX", "高新分局"), ("JK", "经开区分局"),
)  # fmt: skip
# A branch has all but the last two.
BRIGADES: Final = (
    Brigade("ZH", "办公室（指挥中心）", ("zh", "xf", "kx")),
    Brigade("ZG", "政工室", ("zz", "xl")),
    Brigade("DC", "督察大队", ("dc",)),
    Brigade("FZ", "法制大队", ("fz",)),
    Brigade("BZ", "警务保障室", ("bz",)),
    Brigade("XZ", "刑侦大队", ("xz",), ("重案中队", "侵财中队", "反诈专业中队", "技术室")),
    Brigade("ZA", "治安大队", ("za",)),
    Brigade("JJ", "交警大队", ("jj",), ("城区中队", "城郊中队", "国道中队", "事故处理中队", "车管所")),
    Brigade("TJ", "巡特警大队", ("fk", "gj", "yq"), ("一中队", "二中队")),
    Brigade("ZB", "政保大队", ("jwb",)),
    Brigade("JZ", "经侦大队"),
    Brigade("CRJ", "出入境大队", ("crj",)),
    Brigade("JD", "禁毒大队"),
    Brigade("WA", "网安大队"),
)
OF_A_BRANCH: Final = 12
BEFORE: Final = "清白石龙双长新古南北东西上下大金玉云柳桃"
AFTER: Final = ("河", "桥", "岗", "塘", "坪", "湾", "山", "口", "井", "坝")


def towns() -> Iterator[str]:
    """Names of towns, none of them twice; those of the story are left out."""
    return (f"{first}{second}镇" for second, first in product(AFTER, BEFORE))
