"""Certificates, verifications, and the files that prove them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.compliance.models.cases import PARTNER, PERSON, RiskCase
from openprm.compliance.models.questionnaires import Reply
from openprm.compliance.rules.cases import Proof
from openprm.kernel.models import Model

PROOF_KINDS = {"business": _("Business"), "registrant": _("Registrant")}
PROOF_STATES = {
    "started": _("Started"),
    "submitted": _("Submitted"),
    "review": _("Under review"),
    "approved": _("Approved"),
    "declined": _("Declined"),
    "resubmission": _("Asked for more"),
    "expired": _("Expired"),
}
BUSINESS_TYPES = {
    "company": _("Limited company"), "public": _("Listed company"), "partnership": _("Partnership"), "sole": _("Sole trader"), "nonprofit": _("Non-profit"),
    "government": _("Public body"),
}  # fmt: skip


class CertificateKind(Model):
    """A kind of certificate that partners may hold: ISO 27001, EcoVadis, or one of the vendor's own."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("kind of certificate")
        constraints = [models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9][a-z0-9-]*$"), name="certificate_kind_code_is_a_code")]

    def __str__(self) -> str:
        return self.name


class Certificate(Model):
    """A certificate of a partner. It counts once the vendor has verified it, until the end of its last day."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Waits for the vendor")
        VERIFIED = "verified", _("Verified")
        REJECTED = "rejected", _("Rejected")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    partner = models.ForeignKey(**PARTNER)
    kind = models.ForeignKey(CertificateKind, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=120, blank=True)
    issuer = models.CharField(max_length=200)
    level = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField()
    expires_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    submitted_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(**PERSON)
    note = models.TextField(max_length=2000, blank=True)
    valid_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reminded = models.JSONField(default=list, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("kind_id", "number", "issuer", "issued_on", "expires_on", "state", "note")

    class Meta:
        verbose_name = _("certificate")
        constraints = [
            models.CheckConstraint(condition=Q(expires_on__gt=F("issued_on")), name="certificate_expires_after_issue"),
            models.CheckConstraint(condition=~Q(state="verified") | Q(verified_at__isnull=False), name="verified_certificate_says_when"),
            models.CheckConstraint(condition=Q(state__in=["submitted", "verified", "rejected", "expired", "withdrawn"]), name="certificate_state_is_known"),
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="one_certificate_per_external_id"),
            models.UniqueConstraint(fields=["id", "partner"], name="certificate_id_and_partner"),
        ]
        indexes = [
            models.Index(fields=["partner", "kind", "state"], name="certificate_of_partner"),
            models.Index(fields=["state", "valid_until"], name="certificate_ends"),
        ]

    def __str__(self) -> str:
        return str(self.kind)


class Verification(Model):
    """Proof that a business, or the person who registers it, is who it says (C5)."""

    partner = models.ForeignKey(**PARTNER)
    kind = models.CharField(max_length=10, choices=PROOF_KINDS.items())
    state = models.CharField(max_length=12, choices=PROOF_STATES.items(), default=Proof.STARTED)
    legal_name = models.CharField(max_length=200, blank=True)
    business_type = models.CharField(max_length=12, choices=BUSINESS_TYPES.items(), blank=True)
    registration_number = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    position = models.CharField(max_length=120, blank=True)
    message = models.TextField(max_length=2000, blank=True)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON)
    approved_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("kind", "state", "legal_name", "business_type", "registration_number", "country", "position", "message", "approved_until")

    class Meta:
        verbose_name = _("verification")
        constraints = [
            models.UniqueConstraint(fields=["partner", "kind"], name="one_verification_per_kind"),
            models.UniqueConstraint(fields=["id", "partner"], name="verification_id_and_partner"),
            models.CheckConstraint(condition=Q(kind__in=list(PROOF_KINDS)), name="verification_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=[str(state) for state in Proof]), name="verification_state_is_known"),
            models.CheckConstraint(condition=~Q(state="approved") | Q(approved_until__isnull=False), name="approved_verification_says_until_when"),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="verification_waits")]

    def __str__(self) -> str:
        return str(PROOF_KINDS[self.kind])


class Document(Model):
    """A file about exactly one thing. What the vendor's people add to a case stays on their side."""

    partner = models.ForeignKey(**PARTNER)
    reply = models.ForeignKey(Reply, null=True, blank=True, on_delete=models.CASCADE, related_name="documents")
    certificate = models.ForeignKey(Certificate, null=True, blank=True, on_delete=models.CASCADE, related_name="documents")
    verification = models.ForeignKey(Verification, null=True, blank=True, on_delete=models.CASCADE, related_name="documents")
    case = models.ForeignKey(RiskCase, null=True, blank=True, on_delete=models.CASCADE, related_name="documents")
    question = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200, unique=True)
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField()

    audit_shared = ("name", "content_type", "size", "sha256")
    snapshot_leaves_out = ("storage_key",)

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.CheckConstraint(
                condition=Q(reply__isnull=False, certificate=None, verification=None, case=None)
                | Q(reply=None, certificate__isnull=False, verification=None, case=None)
                | Q(reply=None, certificate=None, verification__isnull=False, case=None)
                | Q(reply=None, certificate=None, verification=None, case__isnull=False),
                name="document_is_about_one_thing",
            )
        ]
