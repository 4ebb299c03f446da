"""Write the tables of the reference pages from the code: ``python docs/reference/make_tables.py``.

What stands between ``<!-- table: name -->`` and ``<!-- end -->`` is replaced; the rest is written by hand.
The tests call ``render`` and compare.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

import click

import kaohe_flow
from kaohe_flow.cli import cli
from kaohe_flow.kernel.errors import Conflict, InvalidInput, KaoheError, NotAllowed, NotFound, RuleBroken
from kaohe_flow.settings import Settings
from kaohe_flow.web.common.errors import STATUS, status_of

FOLDER: Final = Path(__file__).parent
TABLE: Final = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
ROOTS: Final = (KaoheError, NotFound, NotAllowed, Conflict, RuleBroken, InvalidInput)
AREAS: Final = {
    "kernel": "通用",
    "records": "档案",
    "organization": "机构与账号",
    "workflow": "流程",
    "scheme": "方案、指标与考核期",
    "scorebook": "记分",
    "casework": "办理",
    "results": "结果",
    "web": "页面",
    "jobs": "后台",
    "settings": "启动",
}


def errors() -> list[type[KaoheError]]:
    """Every failure of the package that has a code of its own, by area, then by code."""
    for module in pkgutil.walk_packages(kaohe_flow.__path__, "kaohe_flow."):
        if not module.name.endswith((".wsgi", ".__main__")):
            importlib.import_module(module.name)
    own = {kind for kind in _below(KaoheError) if "code" in vars(kind) and _area(kind) in AREAS}
    order = list(AREAS)
    return sorted({KaoheError, *own}, key=lambda kind: (order.index(_area(kind)), kind.code))


def _below(kind: type[KaoheError]) -> Iterator[type[KaoheError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _area(kind: type[KaoheError]) -> str:
    return kind.__module__.split(".")[1]


def status(kind: type[KaoheError]) -> int:
    """The HTTP status a page answers with."""
    return int(next((code for root, code in STATUS if issubclass(kind, root)), status_of(KaoheError())))


def error_table() -> Iterator[str]:
    """One table per area."""
    rows = errors()
    for area, title in AREAS.items():
        found = [kind for kind in rows if _area(kind) == area]
        if found:
            yield f"\n### {title}\n"
            yield from table(
                ("代码", "提示", "HTTP"),
                [(f"`{kind.code}`", _sentence(kind.message), str(status(kind))) for kind in found],
            )


def _sentence(message: str) -> str:
    """A message with its fields shown as code."""
    return re.sub(r"〈?\{(\w+)[^{}]*\}〉?", r"〈\1〉", message).replace("|", "\\|").replace("\n", " ")


def setting_table() -> Iterator[str]:
    """Every setting of ``settings.py``."""
    rows = [
        (f"`{one.metadata['env']}`", one.metadata["meaning"], _default(one.default))
        for one in fields(Settings)
    ]
    yield from table(("环境变量", "意思", "缺省"), rows)


def _default(value: object) -> str:
    return f"`{int(value) if isinstance(value, bool) else value}`" if value != "" else "无"


def command_table() -> Iterator[str]:
    """Every command with its arguments and options."""
    for path, command in sorted(commands(cli, ("kaohe",))):
        yield f"\n### `{' '.join(path)}`\n"
        yield (command.help or "").strip().split("\n")[0].rstrip() + "\n"
        rows = [row for parameter in command.params if (row := _parameter(parameter)) is not None]
        if rows:
            yield from table(("参数", "意思", "缺省"), rows)


def commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands below a group, with the words that call them."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def _parameter(parameter: click.Parameter) -> tuple[str, str, str] | None:
    if isinstance(parameter, click.Argument):
        more = "…" if parameter.nargs == -1 else ""
        return f"`{(parameter.name or '').upper()}{more}`", "必填" if parameter.required else "", ""
    assert isinstance(parameter, click.Option)
    words = parameter.help or ""
    if isinstance(parameter.type, click.Choice):
        choices = "、".join(f"`{one}`" for one in parameter.type.choices)
        words = f"{words}，可选 {choices}".removeprefix("，")
    if parameter.required:
        words += "（必填）"
    shows = isinstance(parameter.default, str | int) and not parameter.is_flag and parameter.default != ""
    return f"`{parameter.opts[0]}`", words, f"`{parameter.default}`" if shows else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


TABLES: Final = {"errors": error_table, "settings": setting_table, "commands": command_table}
PAGES: Final = ("errors.md", "settings.md", "cli.md")


def render(text: str) -> str:
    """A page with its tables as the code has them."""
    return TABLE.sub(lambda found: found[1] + "\n".join(TABLES[found[2]]()) + "\n" + found[3], text)


def main() -> None:
    """Rewrite the pages."""
    for page in PAGES:
        path = FOLDER / page
        path.write_text(render(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
