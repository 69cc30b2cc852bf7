"""Help until the first deal is won, and the milestones a partner has reached."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.onboarding.models.fields import PARTNER, PERSON


class FirstDeal(Model):
    """The flag that stands from enrollment until the first deal is won. `manager_was_assigned`: by us, as nobody was there."""

    partner = models.OneToOneField("partners.Partner", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    won_at = models.DateTimeField(null=True, blank=True)
    manager_was_assigned = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("first deal")
        indexes = [models.Index(fields=["since"], condition=Q(won_at=None), name="first_deal_open")]

    def __str__(self) -> str:
        return str(self.partner)


class ReachedMilestone(Model):
    """Something that happened once, with the first time it did. Never changed."""

    partner = models.ForeignKey(**PARTNER)
    code = models.CharField(max_length=80)
    evidence = models.CharField(max_length=300, blank=True)
    refs = ArrayField(models.UUIDField(), default=list, blank=True)
    reached_at = models.DateTimeField()

    class Meta:
        verbose_name = _("milestone")
        constraints = [models.UniqueConstraint(fields=["partner", "code"], name="milestone_once_per_partner")]

    def __str__(self) -> str:
        return self.code


class Help(Model):
    """A question of a partner before its first deal, and the manager's answer."""

    partner = models.ForeignKey(**PARTNER)
    question = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(**PERSON)
    asked_by_name = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(**PERSON)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    audit_shared = ("question", "answer", "answered_at", "answered_by_name")

    class Meta:
        verbose_name = _("question")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")), name="help_is_answered_with_words"
            )
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(answered_at=None), name="help_open")]

    def __str__(self) -> str:
        return self.question[:80]
