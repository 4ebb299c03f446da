"""What may be attached: size, kind and content of a file must agree."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from kaohe_flow.kernel.errors import InvalidInput

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_FILES_PER_CASE: Final = 10
MAX_NAME_BYTES: Final = 255
MAX_UNPACKED: Final = 200 * 1024 * 1024
MAX_RATIO: Final = 200


class FileRefused(InvalidInput):
    """``name`` is the file as the officer knows it, ``reason`` what to do about it."""

    code = "file-refused"
    message = "附件《{name}》不能上传：{reason}"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A permitted kind of evidence; ``inline`` kinds may be previewed in the page."""

    extension: str
    media_type: str
    inline: bool = False


KINDS: Final = {
    kind.extension: kind
    for kind in (
        FileKind("pdf", "application/pdf", inline=True),
        FileKind("jpg", "image/jpeg", inline=True),
        FileKind("jpeg", "image/jpeg", inline=True),
        FileKind("png", "image/png", inline=True),
        FileKind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        FileKind("mp4", "video/mp4"),
    )
}
PERMITTED: Final = "、".join(sorted(KINDS))
OFFICE_PART: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


def check_file(name: str, content: bytes) -> FileKind:
    """The kind of a permitted file. Raises ``FileRefused`` when name, size or content forbid it.

    The content decides, not the name: an executable called ``证明.pdf`` is refused.
    """
    kind = _kind_by_name(name)
    if not content:
        raise FileRefused(name=name, reason="文件是空的，请重新选择")
    if len(content) > MAX_BYTES:
        raise FileRefused(name=name, reason=f"超过 {MAX_BYTES // 1024 // 1024} MB，请压缩或拆分后再上传")
    if not _content_matches(kind.extension, content):
        raise FileRefused(name=name, reason=f"内容不是真正的 {kind.extension} 文件，请用原始文件重新保存")
    if kind.extension in OFFICE_PART:
        _check_office(name, kind.extension, content)
    return kind


def _kind_by_name(name: str) -> FileKind:
    if not name or "/" in name or "\\" in name or any(ord(char) < ord(" ") for char in name):
        raise FileRefused(name=name.replace("\0", ""), reason="文件名含有不允许的字符，请改名后再上传")
    if len(name.encode()) > MAX_NAME_BYTES:
        raise FileRefused(name=name[:40] + "…", reason="文件名太长，请缩短后再上传")
    extension = name.rpartition(".")[2].lower()
    if "." not in name or extension not in KINDS:
        raise FileRefused(name=name, reason=f"只接收 {PERMITTED} 文件")
    return KINDS[extension]


def _content_matches(extension: str, content: bytes) -> bool:
    match extension:
        case "pdf":
            return content.startswith(b"%PDF-")
        case "jpg" | "jpeg":
            return content.startswith(b"\xff\xd8\xff")
        case "png":
            return content.startswith(b"\x89PNG\r\n\x1a\n")
        case "mp4":
            return content[4:8] == b"ftyp"
        case _:
            return content.startswith(b"PK\x03\x04")


def _check_office(name: str, extension: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise FileRefused(name=name, reason="文件已损坏，请重新保存后再上传") from None
    names = {member.filename for member in members}
    unpacked = sum(member.file_size for member in members)
    if any(member.flag_bits & 1 for member in members) or OFFICE_PART[extension] not in names:
        raise FileRefused(name=name, reason=f"不是可打开的 {extension} 文件（可能加了密码），请另存后再上传")
    if any(part.endswith("vbaProject.bin") for part in names):
        raise FileRefused(name=name, reason="文件含有宏，请另存为不含宏的格式")
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(content):
        raise FileRefused(name=name, reason="压缩内容异常，不予接收")
