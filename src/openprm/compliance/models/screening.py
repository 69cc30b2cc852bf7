"""Sanctions lists as they were imported, and what was screened against which of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.compliance.models.cases import KEPT, PERSON, RiskCase
from openprm.kernel.models import Model

SOURCES = {"ofac_sdn": _("OFAC SDN"), "eu": _("EU consolidated list"), "un": _("UN Security Council"), "own": _("Own list")}


class SanctionsList(Model):
    """One file of one source on one day. A newer one of the same source and name takes its place; it stays as evidence."""

    source = models.CharField(max_length=10, choices=SOURCES.items())
    name = models.CharField(max_length=80, blank=True)
    list_date = models.DateField()
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    entries_count = models.PositiveIntegerField()
    names_count = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(**PERSON)

    class Meta:
        verbose_name = _("sanctions list")
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], condition=Q(is_current=True), name="one_current_list_per_source"),
            models.UniqueConstraint(fields=["source", "name", "sha256"], name="list_file_once"),
        ]

    def __str__(self) -> str:
        return f"{SOURCES[self.source]} {self.name}".strip()


class SanctionsEntry(Model):
    sanctions_list = models.ForeignKey(SanctionsList, on_delete=models.CASCADE, related_name="entries")
    ref = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    names = ArrayField(models.CharField(max_length=300))
    countries = ArrayField(models.CharField(max_length=2), default=list)
    birth_years = ArrayField(models.PositiveSmallIntegerField(), default=list)
    programs = ArrayField(models.CharField(max_length=60), default=list)
    remarks = models.TextField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("entry of a sanctions list")
        constraints = [models.UniqueConstraint(fields=["sanctions_list", "ref"], name="entry_once_per_list")]


class ScreeningRun(Model):
    """Proof that these names were looked up in these lists at this moment, and what came of it."""

    partner = models.ForeignKey(**KEPT)
    case = models.ForeignKey(RiskCase, on_delete=models.DO_NOTHING, related_name="screenings")
    cycle = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(**PERSON)
    trigger = models.CharField(max_length=10, choices=(("case", _("Case")), ("person", _("Person")), ("list", _("New list"))))
    lists = models.JSONField(default=list)
    names = models.JSONField(default=list)
    threshold = models.PositiveSmallIntegerField()
    hits = models.PositiveSmallIntegerField()
    new_hits = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("screening")
        indexes = [models.Index("case", F("at").desc(), name="screening_of_case")]
