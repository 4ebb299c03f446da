"""One deed of a script through the product's own commands, as the pages call them."""

from __future__ import annotations

from kaohe_flow.casework.submission import commands, queries
from kaohe_flow.demo.bulk.script import Act, Deed, Script
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.workflow.instance import queries as running


def play(work: Work, files: FileStore, script: Script, act: Act, claim_id: int) -> int:
    """Do one deed; returns the id of the claim, which filing makes (``claim_id`` is 0 before)."""
    assert (work.actor, work.now) == (act.actor, act.at)
    match act.deed:
        case Deed.FILE:
            return _file(work, files, script, act)
        case Deed.FIX:
            _fix(work, files, act, claim_id)
        case Deed.GIVE_UP:
            commands.give_up(work, claim_id, _task(work, claim_id))
        case Deed.WITHDRAW:
            commands.withdraw(work, claim_id)
        case _:
            assert act.finding is not None
            commands.review(work, _task(work, claim_id), act.finding)
    return claim_id


def _file(work: Work, files: FileStore, script: Script, act: Act) -> int:
    assert act.content is not None
    claim = commands.draft(work, script.task.assignment_id, act.content)
    attachments.attach(work, files, claim.case_key, list(act.files))
    commands.submit(work, claim.id)
    return claim.id


def _fix(work: Work, files: FileStore, act: Act, claim_id: int) -> None:
    assert act.content is not None
    claim = commands.revise(work, claim_id, act.content)
    attachments.attach(work, files, claim.case_key, list(act.files))
    commands.resubmit(work, claim_id, _task(work, claim_id))


def _task(work: Work, claim_id: int) -> int:
    instance = running.of_case(work.session, queries.one(work.session, claim_id).case_key)
    assert instance is not None
    (waiting,) = running.open_tasks(work.session, instance.id)
    return waiting.id
