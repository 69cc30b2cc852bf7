"""How leads come in: web forms in versions, what strangers sent, the ground on which each person may be written to, CRM events."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.leads.rules.consent import Ground, Need

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}


class WebForm(Model):
    """A form that strangers fill in. What it shows stands in versions; here is who may send it and whether it is open."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the reader's device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    program = models.ForeignKey("partners.Program", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    campaign = models.CharField(max_length=120, blank=True)
    is_open = models.BooleanField(default=True)
    allowed_origins = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)
    current_number = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("lead form")
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="web_form_has_a_name"),
            models.CheckConstraint(condition=Q(theme__in=["auto", "light", "dark"]), name="web_form_theme_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class WebFormVersion(Model):
    """What a form shows and what people agree to. A version never changes: a consent names the words that were read."""

    form = models.ForeignKey(WebForm, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    intro = models.TextField(max_length=1000, blank=True)
    points = ArrayField(models.CharField(max_length=160), default=list, blank=True)
    fields = models.JSONField(default=list)
    product_lines = ArrayField(models.UUIDField(), default=list, blank=True)
    button = models.CharField(max_length=60)
    consent_text = models.TextField(max_length=2000)
    asks_confirmation = models.BooleanField(default=False)
    thanks_title = models.CharField(max_length=120)
    thanks_text = models.TextField(max_length=1000, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(**PERSON)

    class Meta:
        verbose_name = _("version of a lead form")
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="one_web_form_version_per_number"),
            models.CheckConstraint(condition=~Q(consent_text="") & ~Q(title=""), name="web_form_version_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.form}, {self.number}"

    @property
    def text_version(self) -> str:
        """The name of the words that people agreed to: "contact-us/3"."""
        return f"{self.form.code}/{self.number}"


class Submission(Model):
    """One form that came in. Answers are kept only while the address waits to be confirmed; then the lead has them."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for the confirmation")
        TAKEN_IN = "taken_in", _("Taken in")
        REFUSED = "refused", _("Refused")

    form_version = models.ForeignKey(WebFormVersion, on_delete=models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=8, choices=State)
    answers = models.JSONField(default=dict)
    email_key = models.CharField(max_length=64)
    network_key = models.CharField(max_length=64, blank=True)
    network_address = models.GenericIPAddressField(null=True, blank=True)
    origin = models.CharField(max_length=253, blank=True)
    campaign = models.CharField(max_length=120, blank=True)
    submitted_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    lead = models.ForeignKey("leads.Lead", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    snapshot_leaves_out = ("answers", "network_address", "network_key", "email_key")

    class Meta:
        verbose_name = _("form that came in")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["pending", "taken_in", "refused"]), name="submission_state_is_known"),
            models.CheckConstraint(condition=Q(state="pending") | Q(answers={}), name="only_waiting_submissions_keep_answers"),
        ]
        indexes = [
            models.Index(fields=["email_key", "submitted_at"], name="submission_email"),
            models.Index(fields=["network_key", "submitted_at"], name="submission_network"),
            models.Index(fields=["form_version", "submitted_at"], name="submission_form"),
            models.Index(fields=["submitted_at"], condition=Q(state="pending"), name="submission_waits"),
        ]


class Arrival(Model):
    """One time that a lead came in: on which ground its person may be written to, by which rule that is enough, and its points."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="arrivals")
    source = models.CharField(max_length=12)
    source_detail = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    was_known = models.BooleanField(default=False)
    ground = models.CharField(max_length=24)
    consent_text = models.TextField(max_length=4000, blank=True)
    text_version = models.CharField(max_length=80, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    network_address = models.GenericIPAddressField(null=True, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    may_share = models.BooleanField(default=True)
    needs = models.CharField(max_length=16)
    clause = models.CharField(max_length=60, blank=True)
    clause_text = models.TextField(blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    points_given = models.BooleanField(default=False)
    points_detail = models.JSONField(default=list)
    entered_by = models.ForeignKey(**PERSON)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    snapshot_leaves_out = ("network_address", "points_detail", "clause_text")

    class Meta:
        verbose_name = _("consent")
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=[str(one) for one in Ground if one is not Ground.PENDING]), name="arrival_ground_is_known"),
            models.CheckConstraint(condition=Q(needs__in=[str(one) for one in Need]), name="arrival_need_is_known"),
            models.CheckConstraint(
                condition=~Q(ground__in=["opt_in", "double_opt_in"]) | Q(given_at__isnull=False) & ~Q(consent_text="") & ~Q(text_version=""),
                name="spoken_consent_keeps_its_words",
            ),
            models.CheckConstraint(
                condition=~Q(needs="double_opt_in") | Q(ground__in=["double_opt_in", "existing_customer"]), name="confirmed_opt_in_where_asked"
            ),
            models.CheckConstraint(condition=~Q(needs="opt_in") | Q(ground__in=["double_opt_in", "opt_in", "existing_customer"]), name="opt_in_where_asked"),
            models.CheckConstraint(condition=~Q(needs="interest") | ~Q(ground="none"), name="a_ground_where_asked"),
            models.CheckConstraint(condition=Q(points__isnull=True) | Q(points__lte=100), name="points_at_most_100"),
        ]
        indexes = [models.Index(fields=["lead", "received_at"], name="arrival_lead")]


class Referral(Model):
    """A lead that one side passes to another: a partner to the vendor, the vendor to a partner, a partner to a partner."""

    class Direction(models.TextChoices):
        TO_VENDOR = "to_vendor", _("Partner to vendor")
        TO_PARTNER = "to_partner", _("Partner to partner")
        FROM_VENDOR = "from_vendor", _("Vendor to partner")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for an answer")
        TAKEN_UP = "taken_up", _("Taken up")
        DECLINED = "declined", _("Declined")
        KNOWN = "known", _("Known before")

    lead = models.ForeignKey("leads.Lead", on_delete=models.PROTECT, related_name="referrals")
    direction = models.CharField(max_length=11, choices=Direction)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    referrer = models.ForeignKey("identity.Organization", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey("identity.Organization", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    company_name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    referred_at = models.DateTimeField()
    referred_by = models.ForeignKey(**PERSON)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(**PERSON)
    answer = models.TextField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("note",)
    audit_shared = ("state", "answer", "answered_at", "direction", "company_name")

    class Meta:
        verbose_name = _("referral")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["waiting", "taken_up", "declined", "known"]), name="lead_referral_state_is_known"),
            models.CheckConstraint(
                condition=Q(direction="to_vendor", referrer__isnull=False, target__isnull=True)
                | Q(direction="to_partner", referrer__isnull=False, target__isnull=False)
                | Q(direction="from_vendor", referrer__isnull=True, target__isnull=False),
                name="lead_referral_names_both_sides",
            ),
            models.CheckConstraint(
                condition=Q(referrer__isnull=True) | Q(target__isnull=True) | ~Q(referrer=models.F("target")), name="nobody_refers_to_itself"
            ),
            models.CheckConstraint(condition=Q(state="waiting") | Q(answered_at__isnull=False), name="answered_lead_referral_has_a_date"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(answer=""), name="declined_lead_referral_says_why"),
        ]
        indexes = [
            models.Index(fields=["referrer", "-referred_at"], name="lead_referral_referrer"),
            models.Index(fields=["referred_at"], condition=Q(state="waiting"), name="lead_referral_waits"),
        ]

    def __str__(self) -> str:
        return self.company_name


class EventSource(Model):
    """A CRM that sends signed events. Its secret is computed from the installation's key, so that no table holds it."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    generation = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("sending system")
        constraints = [models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="event_source_has_a_name")]

    def __str__(self) -> str:
        return self.name


class SourceEvent(Model):
    """One event of a CRM and what came of it, so that the same event is never taken twice."""

    source = models.ForeignKey(EventSource, on_delete=models.PROTECT, related_name="events")
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    body_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    message = models.CharField(max_length=500, blank=True)
    lead = models.ForeignKey("leads.Lead", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("event of a CRM")
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="one_event_per_id"),
            models.CheckConstraint(condition=Q(outcome__in=["created", "known", "erased", "refused"]), name="event_outcome_is_known"),
        ]
        indexes = [models.Index(fields=["source", "-received_at"], name="source_event_newest")]
