"""What promises lend to analysis: every clock, with when it was due and answered."""

from openprm.analytics.datasets import Dataset

CLOCKS = Dataset(
    name="promises.clocks",
    about="Clocks of promises; a paused clock waits for the other side, a canceled one does not count.",
    columns={
        "id": "uuid", "code": "text", "partner_id": "uuid", "program_id": "uuid", "label": "text", "state": "text", "started_at": "moment", "due_at": "moment",
        "answered_at": "moment", "missed_at": "moment", "taken_seconds": "int",
    },
    sql="""
select id, code, partner_id, program_id, subject_label, state, started_at, due_at, answered_at, missed_at, taken_seconds from promises_clock
""",
)  # fmt: skip
DATASETS = (CLOCKS,)
