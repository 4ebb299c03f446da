"""The script that a new installation starts from runs as it is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.docs.pages import DOCS, ROOT, blocks


def test_the_first_units_are_established_by_the_printed_script(tmp_path: Path) -> None:
    (script,) = blocks(DOCS / "operator" / "first-units.md", "python")
    path = tmp_path / "first_units.py"
    path.write_text(script, encoding="utf-8")
    environment = {**os.environ, "KAOHE_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment.pop("KAOHE_DATABASE_URL", None)

    done = subprocess.run(
        [sys.executable, str(path)], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    engine = create_engine(f"sqlite:///{tmp_path / 'kaohe.db'}")
    with engine.connect() as connection:
        counts = [
            connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("unit", "officer", "role_assignment")
        ]
    engine.dispose()
    assert counts == [3, 3, 3]
