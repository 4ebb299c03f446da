"""Diagrams: the catalogue, each version's drawing, and deploying a changed one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.web.common.attachments import posted
from kaohe_flow.web.common.casefile import course, diagram_url
from kaohe_flow.web.common.policy import allow, holding, signed_in
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.process.words import decisions, until, who
from kaohe_flow.workflow.deployment import queries
from kaohe_flow.workflow.deployment.commands import deploy
from kaohe_flow.workflow.diagram.rules import by_decision
from kaohe_flow.workflow.instance import queries as running

bp = Blueprint("process", __name__, url_prefix="/processes")
process_owners: Final = holding("sysadmin")


@bp.get("/")
@allow(signed_in)
def catalogue() -> ResponseReturnValue:
    """All diagrams with their versions."""
    deployments = queries.catalogue(reading())
    newest = {deployment.key: deployment.id for deployment in reversed(deployments)}
    return render_template(
        "process/catalogue.html",
        deployments=deployments,
        newest=set(newest.values()),
        names={deployment.id: f"{deployment.name} 第 {deployment.version} 版" for deployment in deployments},
        may_deploy=process_owners(actor()),
        stuck=running.standing_still(reading()) if process_owners(actor()) else (),
    )


@bp.get("/incidents/<int:instance_id>")
@allow(process_owners)
def incident(instance_id: int) -> ResponseReturnValue:
    """Where a case stands still and why; not what it is about, which is for those who handle it."""
    session = reading()
    instance = running.stuck(session, instance_id)
    lines = running.history(session, instance.id)
    return render_template(
        "process/incident.html",
        instance=instance,
        deployment=queries.one(session, instance.deployment_id),
        course=course(session, instance, now()),
        diagram_src=diagram_url(instance),
        since=next((line.at for line in reversed(lines) if line.kind == "incident"), None),
        lines=[line for line in lines if line.step_name and line.kind != "message"],
    )


@bp.get("/<int:deployment_id>")
@allow(signed_in)
def show(deployment_id: int) -> ResponseReturnValue:
    """One version: its drawing and its steps in words."""
    process = queries.process(reading(), deployment_id)
    return render_template(
        "process/show.html",
        deployment=queries.one(reading(), deployment_id),
        steps=[
            (step, who(step.candidates), until(step.due, process.limits), decisions(step))
            for step in process.steps.values()
            if step.kind == "user"
        ],
        limits=process.limits,
        may_deploy=process_owners(actor()),
    )


@bp.get("/<int:deployment_id>/diagram.bpmn")
@allow(signed_in)
def diagram(deployment_id: int) -> ResponseReturnValue:
    """One version as XML; it never changes, so browsers may keep it."""
    deployment = queries.one(reading(), deployment_id)
    response = Response(deployment.bpmn, mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    name = f"{deployment.key}_v{deployment.version}.bpmn"
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


@bp.get("/deployment")
@allow(process_owners)
def upload() -> ResponseReturnValue:
    """The form for a changed diagram."""
    return render_template("process/upload.html", faults=(), typed_note="")


@bp.post("/deployment")
@allow(process_owners)
def create() -> ResponseReturnValue:
    """Check and deploy; every fault is listed at once and nothing is stored."""
    files = posted()
    diagrams = [file.content for file in files if not file.name.endswith(".dmn")]
    tables = by_decision([(file.name, file.content) for file in files if file.name.endswith(".dmn")])
    note = request.form.get("note", "").strip()
    try:
        if len(diagrams) != 1 or not note:
            raise InvalidInput(problems=(Problem("", "请选择一个 .bpmn 文件，并填写发布说明"),))
        with acting() as work:
            made, findings = deploy(work, diagrams[0], decisions=tables, note=note)
            location = answered(work, url_for(".show", deployment_id=made.id))
    except InvalidInput as error:
        faults = error.problems or (Problem("", str(error)),)
        page = render_template("process/upload.html", faults=faults, typed_note=note)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    for finding in findings:
        flash(f"提醒 {finding.where}：{finding.text}", "warn")
    flash(f"已发布 {made.name} 第 {made.version} 版，新办件自现在起使用", "ok")
    return go(location)
