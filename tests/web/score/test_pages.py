"""为什么是这个分: from the total to the item, and from the item to its case, without leaving the page."""

from __future__ import annotations

from decimal import Decimal

from kaohe_flow.scheme.plan.commands import adopt
from tests.factories import scheme
from tests.factories.casework import NOON, Bureau
from tests.web.conftest import ClientOf, text_of

THIRDS = """
format: 1
id: thirds
sheets:
  - id: officer_month
    for: {kind: officer}
    period: {kind: month, first_day: 26}
    coefficients: {identities: {岗位能手: 1.35}}
    modules: [{id: business, name: 业务工作}, {id: incentive, name: 激励加分, cap: 20}]
    lines: [{id: 业务, module: business, type: regular, weight: 100, base: 0, full: items}]
    items:
      - {id: BIZ-07, name: 矛盾纠纷化解, line: 业务, full: 6, points: 2, start: zero}
      - {id: REW-01, name: 嘉奖, module: incentive, mode: reward, points: 5}
"""


def scored(bureau: Bureau) -> str:
    """A plan by which 2 of 6 points weigh a third of a hundred, and one claim that was approved."""
    with bureau.database.write_tx(scheme.OFFICE, NOON) as work:
        adopt(work, THIRDS, bureau.sheet.period.starts_on)
    key = bureau.submit(bureau.city.wang, count=Decimal(1))
    bureau.approve(key)
    return key


def test_the_page_tells_how_an_item_becomes_the_total(bureau: Bureau, client_of: ClientOf) -> None:
    key = scored(bureau)

    page = client_of(bureau.city.wang).get("/scores/").text
    words = text_of(page)

    for said in (
        "矛盾纠纷化解62",
        "2×权重100÷满分6",
        "33.333333",
        "业务工作33.33",
        "33.33分",
        "系数无系数身份",
    ):
        assert said in words, said
    assert f'href="/cases/{key}#entry-1"' in page


def test_what_nothing_was_recorded_of_is_counted_not_listed(bureau: Bureau, client_of: ClientOf) -> None:
    scored(bureau)

    words = text_of(client_of(bureau.city.wang).get("/scores/").text)

    assert "1项加分或扣分指标，本期没有记录" in words


def test_somebody_without_tasks_is_told_so_instead_of_nought(bureau: Bureau, client_of: ClientOf) -> None:
    scored(bureau)

    words = text_of(client_of(bureau.city.qian).get("/scores/").text)

    assert "未考核：本期没有任务，也没有加减分" in words
