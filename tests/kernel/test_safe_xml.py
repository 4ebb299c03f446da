"""The XML door: what is hostile is refused with a sentence, what is honest is read."""

from __future__ import annotations

import pytest

from kaohe_flow.kernel.safe_xml import MAX_BYTES, UnsafeXml, parse


def test_an_honest_document_is_read() -> None:
    assert parse("<a>流程</a>".encode()).text == "流程"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "空"),
        (b"<a", "第 1 行"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DOCTYPE"),
        (b'<?xml version="1.0" encoding="GBK"?><a/>', "GBK"),
        ("<a/>".encode("utf-16"), "UTF-8"),
        (b"<a>" + b"\xff\xfe" + b"</a>", "UTF-8"),
        (b"<a>\0</a>", "UTF-8"),
        (b"<a>" * 150 + b"</a>" * 150, "层"),
        (b"<a>" + b"<b/>" * 20_001 + b"</a>", "元素"),
        (b"<a " + b" ".join(b'x%d="1"' % n for n in range(201)) + b"/>", "属性"),
        (b"<a>" + b" " * MAX_BYTES + b"</a>", "MB"),
    ],
)
def test_hostile_documents_are_refused_with_a_sentence(document: bytes, said: str) -> None:
    with pytest.raises(UnsafeXml, match=said):
        parse(document, what="流程图")
