"""Diagrams as the process owner sees them: deploying with tables, and cases that stand still."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest

from kaohe_flow.settings import bundle
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from tests.docs.conftest import process_owner
from tests.factories.casework import Bureau
from tests.web.conftest import ClientOf, Pages

__all__ = ["process_owner"]

BPMN = bundle() / "bpmn"
REASON = "没有一个流向的条件成立，也没有默认流向"


def shipped(name: str) -> bytes:
    return (BPMN / name).read_bytes()


def upload(pages: Pages, *files: tuple[bytes, str]) -> Any:
    sent = [(BytesIO(content), name) for content, name in files]
    return pages.post("/processes/deployment", {"files": sent, "note": "试"})


@pytest.mark.parametrize("name", ["质量系数.dmn", "review_quality.dmn", "review_quality_v7.dmn"])
def test_a_table_is_known_by_the_id_of_its_decision_whatever_its_file_is_called(
    process_owner: Pages, name: str
) -> None:
    table = shipped("review_quality_v1.dmn").replace(b"0.9", b"0.8")

    answer = upload(process_owner, (shipped("work_submission_v1.bpmn"), "a.bpmn"), (table, name))

    assert answer.status_code == 303, answer.text


def test_two_files_with_the_same_decision_are_told_to_be_two(process_owner: Pages) -> None:
    table = shipped("review_quality_v1.dmn")

    answer = upload(
        process_owner,
        (shipped("work_submission_v1.bpmn"), "a.bpmn"),
        (table, "一.dmn"),
        (table + b" ", "二.dmn"),
    )

    assert answer.status_code == 422
    assert "有两张" in answer.text


def test_a_file_that_is_no_table_is_told_so(process_owner: Pages) -> None:
    answer = upload(process_owner, (shipped("work_submission_v1.bpmn"), "a.bpmn"), (b"<x/>", "表.dmn"))

    assert answer.status_code == 422
    assert "不是 DMN 决策表" in answer.text


def test_steps_are_told_in_words_and_codes_are_for_the_process_owner(
    process_owner: Pages, client_of: ClientOf, bureau: Bureau
) -> None:
    claim = next(
        found
        for found in re.findall(r"/processes/(\d+)\"", process_owner.get("/processes/").text)
        if "审核评分" in process_owner.get(f"/processes/{found}").text
    )
    officers = client_of(bureau.city.wang).get(f"/processes/{claim}").text
    owners = process_owner.get(f"/processes/{claim}").text

    for said in ("第 2 级单位的归口审核", "所在单位内勤", "3 个工作日", "通过并评分、驳回"):
        assert said in officers
        assert said in owners
    for code in ("line_reviewer@", "workdays(", "approve="):
        assert code not in officers
        assert code in owners


@pytest.fixture
def stuck(bureau: Bureau) -> int:
    """A claim whose case stands still; the id of its instance."""
    case_key = bureau.submit(bureau.city.wang)
    with bureau.reading() as session:
        instance = running.of_case(session, case_key)
        assert instance is not None
    with bureau.acting() as work:
        instances.raise_incident(work, instance.id, REASON)
    return instance.id


def test_the_process_owner_sees_which_cases_stand_still_and_where(
    process_owner: Pages, stuck: int, bureau: Bureau
) -> None:
    listed = process_owner.get("/processes/").text
    page = process_owner.get(f"/processes/incidents/{stuck}")

    assert "停住的办件" in listed
    assert REASON in listed
    assert f"/processes/incidents/{stuck}" in listed
    assert page.status_code == 200
    assert REASON in page.text
    assert "报送-1" in page.text
    assert "化解邻里纠纷" not in page.text, "what the case is about is not for the process owner"


def test_nobody_else_sees_them(client_of: ClientOf, process_owner: Pages, stuck: int, bureau: Bureau) -> None:
    pages = client_of(bureau.city.chen)
    bureau.submit(bureau.city.wang, happened_on=bureau.sheet.period.starts_on)

    assert "停住的办件" not in pages.get("/processes/").text
    assert pages.get(f"/processes/incidents/{stuck}").status_code == 403
    assert process_owner.get(f"/processes/incidents/{stuck + 1}").status_code == 404, "a case that moves"
