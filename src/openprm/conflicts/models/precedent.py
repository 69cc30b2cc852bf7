"""A decided case without its names: what both sides may read and cite."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.conflicts.models.case import PERSON, ConflictCase, one_of
from openprm.conflicts.rules.lifecycle import CaseType, Finding
from openprm.conflicts.wording import FINDING, TYPE, choices_of
from openprm.kernel.models import Model


class Precedent(Model):
    """`case` is for the vendor; a partner reads a published row through queries that leave it out."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    number = models.CharField(max_length=24, unique=True, null=True, blank=True)
    case = models.OneToOneField(ConflictCase, on_delete=models.DO_NOTHING, related_name="precedent")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    type = models.CharField(max_length=20, choices=choices_of(TYPE))
    finding = models.CharField(max_length=10, choices=choices_of(FINDING))
    clause = models.CharField(max_length=60)
    clause_text = models.TextField(max_length=4000, blank=True)
    clause_source = models.CharField(max_length=160, blank=True)
    title = models.CharField(max_length=160)
    what_happened = models.TextField(max_length=8000)
    reasons = models.TextField(max_length=8000)
    would_change = models.TextField(max_length=2000, blank=True)
    remedies = models.JSONField(default=list, blank=True)
    region = models.CharField(max_length=40, blank=True)
    amount_band = models.CharField(max_length=60, blank=True)
    appeal_result = models.CharField(max_length=10, blank=True)
    decided_month = models.DateField()
    days = models.PositiveSmallIntegerField(default=0)
    prepared_by = models.ForeignKey(**PERSON)
    checked_by = models.ForeignKey(**PERSON)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    words = models.GeneratedField(
        expression=SearchVector("title", "what_happened", "reasons", "clause", "clause_text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    snapshot_leaves_out = ("version",)

    class Meta:
        verbose_name = _("precedent")
        constraints = [
            one_of("type", CaseType, "precedent_type_is_known"),
            one_of("finding", Finding, "precedent_finding_is_known"),
            models.CheckConstraint(condition=Q(state="draft") | Q(published_at__isnull=False, number__isnull=False), name="published_precedent_is_dated"),
            models.CheckConstraint(condition=~Q(state="published") | Q(checked_by__isnull=False), name="precedent_is_checked_by_a_person"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="precedent_words"),
            models.Index("type", "finding", condition=Q(state="published"), name="precedent_by_type"),
            models.Index(F("published_at").desc(), F("id").desc(), condition=Q(state="published"), name="precedent_newest"),
        ]

    def __str__(self) -> str:
        return self.number or self.title
