"""Every setting once: its environment variable, meaning, unit and default. Read at start, never later."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from kaohe_flow.kernel.errors import InvalidInput, Problem

MIN_SECRET = 32


class SettingsRefused(InvalidInput):
    """The configuration cannot be used; all problems are listed."""

    code = "settings-refused"
    message = "配置有误，系统没有启动"


def _setting(env: str, meaning: str, default: Any) -> Any:
    return field(default=default, metadata={"env": env, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where data lie, which database, how the door behaves."""

    data_dir: str = _setting("KAOHE_DATA_DIR", "数据目录：数据库文件、附件、密钥", "var")
    database_url: str = _setting("KAOHE_DATABASE_URL", "数据库地址；缺省为数据目录中的 SQLite 文件", "")
    secret_key: str = _setting(
        "KAOHE_SECRET_KEY", "会话与流程状态的密钥，至少 32 个字符；缺省自动生成并存入数据目录", ""
    )
    bureau: str = _setting("KAOHE_BUREAU", "单位名称，显示在页面左上角", "云澜市公安局")
    cookie_secure: bool = _setting("KAOHE_COOKIE_SECURE", "只在 HTTPS 下发送会话 Cookie（1 开，0 关）", False)
    proxies: int = _setting(
        "KAOHE_PROXIES", "前面有几层反向代理；客户端地址取自它们的 X-Forwarded-For（0 表示直接访问）", 0
    )
    max_request_mb: int = _setting("KAOHE_MAX_REQUEST_MB", "单次请求上限（MB）", 64)
    tick_seconds: int = _setting("KAOHE_TICK_SECONDS", "定时扫描间隔（秒）", 15)

    @property
    def url(self) -> str:
        """The database URL, with the driver named."""
        url = self.database_url or f"sqlite:///{Path(self.data_dir).resolve() / 'kaohe.db'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def file_root(self) -> Path:
        """Folder of the attachment store."""
        return Path(self.data_dir).resolve() / "files"

    @property
    def state_key(self) -> bytes:
        """Key that seals stored engine state; derived, so that there is one secret to guard."""
        return sha256(b"kaohe-state\0" + self.secret_key.encode()).digest()


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings as the environment has them. Raises ``SettingsRefused`` listing every problem."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for setting in fields(Settings):
        text = environment.get(setting.metadata["env"])
        if text is not None:
            try:
                values[setting.name] = _read(setting.default, text)
            except ValueError:
                problems.append(Problem(setting.metadata["env"], f"不能识别的取值“{text}”"))
    settings = Settings(**values)
    if settings.secret_key and len(settings.secret_key) < MIN_SECRET:
        problems.append(Problem("KAOHE_SECRET_KEY", f"至少 {MIN_SECRET} 个字符"))
    if problems:
        raise SettingsRefused(problems=tuple(problems))
    if not settings.secret_key:
        settings = Settings(**{**values, "secret_key": _kept_secret(Path(settings.data_dir))})
    return settings


def _read(default: object, text: str) -> object:
    if isinstance(default, bool):
        if text not in {"0", "1"}:
            raise ValueError(text)
        return text == "1"
    return int(text) if isinstance(default, int) else text


def _kept_secret(data_dir: Path) -> str:
    """The secret of this installation: made once, kept beside the data, readable by its owner only."""
    path = data_dir / "secret.key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        data_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()


def bundle() -> Path:
    """Folder that holds ``bpmn/``, ``templates/`` and ``migrations/``: the checkout, else the wheel."""
    package = Path(__file__).parent
    checkout = package.parent
    return checkout if (checkout / "bpmn").is_dir() else package / "_bundle"
