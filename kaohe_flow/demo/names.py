"""Plausible Chinese names of people who do not exist, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
FIRST: Final = "志文建国海晓明俊宏立永振世德嘉思雨子景安书天一新正卓承维启远泽清若佳雅静欣怡秋春雪慧丽玉兰"
SECOND: Final = "强伟军勇峰涛斌辉鹏飞杰超亮磊刚平波宁华康毅诚坤旭阳帆航凯铭琳娜婷颖洁敏燕玲霞芳莉莹蕾"
ONE_CHARACTER: Final = 0.25  # share of given names with a single character


def names(seed: int) -> Iterator[str]:
    """Names without end and without repetition."""
    chance = Random(seed)  # noqa: S311 - invented names need no secrecy
    used: set[str] = set()
    while True:
        given = chance.choice(SECOND)
        if chance.random() >= ONE_CHARACTER:
            given = chance.choice(FIRST) + given
        name = chance.choice(SURNAMES) + given
        if name not in used:
            used.add(name)
            yield name
