"""Documents, their versions, who accepted which, and who may sign. The database keeps what was published and what was signed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model

ONE_DRAFT = "agreements_one_draft"


class Document(Model):
    """What both sides sign, or what is only published: one text with a history of versions, for all programs or for one."""

    class Kind(models.TextChoices):
        CHARTER = "charter", _("Charter")
        PARTNER_AGREEMENT = "partner_agreement", _("Partner agreement")
        RULES_OF_ENGAGEMENT = "rules_of_engagement", _("Rules of engagement")
        DATA_PROCESSING = "data_processing", _("Data processing terms")
        OTHER = "other", _("Other")

    code = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=Kind)
    own_kind = models.CharField(max_length=60, blank=True)
    program = models.ForeignKey("partners.Program", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    notice_days = models.PositiveSmallIntegerField(default=30)
    needs_signature = models.BooleanField(default=True)
    needs_countersignature = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    signer_roles = ArrayField(models.CharField(max_length=24), default=list)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("title", "kind", "own_kind", "notice_days", "needs_signature", "needs_countersignature", "is_public", "signer_roles", "retired_at")

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.UniqueConstraint(fields=["code"], name="agreements_one_document_per_code"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9][a-z0-9-]*$"), name="agreements_code_is_a_code"),
            models.CheckConstraint(
                condition=Q(kind__in=["charter", "partner_agreement", "rules_of_engagement", "data_processing", "other"]), name="agreements_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(kind="other") | ~Q(own_kind=""), name="agreements_own_kind_has_a_name"),
            models.CheckConstraint(condition=Q(notice_days__lte=365), name="agreements_notice_is_a_year_at_most"),
        ]

    def __str__(self) -> str:
        return self.title


class Version(Model):
    """One text of a document. A draft can change; from publication on nothing changes, it can only be withdrawn before it takes effect."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.PositiveIntegerField(null=True)
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=200_000)
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)
    effective_at = models.DateTimeField(null=True)
    notice_days = models.PositiveSmallIntegerField(default=0)
    grace_days = models.PositiveSmallIntegerField(default=14)
    needs_reacceptance = models.BooleanField(default=True)
    blocks = ArrayField(models.CharField(max_length=10), default=list)
    revision = models.PositiveIntegerField(default=1)
    drafted_by = models.UUIDField(null=True)
    published_by = models.UUIDField(null=True)
    published_by_name = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)

    snapshot_leaves_out = ("text", "revision")
    audit_shared = ("state", "number", "title", "sha256", "note", "effective_at", "notice_days", "grace_days", "needs_reacceptance", "blocks")

    class Meta:
        verbose_name = _("agreement version")
        constraints = [
            models.UniqueConstraint(fields=["document"], condition=Q(state="draft"), name=ONE_DRAFT),
            models.UniqueConstraint(fields=["document", "number"], name="agreements_one_number"),
            models.UniqueConstraint(fields=["id", "document"], name="agreements_version_and_document"),
            models.CheckConstraint(
                condition=Q(state="draft", number=None, published_at=None)
                | Q(~Q(state="draft"), number__isnull=False, effective_at__isnull=False, published_at__isnull=False),
                name="agreements_drafts_have_no_number",
            ),
            models.CheckConstraint(
                condition=Q(blocks__contained_by=["deals", "leads", "funds", "payouts"]),
                name="agreements_blocks_are_known",
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="agreements_hash_is_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}" if self.number else self.title


class Acceptance(Model):
    """One version put before one partner: sent, then accepted or declined, or overtaken by a later one. A signature is never edited."""

    class Status(models.TextChoices):
        SENT = "sent", _("Waits for a signature")
        DECLINED = "declined", _("Declined")
        ACCEPTED = "accepted", _("Signed")
        SUPERSEDED = "superseded", _("Overtaken")
        EXPIRED = "expired", _("No longer asked")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="acceptances")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="acceptances")
    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.SENT)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)

    signed_at = models.DateTimeField(null=True)
    signed_by = models.UUIDField(null=True)
    signer_account = models.CharField(max_length=320, blank=True)
    signed_name = models.CharField(max_length=120, blank=True)
    signed_title = models.CharField(max_length=120, blank=True)
    signed_for = models.CharField(max_length=200, blank=True)
    strokes = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    event_id = models.UUIDField(null=True)

    declined_at = models.DateTimeField(null=True)
    declined_by_name = models.CharField(max_length=200, blank=True)
    decline_reason = models.CharField(max_length=1000, blank=True)

    countersigned_at = models.DateTimeField(null=True)
    countersigned_by = models.UUIDField(null=True)
    countersigned_name = models.CharField(max_length=120, blank=True)
    countersigned_title = models.CharField(max_length=120, blank=True)
    countersign_event_id = models.UUIDField(null=True)

    snapshot_leaves_out = ("strokes", "event_id", "countersign_event_id", "reminded_at")
    audit_shared = (
        "status", "signed_at", "signed_name", "signed_title", "sha256", "fingerprint", "due_at", "declined_at", "decline_reason",
        "countersigned_at", "countersigned_name", "countersigned_title",
    )  # fmt: skip

    class Meta:
        verbose_name = _("acceptance")
        constraints = [
            models.UniqueConstraint(fields=["version", "partner"], name="agreements_one_acceptance_per_partner"),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(signed_at__isnull=False, signed_by__isnull=False, event_id__isnull=False, sha256__regex=r"^[0-9a-f]{64}$") & ~Q(signed_name=""),
                name="agreements_accepted_is_signed",
            ),
            models.CheckConstraint(condition=~Q(status="declined") | ~Q(decline_reason=""), name="agreements_declined_says_why"),
            models.CheckConstraint(condition=Q(countersigned_at=None) | Q(status="accepted"), name="agreements_countersigned_after_signed"),
            models.CheckConstraint(condition=Q(due_at__gte=F("asked_at")), name="agreements_due_after_asked"),
        ]
        indexes = [
            models.Index(fields=["partner", "status"], name="agreements_partner_status"),
            models.Index(fields=["status", "due_at"], name="agreements_status_due"),
            models.Index(fields=["document", "status"], name="agreements_document_status"),
            models.Index(fields=["document"], condition=Q(status="accepted", countersigned_at=None), name="agreements_not_countersigned"),
        ]

    def __str__(self) -> str:
        return str(self.version)


class Signatory(Model):
    """A person whom a partner's administrator named to sign for the company."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    named_by_name = models.CharField(max_length=200, blank=True)

    audit_shared = ("user_id",)

    class Meta:
        verbose_name = _("signatory")
        constraints = [models.UniqueConstraint(fields=["partner", "user"], name="agreements_named_once")]

    def __str__(self) -> str:
        return str(self.user)
