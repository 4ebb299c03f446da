"""Finding forbidden targets in the wording of an indicator.

Source: 公安机关执法质量考核评议规定（2016，禁设指标）与 2015 年清理考核指标要求.

A phrase such as 刑事拘留数 is split into what is counted (刑事拘留) and how (数). It is found again behind
spaces, marks and full-width letters, under its synonyms (刑拘), with another measure (人次, 率), with words
between that change nothing (刑事拘留的总人数), and as a bare target (刑拘不少于5人).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kaohe_flow.kernel.errors import InvalidInput, NotAllowed, NotFound, Problem, RuleBroken

OVERRIDE_REASON_LENGTH: Final = 10
SHORTEST_STEM: Final = 2

RATES: Final = ("百分比", "比率", "比例", "率")
# Longest first: 人数 must be taken off before 数.
MEASURES: Final = (
    *(
        "总金额",
        "总数额",
        "数额",
        "金额",
        "总额",
        "人数",
        "人次",
        "次数",
        "件数",
        "起数",
        "总数",
        "总量",
        "数量",
    ),
    *RATES,
    *("任务", "指标", "数", "量", "额"),
)
FILLERS: Final = (
    *("犯罪嫌疑人", "嫌疑人", "违法人员", "人员", "案件", "刑事", "治安", "总", "的", "人", "完成"),
    *("全年", "本年", "年度", "季度", "当月", "每月", "月度", "月均", "人均", "累计", "新增", "同比", "环比"),
)
TARGET_WORDS: Final = "(?:不少于|不低于|达到|达|至少|超过|每月|每年|每人){0,3}"
NUMBER: Final = "[0-9一二两三四五六七八九十百千万]+余?"
COUNTED_IN: Final = "(?:亿|元|人|名|起|件|次|宗)"
SENTENCE_ENDS: Final = "。；;！!？?，,：:\n"
JOINT: Final = "|"


class BannedIndicator(RuleBroken):
    """The wording asks for what must not be a target; only an office may let it pass, with its reason."""

    code = "banned-indicator"
    message = (
        "指标含有禁止设立的考核内容：{found}。"
        "此类指标不得下达；确有依据的，须由考核办写明理由（不少于10个字）后保存"
    )


class OverrideNeedsOffice(NotAllowed):
    """Only an assessment office lets a forbidden wording pass."""

    code = "override-needs-office"
    message = "只有考核办可以写明理由后保留禁设内容"


class ReasonTooShort(InvalidInput):
    """A reason somebody else can check has at least ten characters."""

    code = "override-reason-too-short"
    message = "请写明依据和理由，不少于{least}个字"


class PhraseRefused(InvalidInput):
    """An entry of the ban list that would forbid everything or nothing."""

    code = "banned-phrase-refused"
    message = "禁设内容有误，请按提示修改"


class PhraseNotFound(NotFound):
    """No such entry in the ban list."""

    code = "banned-phrase-not-found"
    message = "禁设清单中没有这一条"


@dataclass(frozen=True, slots=True)
class Ban:
    """One entry: ``phrase`` as the regulation has it, ``synonyms`` of what is counted in it."""

    phrase: str
    synonyms: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A forbidden phrase, the field it was found in and the words found there (without spaces)."""

    phrase: str
    where: str
    found: str


BASIS_2016: Final = "公安机关执法质量考核评议规定：禁设指标"
BASIS_2015: Final = "2015年全国政法机关清理考核指标要求"
DEFAULT_BANS: Final = (
    Ban("罚没款数额", ("罚没款", "罚没", "罚款", "没收款", "罚没收入"), BASIS_2016),
    Ban("刑事拘留数", ("刑拘",), BASIS_2016),
    Ban("行政拘留数", ("行拘", "治安拘留"), BASIS_2016),
    Ban("发案数", ("案发",), BASIS_2016),
    Ban("退查率", ("退回补充侦查", "退补", "退侦"), BASIS_2016),
    Ban("破案率", ("侦破",), BASIS_2016),
    Ban("批捕率", ("批准逮捕", "逮捕", "报捕", "提捕"), BASIS_2015),
    Ban("起诉率", ("移送起诉", "移诉", "公诉"), BASIS_2015),
    Ban("有罪判决率", ("定罪", "判有罪", "有罪"), BASIS_2015),
    Ban("结案率", ("案件办结",), BASIS_2015),
)


def hits(texts: Mapping[str, str], bans: Iterable[Ban]) -> tuple[Hit, ...]:
    """Every forbidden phrase in ``texts`` (field name → wording), each once per field."""
    squeezed = {where: squeeze(text) for where, text in texts.items()}
    return tuple(
        Hit(ban.phrase, where, match.group())
        for ban in bans
        for where, text in squeezed.items()
        if (match := _pattern(ban).search(text))
    )


def squeeze(text: str) -> str:
    """The text without what is used to hide words: spaces, marks, brackets, invisible characters.

    Marks that end a clause stay as a joint, so that two neighbouring clauses do not form a word.
    """
    out = []
    for char in unicodedata.normalize("NFKC", text).lower():
        if char in SENTENCE_ENDS:
            out.append(JOINT)
        elif unicodedata.category(char)[0] in "LN" or char == "%":
            out.append(char)
    return "".join(out)


def check_override(reason: str, *, by_office: bool) -> None:
    """Who may let a forbidden wording pass, and with how much of a reason."""
    if not by_office:
        raise OverrideNeedsOffice
    if len(squeeze(reason).replace(JOINT, "")) < OVERRIDE_REASON_LENGTH:
        raise ReasonTooShort(field="override_reason", least=OVERRIDE_REASON_LENGTH)


def refuse(found: Iterable[Hit]) -> BannedIndicator:
    """The refusal that names every phrase once, with the words that gave it away."""
    named = {hit.phrase: hit.found for hit in found}
    told = "、".join(phrase if phrase == seen else f"{phrase}（{seen}）" for phrase, seen in named.items())
    return BannedIndicator(found=told)


def check_ban(ban: Ban) -> None:
    """Raises ``PhraseRefused``: a phrase or synonym of one character would be found everywhere."""
    faults = [
        Problem(where, f"“{text}”太短，至少{SHORTEST_STEM}个字")
        for where, text in (("phrase", ban.phrase), *(("synonyms", each) for each in ban.synonyms))
        if len(squeeze(text)) < SHORTEST_STEM
    ]
    if faults:
        raise PhraseRefused(problems=tuple(faults))


@lru_cache(maxsize=1024)
def _pattern(ban: Ban) -> re.Pattern[str]:
    """What is counted, then a measure or a target number; a phrase without a measure stands alone."""
    phrase = squeeze(ban.phrase)
    measure = next((each for each in MEASURES if phrase.endswith(each) and phrase != each), "")
    stem = phrase.removesuffix(measure) if measure else phrase
    stems = sorted({stem, *map(squeeze, ban.synonyms)}, key=lambda each: (-len(each), each))
    counted = "|".join(map(re.escape, stems))
    if not measure:
        return re.compile(f"(?:{counted})")
    # A share is asked for in percent; "cleared 3 cases" is a fact, not a clearance rate.
    unit = "%" if measure in RATES else f"(?:%|{COUNTED_IN})"
    measured = f"(?:{'|'.join(FILLERS)}){{0,4}}(?:{'|'.join(MEASURES)})"
    return re.compile(f"(?:{counted})(?:{measured}|{TARGET_WORDS}{NUMBER}{unit})")
