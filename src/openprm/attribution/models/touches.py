"""What partners did before deals were decided. A touch is never changed: a wrong one is struck, a right one may be verified."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from openprm.attribution.models.fields import ACCOUNT, PARTNER, one_of
from openprm.attribution.rules.words import Kind, Source
from openprm.kernel.models import Model

ONCE = "attribution_touch_once_per_source"


class Touch(Model):
    """`about` is the deal it was done for; `via` the lead or engagement it came by; `evidence` the event of the log, or the claim, behind it.

    `recorded_at` is when attribution learned of it: a run knows what was recorded by its day. `moved_at`: its account was merged into another.
    """

    partner = models.ForeignKey(**PARTNER)
    account = models.ForeignKey(**ACCOUNT)
    about = models.UUIDField(null=True, blank=True)
    via = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=16)
    source = models.CharField(max_length=10)
    source_key = models.CharField(max_length=160)
    evidence = models.UUIDField(null=True, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_reason = models.CharField(max_length=500, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)

    audit_shared = ("kind", "source", "summary", "occurred_at", "recorded_at", "verified_at", "struck_at", "struck_reason")

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        constraints = [
            one_of("kind", Kind, "attribution_touch_kind_known"),
            one_of("source", Source, "attribution_touch_source_known"),
            models.UniqueConstraint(fields=["source", "source_key"], condition=Q(struck_at=None), name=ONCE),
            models.CheckConstraint(condition=~Q(source_key=""), name="attribution_touch_has_a_source"),
            models.CheckConstraint(condition=Q(account__isnull=False) | Q(about__isnull=False) | Q(via__isnull=False), name="attribution_touch_is_somewhere"),
            models.CheckConstraint(condition=Q(occurred_at__lte=F("recorded_at")), name="attribution_touch_lies_in_the_past"),
        ]
        indexes = [
            models.Index("about", "occurred_at", condition=Q(about__isnull=False), name="attribution_touch_about"),
            models.Index("account", "occurred_at", condition=Q(account__isnull=False), name="attribution_touch_account"),
            models.Index("partner", F("occurred_at").desc(), F("id").desc(), name="attribution_touch_partner"),
            models.Index(F("occurred_at").desc(), F("id").desc(), name="attribution_touch_newest"),
            models.Index("via", condition=Q(via__isnull=False), name="attribution_touch_via"),
            models.Index(Greatest("recorded_at", "struck_at", "verified_at", "moved_at"), name="attribution_touch_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d}"


class Collected(Model):
    """Up to where one source was read."""

    source = models.CharField(max_length=60, unique=True)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("collected source")

    def __str__(self) -> str:
        return self.source
