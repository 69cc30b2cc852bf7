"""The welcome kit of a program, to whom it was delivered, and who opened it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.onboarding.models.fields import PARTNER, PERSON


class Kit(Model):
    """What a new partner of a program is welcomed with. `links` are {"label", "url"} pairs."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    message = models.TextField(max_length=3000)
    course_title = models.CharField(max_length=120, blank=True)
    course_about = models.CharField(max_length=500, blank=True)
    course_url = models.CharField(max_length=300, blank=True)
    logins = models.TextField(max_length=1000, blank=True)
    links = models.JSONField(default=list, blank=True)
    contacts = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("welcome kit")

    def __str__(self) -> str:
        return self.title


class KitDelivery(Model):
    kit = models.ForeignKey(Kit, on_delete=models.CASCADE, related_name="deliveries")
    partner = models.ForeignKey(**PARTNER)
    delivered_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delivery of a welcome kit")
        constraints = [
            models.UniqueConstraint(fields=["kit", "partner"], name="one_kit_per_partner"),
            models.UniqueConstraint(fields=["id", "partner"], name="kit_delivery_id_and_partner"),
        ]

    def __str__(self) -> str:
        return str(self.kit)


class KitOpening(Model):
    """One person of the partner: told by mail at `mailed_at`, read the page at `opened_at`."""

    delivery = models.ForeignKey(KitDelivery, on_delete=models.CASCADE, related_name="openings")
    partner = models.ForeignKey(**PARTNER)
    user = models.ForeignKey(**PERSON)
    name = models.CharField(max_length=120, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("opening of a welcome kit")
        constraints = [models.UniqueConstraint(fields=["delivery", "user"], name="one_opening_per_person")]
