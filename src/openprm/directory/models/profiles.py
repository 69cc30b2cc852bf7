"""A partner's profile as its people write it, and the copy that the public sees."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model


def _codes(length: int = 40) -> ArrayField:
    return ArrayField(models.CharField(max_length=length), default=list, blank=True)


class Profile(Model):
    """What a partner says about itself. `approved` holds the content that the vendor last said yes to, None before."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Came back")
        HIDDEN = "hidden", _("Taken off")

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("Private")
        PUBLIC = "public", _("Public")

    partner = models.OneToOneField("partners.Partner", on_delete=models.CASCADE, related_name="+")
    slug = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    summary = models.CharField(max_length=200, blank=True)
    description = models.TextField(max_length=4000, blank=True)
    logo = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=200, blank=True)
    services = _codes()
    products = _codes(60)
    industries = _codes()
    languages = _codes(8)
    regions = _codes()
    certifications = _codes(120)
    contact_email = models.EmailField(max_length=254, blank=True)
    takes_messages = models.BooleanField(default=True)
    approved = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("identity.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = (
        "state", "visibility", "summary", "description", "logo", "website", "services", "products", "industries",
        "languages", "regions", "certifications", "contact_email", "takes_messages", "reason",
    )  # fmt: skip
    snapshot_leaves_out = ("approved",)

    class Meta:
        verbose_name = _("profile")
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="one_profile_per_slug"),
            models.UniqueConstraint(fields=["id", "partner"], name="profile_id_and_partner"),
            models.CheckConstraint(condition=Q(slug__regex=r"^[a-z0-9][a-z0-9-]*$"), name="profile_slug_is_a_slug"),
            models.CheckConstraint(condition=~Q(state="approved") | Q(approved__isnull=False), name="approved_profile_has_its_content"),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="profile_state_submitted")]


class Office(Model):
    """Where a partner can be met."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="offices")
    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=80, blank=True)
    street = models.CharField(max_length=160, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    is_main = models.BooleanField(default=False)

    audit_shared = ("label", "street", "postal_code", "city", "country", "latitude", "longitude", "is_main")

    class Meta:
        verbose_name = _("office")
        ordering = ["-is_main", "created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180), name="office_is_on_earth"),
            models.UniqueConstraint(fields=["profile"], condition=Q(is_main=True), name="one_main_office"),
        ]


class Reference(Model):
    """A customer of the partner that agreed to be named. Who agreed stays between partner and vendor."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waits for approval")
        PUBLISHED = "published", _("Published")
        RETURNED = "returned", _("Came back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    customer = models.CharField(max_length=160)
    country = models.CharField(max_length=2, blank=True)
    industry = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=160)
    story = models.TextField(max_length=2000)
    quote = models.CharField(max_length=500, blank=True)
    quoted = models.CharField(max_length=160, blank=True)
    consent_by = models.CharField(max_length=160, blank=True)
    consent_email = models.EmailField(max_length=254, blank=True)
    consent_date = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("state", "customer", "country", "industry", "title", "story", "quote", "quoted", "consent_by", "consent_date", "reason")

    class Meta:
        verbose_name = _("reference")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "published"]) | (~Q(consent_by="") & Q(consent_date__isnull=False)),
                name="reference_has_the_customers_consent",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "state"], name="reference_partner_state"),
            models.Index(fields=["state", "submitted_at"], name="reference_waits"),
        ]


class Message(Model):
    """What a visitor of the directory wrote to a partner. `network` is a keyed hash, good for counting and nothing else."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    company = models.CharField(max_length=160, blank=True)
    text = models.TextField(max_length=3000)
    network = models.CharField(max_length=64)
    read_at = models.DateTimeField(null=True, blank=True)

    snapshot_leaves_out = ("network",)

    class Meta:
        verbose_name = _("message")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["partner", "-created_at"], name="message_partner_newest"),
            models.Index(fields=["network", "created_at"], name="message_network"),
        ]


class Settings(Model):
    """How the vendor runs its directory: one row."""

    only = models.BooleanField(default=True)
    reviewed = _codes()
    heading = models.CharField(max_length=120, blank=True)
    lead = models.CharField(max_length=400, blank=True)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("directory settings")
        constraints = [
            models.UniqueConstraint(fields=["only"], name="one_directory_settings"),
            models.CheckConstraint(condition=Q(only=True), name="directory_settings_are_one"),
        ]


class Listing(Model):
    """The public copy of a profile: exactly what a visitor may know, and what the locator searches."""

    partner = models.OneToOneField("partners.Partner", on_delete=models.CASCADE, related_name="+")
    slug = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    summary = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    logo = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=200, blank=True)
    services = _codes()
    products = _codes(60)
    industries = _codes()
    languages = _codes(8)
    regions = _codes()
    certifications = _codes(120)
    countries = _codes(2)
    programs = _codes()
    grades = _codes(100)
    grade_names = models.JSONField(default=list)
    rank = models.PositiveSmallIntegerField(default=0)
    references = models.JSONField(default=list)
    reference_count = models.PositiveSmallIntegerField(default=0)
    takes_messages = models.BooleanField(default=True)
    words = models.TextField(blank=True)
    name_key = models.CharField(max_length=200, blank=True)
    search = SearchVectorField(null=True, editable=False)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("partner")
        indexes = [
            GinIndex(fields=["search"], name="listing_search"),
            GinIndex(fields=["name_key"], name="listing_name_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["services", "industries", "languages", "countries", "programs", "grades"], name="listing_filters"),
            models.Index(F("rank").desc(), F("name"), F("id"), name="listing_best_first"),
        ]


class ListedOffice(Model):
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="offices")
    label = models.CharField(max_length=80, blank=True)
    street = models.CharField(max_length=160, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("office")
        ordering = ["place"]
        indexes = [models.Index(fields=["latitude", "longitude"], name="listed_office_where")]


class Place(Model):
    """A town of the gazetteer. `keys` holds its names in the spelling of rules.profile.key_of."""

    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    keys = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        verbose_name = _("place")
        indexes = [GinIndex(fields=["keys"], name="place_keys"), GinIndex(fields=["key"], name="place_trigrams", opclasses=["gin_trgm_ops"])]
