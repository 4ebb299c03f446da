"""Schemes are put into force by the city's office, or refused with every fault."""

from __future__ import annotations

import io

import pytest

from kaohe_flow.organization.account.rules import AccountKind
from kaohe_flow.scheme.plan import queries
from tests.factories.casework import PLAN, Bureau
from tests.web.conftest import AdminOf, ClientOf, Pages

START = "2026-12-26"


@pytest.fixture
def office(bureau: Bureau, client_of: ClientOf) -> Pages:
    """The office of the city."""
    return client_of(bureau.city.chen)


def file(text: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(text.encode()), "方案.yaml"


def count(bureau: Bureau) -> int:
    with bureau.reading() as session:
        return len(queries.adopted(session))


def test_a_scheme_is_put_into_force(bureau: Bureau, office: Pages) -> None:
    answer = office.post("/plans/", {"file": file(PLAN), "valid_from": START})

    assert answer.status_code == 303
    assert count(bureau) == 2
    page = office.get("/plans/").text
    assert "小城考核方案" in page
    assert START in page
    with bureau.reading() as session:
        newest = queries.adopted(session)[0]
    assert office.get(f"/plans/{newest.id}/text").data.decode() == PLAN


def test_a_faulty_scheme_changes_nothing_and_every_fault_is_named(bureau: Bureau, office: Pages) -> None:
    answer = office.post(
        "/plans/", {"file": file(PLAN.replace("mode: penalty", "mode: x")), "valid_from": START}
    )

    assert answer.status_code == 400
    assert "方案文件有错，没有导入（2 处）" in answer.text
    assert f'value="{START}"' in answer.text
    assert count(bureau) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"valid_from": START}, "file"),
        ({"file": b"\xff\xfe\x00", "valid_from": START}, "file"),
        ({"file": b"a: 1"}, "valid_from"),
    ],
)
def test_a_form_without_file_or_day_is_refused(office: Pages, typed: dict[str, object], field: str) -> None:
    form = {
        name: (io.BytesIO(one), "x.yaml") if isinstance(one, bytes) else one for name, one in typed.items()
    }

    answer = office.post("/plans/", form)

    assert answer.status_code == 400
    assert f'id="f-{field}-error"' in answer.text


def test_two_texts_of_one_scheme_do_not_begin_on_one_day(office: Pages) -> None:
    office.post("/plans/", {"file": file(PLAN), "valid_from": START})

    answer = office.post("/plans/", {"file": file(PLAN), "valid_from": START})

    assert answer.status_code == 409
    assert "已有自 2026-12-26 起适用的版本" in answer.text


def test_a_county_reads_and_others_stay_outside(
    bureau: Bureau, client_of: ClientOf, admin_of: AdminOf
) -> None:
    county = client_of(bureau.city.zheng)

    assert county.get("/plans/").status_code == 200
    assert "导入方案</h2>" not in county.get("/plans/").text
    assert county.post("/plans/", {"file": file(PLAN), "valid_from": START}).status_code == 403
    assert county.get("/plans/999/text").status_code == 404
    for pages in (client_of(bureau.city.wang), *(admin_of(kind) for kind in list(AccountKind)[1:])):
        assert pages.get("/plans/").status_code == 403
        assert pages.get("/plans/1/text").status_code == 403
        assert pages.post("/plans/", {}).status_code == 403
