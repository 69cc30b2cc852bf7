"""How a program sells: its stages with their entry criteria, and the reasons for which its deals are lost."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.registration import PERSON
from openprm.kernel.models import Model


class SalesProcess(Model):
    """One published version. The latest one of a program is in force; without one the general one is, and without that the built-in one."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveIntegerField()
    stages = models.JSONField()
    entry = models.CharField(max_length=24)
    lost_reasons = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    publisher = models.ForeignKey(**PERSON)
    publisher_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("sales process")
        verbose_name_plural = _("sales processes")
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="process_once_per_number", nulls_distinct=False)]
        indexes = [models.Index("program", F("number").desc(), name="process_newest")]
