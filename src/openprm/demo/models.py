"""Whether the demo stands."""

from django.db import models

from openprm.kernel.models import Model


class Load(Model):
    """One demo that was loaded to its end, and what was played, counted by name."""

    until = models.DateTimeField()
    vendor_user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    partner_user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    tally = models.JSONField(default=dict)

    class Meta:
        verbose_name = "demo"

    def __str__(self) -> str:
        return f"Demo until {self.until:%Y-%m-%d}"
