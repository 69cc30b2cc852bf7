"""What was decided, what followed, and the one appeal."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.conflicts.models.case import ORGANIZATION, PERSON, ConflictCase, one_of
from openprm.conflicts.rules.lifecycle import APPEAL, DECISION, AppealResult, Finding
from openprm.conflicts.wording import APPEAL_RESULT, FINDING, choices_of
from openprm.kernel.models import Model


class Appeal(Model):
    """A party's one objection. A second reviewer answers it by a ruling of its own."""

    case = models.OneToOneField(ConflictCase, on_delete=models.DO_NOTHING, related_name="appeal")
    partner = models.ForeignKey(**ORGANIZATION)
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120)
    text = models.TextField(max_length=8000)
    filed_at = models.DateTimeField()
    reviewer = models.ForeignKey(**PERSON)
    result = models.CharField(max_length=10, choices=choices_of(APPEAL_RESULT), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("appeal")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_why"),
            one_of("result", AppealResult, "appeal_result_is_known", blank=True),
        ]

    def __str__(self) -> str:
        return str(self.case)


class Ruling(Model):
    """One decision, frozen as it was taken: reasons, clause with its words, and what would have changed it."""

    case = models.ForeignKey(ConflictCase, on_delete=models.DO_NOTHING, related_name="rulings")
    kind = models.CharField(max_length=10, choices=((DECISION, _("Decision")), (APPEAL, _("Decision on the appeal"))))
    round = models.PositiveSmallIntegerField()
    finding = models.CharField(max_length=10, choices=choices_of(FINDING))
    appeal_result = models.CharField(max_length=10, choices=choices_of(APPEAL_RESULT), blank=True)
    reasons = models.TextField(max_length=8000)
    would_change = models.TextField(max_length=2000)
    clause = models.CharField(max_length=60)
    clause_text = models.TextField(max_length=4000, blank=True)
    clause_source = models.CharField(max_length=160, blank=True)
    clause_kind = models.CharField(max_length=60)
    clause_version_id = models.UUIDField(null=True, blank=True)
    clause_version = models.PositiveIntegerField(null=True, blank=True)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    audit_shared = ("kind", "round", "finding", "appeal_result", "reasons", "would_change", "clause", "clause_text", "clause_source")

    class Meta:
        verbose_name = _("ruling")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "round"], name="one_ruling_per_round"),
            one_of("finding", Finding, "ruling_finding_is_known"),
            one_of("appeal_result", AppealResult, "ruling_result_is_known", blank=True),
            models.CheckConstraint(condition=~Q(reasons="") & ~Q(would_change="") & ~Q(clause=""), name="ruling_gives_reasons"),
            models.CheckConstraint(condition=Q(kind=DECISION, appeal_result="") | (Q(kind=APPEAL) & ~Q(appeal_result="")), name="ruling_fits_its_kind"),
        ]
        indexes = [models.Index("case", "at", name="ruling_of_case")]


class Remedy(Model):
    """What followed a ruling or a late answer, by which clause of the published table, and what was done."""

    case = models.ForeignKey(ConflictCase, on_delete=models.DO_NOTHING, related_name="remedies")
    ruling = models.ForeignKey(Ruling, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="remedies")
    partner = models.ForeignKey(**ORGANIZATION)
    code = models.CharField(max_length=24)
    days = models.PositiveSmallIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    clause = models.CharField(max_length=60)
    clause_text = models.TextField(max_length=2000, blank=True)
    rule_kind = models.CharField(max_length=60)
    rule_version_id = models.UUIDField(null=True, blank=True)
    done = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("remedy")
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="remedy_share_is_a_percentage")]
        indexes = [models.Index("case", "at", name="remedy_of_case")]
