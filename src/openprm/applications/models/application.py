"""An application from its first line to its answer."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from openprm.applications.models.forms import FormVersion
from openprm.applications.rules.lifecycle import REAPPLY, REASONS, State
from openprm.applications.rules.matching import Strength
from openprm.kernel.models import Model

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
_ANSWERED = [State.APPROVED.value, State.REJECTED.value]


class NextApplicationNumber(Func):
    """'AP-000123' from a sequence."""

    template = "openprm_next_application_number()"
    arity = 0
    output_field = models.CharField()


class Application(Model):
    number = models.CharField(max_length=24, unique=True, db_default=NextApplicationNumber(), editable=False)
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=12, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)

    company_name = models.CharField(max_length=120)
    website = models.CharField(max_length=253, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    name_key = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    type = models.CharField(max_length=12)
    contact_name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    answers = models.JSONField(default=dict)
    reached_page = models.PositiveSmallIntegerField(default=1)

    source = models.CharField(max_length=60, default="direct")
    ref_code = models.CharField(max_length=40, blank=True)
    referral_id = models.UUIDField(null=True, blank=True)
    prospect_id = models.UUIDField(null=True, blank=True)
    network_address = models.GenericIPAddressField(null=True, blank=True)
    entered_by = models.ForeignKey(**PERSON)
    link_generation = models.PositiveSmallIntegerField(default=0)
    links_sent = models.PositiveSmallIntegerField(default=0)
    link_sent_at = models.DateTimeField(null=True, blank=True)

    started_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    score = models.PositiveSmallIntegerField(null=True, blank=True)
    could_reach = models.PositiveSmallIntegerField(null=True, blank=True)
    missing_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    score_detail = models.JSONField(default=dict)
    risk = models.CharField(max_length=6, blank=True)
    risk_detail = models.JSONField(default=dict)
    duplicate = models.CharField(max_length=8, default=Strength.NONE)
    decider = models.CharField(max_length=24, blank=True)

    clause = models.CharField(max_length=60, blank=True)
    clause_text = models.TextField(blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    rule_inputs = models.JSONField(default=dict)
    would_change = models.JSONField(default=list)

    asked_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    asked_message = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=32, blank=True)
    message = models.TextField(max_length=2000, blank=True)
    reapply = models.CharField(max_length=8, blank=True)
    reapply_from_date = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON)
    decided_by_rule = models.BooleanField(default=False)
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    snapshot_leaves_out = ("network_address", "answers", "score_detail", "risk_detail", "rule_inputs", "would_change", "link_generation", "links_sent")
    audit_shared = ("state", "decided_at", "submitted_at", "clause", "reason")

    class Meta:
        verbose_name = _("application")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="application_state_is_known"),
            models.CheckConstraint(condition=~Q(company_name="") & ~Q(contact_name="") & ~Q(email=""), name="application_names_its_company"),
            models.CheckConstraint(condition=Q(duplicate__in=[one.value for one in Strength]), name="application_duplicate_is_known"),
            models.CheckConstraint(condition=~Q(state="approved") | Q(partner__isnull=False), name="approved_application_has_a_partner"),
            models.CheckConstraint(condition=~Q(state="rejected") | Q(reason__in=REASONS, reapply__in=REAPPLY), name="rejected_application_says_why"),
            models.CheckConstraint(condition=~Q(state__in=_ANSWERED) | Q(decided_at__isnull=False), name="answered_application_has_a_date"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "unconfirmed", "withdrawn", "held"]) | Q(submitted_at__isnull=False), name="sent_application_has_a_date"
            ),
            models.UniqueConstraint(
                fields=["program", "domain"], condition=Q(state__in=["submitted", "returned"]) & ~Q(domain=""), name="one_open_application_per_company"
            ),
            models.UniqueConstraint(fields=["partner", "program"], condition=Q(state="approved"), name="one_approved_application_per_partner"),
        ]
        indexes = [
            models.Index(fields=["state", "-submitted_at"], name="application_state_sent"),
            models.Index(fields=["program", "source", "started_at"], name="application_program_source"),
            models.Index(fields=["domain"], name="application_domain"),
            models.Index(fields=["name_key"], name="application_name_key"),
            models.Index(fields=["email", "started_at"], name="application_email_started"),
            models.Index(fields=["network_address", "started_at"], name="application_address_started"),
        ]

    def __str__(self) -> str:
        return self.company_name


class Finding(Model):
    """A company on file that may be the applicant. For the vendor's eyes."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=12)
    subject_id = models.UUIDField()
    name = models.CharField(max_length=200)
    reason = models.CharField(max_length=20)
    strength = models.CharField(max_length=8)

    class Meta:
        verbose_name = _("finding")
        constraints = [models.UniqueConstraint(fields=["application", "kind", "subject_id"], name="one_finding_per_company")]


class Note(Model):
    """A remark of the vendor's people; the applicant never reads it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120)
    body = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("note")
        ordering = ["at", "id"]
