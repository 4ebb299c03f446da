"""Files handed out under their Chinese names."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from flask import Response, send_file

EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, mimetype: str, *, inline: bool = False) -> Response:
    """``content`` as a file of this name; ``inline`` lets the browser show it instead of saving it.

    A header carries Latin-1 only, so a Chinese name travels percent-encoded (RFC 6266). Browsers keep no
    copy of their own: what is handed out may be evidence.
    """
    answer = send_file(BytesIO(content), mimetype, as_attachment=not inline, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
