"""What must not become a target is found however it is spelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.scheme.banlist.rules import (
    DEFAULT_BANS,
    Ban,
    OverrideNeedsOffice,
    PhraseRefused,
    ReasonTooShort,
    check_ban,
    check_override,
    hits,
    refuse,
    squeeze,
)


def found(text: str) -> list[str]:
    return [hit.phrase for hit in hits({"name": text}, DEFAULT_BANS)]


@pytest.mark.parametrize("ban", DEFAULT_BANS, ids=lambda ban: ban.phrase)
def test_every_phrase_of_the_regulations_is_found_as_written(ban: Ban) -> None:
    assert found(f"本月{ban.phrase}排名") == [ban.phrase]


@pytest.mark.parametrize(
    ("wording", "phrase"),
    [
        ("刑 事 拘 留 数", "刑事拘留数"),
        ("刑事\u3000拘留-数", "刑事拘留数"),
        ("刑\u200b拘数", "刑事拘留数"),
        ("刑拘人数", "刑事拘留数"),
        ("刑事拘留的犯罪嫌疑人总人数", "刑事拘留数"),
        ("强制措施（刑事拘留）人数", "刑事拘留数"),
        ("刑拘指标", "刑事拘留数"),
        ("每月刑拘不少于5人", "刑事拘留数"),
        ("刑事拘留≥十名", "刑事拘留数"),
        ("行政拘留人次", "行政拘留数"),
        ("行拘达到２０人", "行政拘留数"),
        ("罚款数额", "罚没款数额"),
        ("罚没收入总额", "罚没款数额"),
        ("罚没款不低于50万元", "罚没款数额"),
        ("可防性案件发案量", "发案数"),
        ("退补率", "退查率"),
        ("命案侦破率", "破案率"),
        ("破案达到80%", "破案率"),
        ("逮捕率", "批捕率"),
        ("移诉人数", "起诉率"),
        ("定罪率", "有罪判决率"),
        ("刑事案件结案率=结案数/立案数", "结案率"),
    ],
)
def test_synonyms_spaces_fillers_and_bare_targets_are_seen_through(wording: str, phrase: str) -> None:
    assert found(wording) == [phrase]


@pytest.mark.parametrize(
    "wording",
    [
        "案件办理合格率",
        "可防性案件同比",
        "信访按期办结率",
        "罚没款物管理规范",
        "涉案财物管理",
        "刑事拘留超期人数",
        "刑拘文书规范，人数清楚",
        "矛盾纠纷化解率 ≥95%",
        "侦破3起",
        "立案数",
        "电诈预警劝阻及时率",
        "",
    ],
)
def test_honest_indicators_are_left_alone(wording: str) -> None:
    assert found(wording) == []


def test_a_hit_names_the_field_and_the_words_that_gave_it_away() -> None:
    (hit,) = hits({"name": "打击成效", "formula": "刑 拘 人 数 ÷ 警力"}, DEFAULT_BANS)

    assert (hit.where, hit.phrase, hit.found) == ("formula", "刑事拘留数", "刑拘人数")


def test_a_phrase_without_a_measure_is_found_as_it_is() -> None:
    ban = Ban("末位淘汰", ("末位待岗",))

    assert hits({"rule_text": "连续三月末位 待岗"}, [ban])
    assert not hits({"rule_text": "末位"}, [ban])


def test_the_refusal_names_every_phrase_once() -> None:
    refusal = refuse(hits({"name": "刑拘人数", "formula": "刑拘人数、破案率"}, DEFAULT_BANS))

    assert "刑事拘留数（刑拘人数）、破案率" in str(refusal)


@pytest.mark.parametrize("reason", ["", "上级要求", "。。。。。。。。。。。。", "  一二三四五六七八九  "])
def test_a_reason_nobody_can_check_is_not_one(reason: str) -> None:
    with pytest.raises(ReasonTooShort):
        check_override(reason, by_office=True)


def test_a_brigade_cannot_override_whatever_its_reason() -> None:
    with pytest.raises(OverrideNeedsOffice):
        check_override("根据省厅文件要求逐月统计此项数据", by_office=False)


def test_an_office_may_with_a_reason_of_ten_characters() -> None:
    check_override("省厅文件要求统计上报", by_office=True)


@pytest.mark.parametrize("ban", [Ban("数"), Ban("刑事拘留数", ("拘",)), Ban("—— ")])
def test_an_entry_that_would_be_found_everywhere_is_refused(ban: Ban) -> None:
    with pytest.raises(PhraseRefused):
        check_ban(ban)


@given(st.sampled_from(DEFAULT_BANS), st.lists(st.sampled_from(" \u3000-·_（）\u200b\u2060/"), max_size=12))
def test_no_sprinkling_of_marks_hides_a_phrase(ban: Ban, marks: list[str]) -> None:
    hidden = "".join(char + "".join(marks[i::4]) for i, char in enumerate(ban.phrase))

    assert found(hidden) == [ban.phrase]


@given(st.text())
def test_squeezing_twice_is_squeezing_once_and_never_fails(text: str) -> None:
    once = squeeze(text).replace("|", "，")

    assert squeeze(once).replace("|", "，") == once
    hits({"name": text}, DEFAULT_BANS)
