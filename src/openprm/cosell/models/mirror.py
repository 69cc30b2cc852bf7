"""Each side's own CRM record, and the read-only mirror of what it shares (L5)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from openprm.cosell.models.engagement import Engagement
from openprm.cosell.models.fields import PARTY
from openprm.kernel.models import Model


class Record(Model):
    """One side's own record, for its eyes alone. `fields_out` names what it shares, `fields_in` what it wants to read of others."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(**PARTY)
    system = models.CharField(max_length=60, blank=True)
    values = models.JSONField(default=dict, blank=True)
    fields_out = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    fields_in = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("CRM record")
        constraints = [models.UniqueConstraint(fields=["engagement", "party"], name="record_once_per_side")]

    def __str__(self) -> str:
        return self.engagement.number


class Mirror(Model):
    """The shared fields of a record as the other sides read them. Written together with the record, never by hand."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(**PARTY)
    system = models.CharField(max_length=60, blank=True)
    values = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mirror of a CRM record")
        constraints = [models.UniqueConstraint(fields=["engagement", "party"], name="mirror_once_per_side")]

    def __str__(self) -> str:
        return self.engagement.number


class MirrorRead(Model):
    """Somebody of another side read a mirror: who, when, which fields. Once for each person and state of the mirror."""

    engagement = models.ForeignKey(Engagement, on_delete=models.DO_NOTHING, related_name="+")
    party = models.ForeignKey(**{**PARTY, "on_delete": models.DO_NOTHING})
    reader_party = models.ForeignKey(**{**PARTY, "on_delete": models.DO_NOTHING})
    reader_id = models.UUIDField()
    reader_name = models.CharField(max_length=120)
    fields = ArrayField(models.CharField(max_length=20), default=list)
    mirror_changed_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of a mirror")
        constraints = [models.UniqueConstraint(fields=["engagement", "party", "reader_id", "mirror_changed_at"], name="mirror_read_once")]
        indexes = [models.Index("engagement", "party", F("at").desc(), name="mirror_read_newest")]
