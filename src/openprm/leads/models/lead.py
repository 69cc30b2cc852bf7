"""A lead: what it is routed by, and apart from it who the customer is."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Upper
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.leads.models.fields import ORGANIZATION, NextLeadNumber, one_of
from openprm.leads.rules.intake_draft import GRADES, SOURCES
from openprm.leads.rules.lifecycle import FINAL, OPEN, WAITS_FOR_VENDOR, Status


class Lead(Model):
    """What routing reads and what a partner may see before it opens the lead. `kept_from` are partners that are never offered it.

    `program` is that of the form it came by, `wish` what its person chose there from fixed answers.
    """

    number = models.CharField(max_length=24, unique=True, db_default=NextLeadNumber(), editable=False)
    status = models.CharField(max_length=10, default=Status.NEW)
    status_reason = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=10, default="manual")
    source_detail = models.CharField(max_length=120, blank=True)
    campaign = models.CharField(max_length=120, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    referrer = models.ForeignKey(**ORGANIZATION, null=True, blank=True)
    kept_from = ArrayField(models.UUIDField(), default=list, blank=True)
    may_share = models.BooleanField(default=True)
    may_contact = models.BooleanField(default=True)

    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    industry = models.CharField(max_length=40, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    product_line = models.ForeignKey("deals.ProductLine", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    program = models.ForeignKey("partners.Program", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    wish = models.CharField(max_length=120, blank=True, default="", db_default="")
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    base_amount_minor = models.BigIntegerField(null=True, blank=True)
    grade = models.CharField(max_length=1, blank=True)
    language = models.CharField(max_length=8, blank=True)

    partner = models.ForeignKey(**ORGANIZATION, null=True, blank=True)
    method = models.CharField(max_length=12, blank=True)
    rounds = models.PositiveSmallIntegerField(default=0)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    registration = models.OneToOneField("deals.Registration", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    routed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=20, blank=True)
    closed_note = models.CharField(max_length=1000, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("status", "country", "city", "industry", "employees", "skills", "amount_minor", "currency", "accepted_at", "closed_reason", "closed_at")
    snapshot_leaves_out = ("version", "rounds")

    class Meta:
        verbose_name = _("lead")
        constraints = [
            one_of("status", Status, "lead_status_known"),
            one_of("source", SOURCES, "lead_source_known"),
            one_of("grade", GRADES, "lead_grade_known"),
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="one_lead_per_external_id"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="lead_currency_is_a_code"),
            models.CheckConstraint(condition=Q(amount_minor=None) | Q(amount_minor__gte=0, amount_minor__lte=10**13), name="lead_amount_in_range"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="lead_is_on_earth",
            ),
            models.CheckConstraint(condition=~Q(status__in=["accepted", "converted"]) | Q(partner__isnull=False), name="held_lead_has_a_partner"),
            models.CheckConstraint(condition=~Q(status="converted") | Q(registration__isnull=False), name="converted_lead_has_a_registration"),
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN), closed_at=None) | Q(status__in=sorted(FINAL), closed_at__isnull=False), name="closed_lead_has_its_moment"
            ),
            models.CheckConstraint(condition=Q(may_share=True) | ~Q(status__in=["offered", "accepted"]), name="lead_is_shared_with_consent"),
        ]
        indexes = [
            models.Index(F("received_at").desc(), F("id").desc(), name="lead_newest"),
            models.Index("status", F("received_at").desc(), F("id").desc(), name="lead_status_newest"),
            models.Index("partner", "status", name="lead_partner_status"),
            models.Index("received_at", "id", condition=Q(status__in=sorted(WAITS_FOR_VENDOR)), name="lead_waiting"),
            models.Index("id", condition=Q(status=Status.NEW), name="lead_new"),
            models.Index("account", condition=Q(account__isnull=False), name="lead_account"),
        ]

    def __str__(self) -> str:
        return self.number


class LeadPerson(Model):
    """Who the customer is and what it wrote. The partner's database role reads it only after its open is recorded."""

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="person")
    company_name = models.CharField(max_length=200, blank=True)
    company_domain = models.CharField(max_length=253, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_title = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=160, blank=True)
    message = models.TextField(max_length=4000, blank=True)
    search_text = models.GeneratedField(
        expression=Upper(Concat(F("company_name"), Value(" "), F("title"), Value(" "), F("contact_name"), Value(" "), F("contact_email"))),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("customer of a lead")
        indexes = [
            models.Index("contact_email", condition=~Q(contact_email=""), name="lead_person_email"),
            models.Index("company_domain", condition=~Q(company_domain=""), name="lead_person_domain"),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="lead_person_search"),
        ]

    def __str__(self) -> str:
        return self.company_name
