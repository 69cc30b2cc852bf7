"""A company that is, or may become, a partner: what is known of it, from whom, since when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.recruitment.models.fields import PERSON, one_of, share_column
from openprm.recruitment.models.profile import IdealProfile
from openprm.recruitment.rules.facts import FACT
from openprm.recruitment.rules.scoring import Fit
from openprm.recruitment.rules.signals import SignalKind


class Company(Model):
    """A company by its web domain. `partner` is set once it is one; the marks are those of the discovered list."""

    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=2, blank=True)
    source = models.CharField(max_length=60, blank=True)
    partner = models.OneToOneField("partners.Partner", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starred_at = models.DateTimeField(null=True, blank=True)
    ignored_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    messaged_at = models.DateTimeField(null=True, blank=True)
    alike_partner = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    alike_category = share_column()
    alike_profile = share_column()
    alike_performance = share_column()
    alike_total = share_column()
    alike_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version", "alike_partner_id", "alike_category", "alike_profile", "alike_performance", "alike_total", "alike_at")

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.UniqueConstraint(fields=["domain"], condition=~Q(domain=""), name="one_company_per_domain"),
            models.CheckConstraint(condition=~Q(name=""), name="company_has_a_name"),
            models.CheckConstraint(condition=Q(starred_at=None) | Q(ignored_at=None), name="company_is_starred_or_ignored"),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="company_newest"),
            models.Index(F("alike_total").desc(nulls_last=True), "id", name="company_alike"),
        ]

    def __str__(self) -> str:
        return self.name


class Fact(Model):
    """One known thing of a company, with who says so and since when. Facts of words have one row per word."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="facts")
    name = models.CharField(max_length=20)
    item = models.CharField(max_length=90, blank=True)
    value = models.JSONField()
    source = models.CharField(max_length=80)
    observed_at = models.DateTimeField()
    confidence = models.PositiveSmallIntegerField(default=100)
    signal = models.ForeignKey("recruitment.Signal", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    set_by = models.ForeignKey(**PERSON)

    class Meta:
        verbose_name = _("fact")
        constraints = [
            models.UniqueConstraint(fields=["company", "name", "item"], name="one_fact_per_item"),
            models.CheckConstraint(condition=Q(confidence__lte=100), name="fact_confidence_is_a_percentage"),
            one_of("name", FACT, "fact_name_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class CompanyScore(Model):
    """How a company fits the profile of a program, as computed last."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="scores")
    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, related_name="+")
    profile = models.ForeignKey(IdealProfile, on_delete=models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()
    could_reach = models.PositiveSmallIntegerField()
    missing_percent = models.PositiveSmallIntegerField()
    fit = models.CharField(max_length=6)
    scored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("score")
        constraints = [
            models.UniqueConstraint(fields=["company", "program"], name="one_score_per_program"),
            models.CheckConstraint(condition=Q(points__lte=F("could_reach")) & Q(could_reach__lte=100), name="score_within_its_reach"),
            one_of("fit", Fit, "score_fit_is_known"),
        ]
        indexes = [models.Index(fields=["program", "points"], name="score_program_points")]


class Contact(Model):
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254, blank=True)
    title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("contact")
        constraints = [
            models.UniqueConstraint(fields=["company", "email"], condition=~Q(email=""), name="one_contact_per_email"),
            models.UniqueConstraint(fields=["company"], condition=Q(is_main=True), name="one_main_contact"),
        ]

    def __str__(self) -> str:
        return self.name


class Note(Model):
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120)
    body = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("note")
        ordering = ["-at", "-id"]


class Signal(Model):
    """Something a source says of a company. It becomes a fact when somebody accepts it, never by itself."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="signals")
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=300)
    source = models.CharField(max_length=80)
    observed_at = models.DateTimeField()
    confidence = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    decided_by = models.ForeignKey(**PERSON)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("signal")
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "value", "source", "observed_at"], name="one_signal_per_observation"),
            models.CheckConstraint(condition=Q(confidence__lte=100), name="signal_confidence_is_a_percentage"),
            models.CheckConstraint(condition=Q(state="new") | Q(decided_at__isnull=False), name="decided_signal_has_its_moment"),
            one_of("kind", SignalKind, "signal_kind_is_known"),
            one_of("state", ("new", "accepted", "dismissed"), "signal_state_is_known"),
        ]
        indexes = [
            models.Index(F("observed_at").desc(), F("id").desc(), name="signal_newest"),
            models.Index(fields=["state", "kind"], name="signal_state_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class Outreach(Model):
    """A mail to a company that is no partner yet."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        MESSAGE = "message", _("Message")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="outreach")
    kind = models.CharField(max_length=10, choices=Kind)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=160)
    body = models.TextField(max_length=4000)
    program = models.ForeignKey("partners.Program", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sender = models.ForeignKey(**PERSON)
    sender_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("message to a company")
        ordering = ["-at", "-id"]
        constraints = [one_of("kind", ("invitation", "message"), "outreach_kind_is_known")]

    def __str__(self) -> str:
        return self.subject
