"""What both sides say, what they show, and what the system itself knows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.conflicts.models.case import ORGANIZATION, PERSON, ConflictCase
from openprm.conflicts.rules.lifecycle import Side
from openprm.conflicts.wording import SIDE, choices_of
from openprm.kernel.models import Model

CASE = {"to": ConflictCase, "on_delete": models.DO_NOTHING, "related_name": "+"}
FACTS = ("protection", "registration", "decision", "rule", "activity", "touch", "territory", "prior")


class Party(Model):
    """One side of a case: a partner, or the vendor (`partner` is empty). The promise to speak runs on this row."""

    case = models.ForeignKey(ConflictCase, on_delete=models.DO_NOTHING, related_name="parties")
    side = models.CharField(max_length=10, choices=choices_of(SIDE))
    partner = models.ForeignKey(**ORGANIZATION, null=True, blank=True)
    spoke_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("side of a case")
        constraints = [
            models.UniqueConstraint(fields=["case", "side"], name="two_sides_per_case"),
            models.UniqueConstraint(fields=["id", "partner"], name="party_and_its_partner"),
            models.CheckConstraint(condition=Q(side__in=[str(side) for side in Side]), name="party_side_is_known"),
            models.CheckConstraint(condition=Q(side=Side.RESPONDENT) | Q(partner__isnull=False), name="a_partner_claims"),
        ]

    def __str__(self) -> str:
        return str(self.case)


class _Said(Model):
    """Something of one side, sealed until the case is revealed."""

    case = models.ForeignKey(ConflictCase, on_delete=models.DO_NOTHING, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.DO_NOTHING, related_name="%(class)ss")
    partner = models.ForeignKey(**ORGANIZATION, null=True, blank=True)
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120)
    said_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Statement(_Said):
    text = models.TextField(max_length=8000)

    audit_shared = ("said_at",)

    class Meta:
        verbose_name = _("statement")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="statement_says_something")]
        indexes = [models.Index("case", "said_at", name="statement_of_case")]


class Evidence(_Said):
    """A file. Its bytes lie in storage under `storage_key`; type and name come from its content."""

    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200, unique=True)

    snapshot_leaves_out = ("storage_key",)
    audit_shared = ("name", "size", "sha256")

    class Meta:
        verbose_name = _("evidence")
        constraints = [models.UniqueConstraint(fields=["party", "sha256"], name="evidence_once_per_side")]
        indexes = [models.Index("case", "said_at", name="evidence_of_case")]


class CaseFact(Model):
    """One thing the system knows, written once for each reader: the vendor's row (no `reader`) in full, a partner's row without the other."""

    case = models.ForeignKey(ConflictCase, on_delete=models.DO_NOTHING, related_name="facts")
    reader = models.ForeignKey(**ORGANIZATION, null=True, blank=True)
    kind = models.CharField(max_length=20)
    source_id = models.CharField(max_length=80)
    about = models.CharField(max_length=10, choices=choices_of(SIDE))
    happened_at = models.DateTimeField(null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("fact")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "source_id", "reader"], nulls_distinct=False, name="fact_once_per_reader"),
            models.CheckConstraint(condition=Q(kind__in=FACTS), name="fact_kind_is_known"),
        ]


class CaseNote(Model):
    """What the vendor's people write to each other. No partner ever reads it."""

    case = models.ForeignKey(ConflictCase, on_delete=models.DO_NOTHING, related_name="notes")
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120)
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("internal note")
        indexes = [models.Index("case", "written_at", name="case_note_of_case")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="case_note_says_something")]
