"""A claim from submission to archive, with everything the engine offers in one diagram."""

from __future__ import annotations

from kaohe_flow.workflow.engine.port import Value
from tests.workflow.engine.drawings import boundary, diagram, extension, message, multi, node, table, timer

NODES = (
    node("start", "s", name="开始")
    + node(
        "user", "submit", name="填报", camunda__candidateGroups="officer@subject", camunda__formKey="claim"
    )
    + boundary("cutoff", "submit", timer("timeDate", "${deadline}"))
    + node("service", "zero", camunda__topic="zero_score")
    + node(
        "user",
        "complete_check",
        name="内勤核对",
        camunda__candidateGroups="unit_admin@unit",
        camunda__dueDate="workdays(2)",
    )
    + boundary("urge_check", "complete_check", timer("timeCycle", "R3/P1D"), interrupting=False)
    + boundary("withdraw", "complete_check", message("m_withdraw"))
    + node("service", "urge", camunda__topic="urge")
    + node("xor", "checked")
    + node(
        "user",
        "review",
        name="归口审核",
        camunda__candidateGroups="line_reviewer@level2",
        camunda__dueDate="workdays(3)",
    )
    + boundary("climb", "review", timer("timeDuration", "P3D"), interrupting=False)
    + node("service", "escalate", camunda__topic="climb")
    + node("xor", "reviewed", default="to_score")
    + node("decision", "score", camunda__decisionRef="points")
    + node("user", "sign", multi(collection="signers", variable="signer", until="agree = false"), name="会签")
    + node("xor", "signed", default="signed-publish")
    + node(
        "service",
        "publish",
        extension(inputs={"text": "公示", "points": "= points"}),
        camunda__topic="publish",
    )
    + node("user", "window", name="复议窗口")
    + boundary("closed", "window", timer("timeDuration", "P5D"))
    + node("xor", "contested", default="contested-archive")
    + node("call", "appeal", calledElement="appeal_review", name="复议")
    + node("service", "archive", camunda__topic="archive")
    + "".join(node("end", own) for own in ("done", "urged", "zeroed"))
)
FLOWS = """
s -> submit
submit -> complete_check
cutoff -> zero
zero -> zeroed
urge_check -> urge
urge -> urged
withdraw -> submit
complete_check -> checked
checked -> submit : decision = "reject"
checked -> review : decision != "reject"
climb -> escalate
escalate -> urged
review -> reviewed
reviewed -> submit : decision = "reject"
to_score = reviewed -> score
score -> sign
sign -> signed
signed -> review : agree = false
signed -> publish
publish -> window
closed -> archive
window -> contested
contested -> appeal : appeal
contested -> archive
appeal -> archive
archive -> done
"""
LIFECYCLE = diagram(NODES, FLOWS, key="lifecycle", messages=("withdraw",), limits={"review_days": "3"})

APPEAL = diagram(
    node("start", "s")
    + node("user", "decide", name="复核")
    + boundary("silent", "decide", timer("timeDuration", "P7D"))
    + node("service", "climb", camunda__topic="climb")
    + node("xor", "g", default="g-e")
    + node("xor", "h", default="h-e")
    + node("end", "e"),
    """
s -> decide
decide -> g
silent -> climb
g -> climb : outcome = "climb" and rung < 5
g -> e
climb -> h
h -> decide : rung < 5
h -> e
""",
    key="appeal_review",
)

SCORE = table(
    "points",
    ("amount",),
    ("points",),
    (("< 6", "0"), ("[6..10)", "base * coef"), (">= 10", "base * coef * 1.5")),
)

VARIABLES: dict[str, Value] = {
    "case_key": "claim-2025-000123",
    "indicator": 1017,
    "line": "xz",
    "deadline": "2025-12-25T23:59:59+08:00",
    "signers": ["officer@11", "officer@12", "officer@13"],
    "base": 5,
    "coef": 1,
    "amount": 0,
    "rung": 2,
    "outcome": "",
    "agree": True,
    "appeal": False,
}
