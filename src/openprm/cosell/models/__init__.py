from openprm.cosell.models.engagement import ConnectionRule, Detail, Engagement, Invitation, Member, Share, Sight
from openprm.cosell.models.mirror import Mirror, MirrorRead, Record
from openprm.cosell.models.work import Document, Need, NextStep, Note, Task

__all__ = [
    "ConnectionRule",
    "Detail",
    "Document",
    "Engagement",
    "Invitation",
    "Member",
    "Mirror",
    "MirrorRead",
    "Need",
    "NextStep",
    "Note",
    "Record",
    "Share",
    "Sight",
    "Task",
]
