"""Lists of companies, who may see how much of them, which rows are one company, and who looked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.mapping.rules.sharing import Group, Kind, Level, Purpose, Source

ORGANIZATION = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}
PERSON = {"to": "identity.User", "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
LEVELS = [int(level) for level in Level]
PURPOSES = [purpose.value for purpose in Purpose]
LOOKS = ["counts", "overlaps", "whitespace", "export", "panel", "target"]


def _fields() -> ArrayField:
    return ArrayField(models.CharField(max_length=12), default=list, blank=True)


class Consent(Model):
    """One side agrees to compare lists with the other. Nothing is compared or shown before both sides have."""

    partner = models.ForeignKey(**ORGANIZATION)
    giver = models.ForeignKey(**ORGANIZATION)
    receiver = models.ForeignKey(**ORGANIZATION)
    by = models.ForeignKey(**PERSON)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("agreement to compare lists")
        constraints = [
            models.UniqueConstraint(fields=["giver", "receiver"], condition=Q(ended_at=None), name="mapping_one_live_consent"),
            models.CheckConstraint(condition=Q(giver=F("partner")) | Q(receiver=F("partner")), name="mapping_consent_names_the_partner"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="mapping_consent_has_two_sides"),
        ]
        indexes = [models.Index(fields=["partner"], condition=Q(ended_at=None), name="mapping_consent_live")]


class Population(Model):
    """A list of companies of one side. What is told of it to the other side stands here; how it is made and shared does not."""

    owner = models.ForeignKey(**ORGANIZATION)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    row_count = models.PositiveIntegerField(default=0)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("list")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "owner"], name="mapping_population_and_owner"),
            models.UniqueConstraint(fields=["owner", "name"], condition=Q(archived_at=None), name="mapping_population_once_per_name"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="mapping_population_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="mapping_population_is_named"),
        ]

    def __str__(self) -> str:
        return self.name


class Making(Model):
    """Where the rows of a list come from: for its owner's eyes."""

    owner = models.ForeignKey(**ORGANIZATION)
    population = models.OneToOneField(Population, on_delete=models.CASCADE, related_name="making")
    source = models.CharField(max_length=8)
    filter = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("making of a list")
        constraints = [models.CheckConstraint(condition=Q(source__in=[source.value for source in Source]), name="mapping_source_known")]


class Term(Model):
    """What the owner wants to show of a list: to everybody (`viewer` is None), or to one. For its owner's eyes."""

    owner = models.ForeignKey(**ORGANIZATION)
    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="terms")
    viewer = models.ForeignKey(**ORGANIZATION, null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    fields = _fields()
    purpose = models.CharField(max_length=12, default=Purpose.SELLING)
    days = models.PositiveSmallIntegerField(default=365)

    class Meta:
        verbose_name = _("terms of sharing")
        constraints = [
            models.UniqueConstraint(fields=["population", "viewer"], nulls_distinct=False, name="mapping_one_term_per_viewer"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="mapping_term_level_known"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="mapping_term_purpose_known"),
        ]


class Grant(Model):
    """What one viewer may see of a list, for what, until when. It is never widened: another one takes its place."""

    partner = models.ForeignKey(**ORGANIZATION)
    owner = models.ForeignKey(**ORGANIZATION)
    viewer = models.ForeignKey(**ORGANIZATION)
    population = models.ForeignKey(Population, on_delete=models.PROTECT, related_name="grants")
    level = models.PositiveSmallIntegerField()
    fields = _fields()
    purpose = models.CharField(max_length=12)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)
    end_reason = models.CharField(max_length=12, blank=True)
    look_count = models.PositiveIntegerField(default=0)
    rows_seen = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("grant")
        ordering = ["-granted_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["population", "viewer"], condition=Q(revoked_at=None), name="mapping_one_live_grant"),
            models.CheckConstraint(condition=Q(level__in=[level for level in LEVELS if level]), name="mapping_grant_level_known"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="mapping_grant_purpose_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("granted_at")), name="mapping_grant_expires"),
            models.CheckConstraint(condition=Q(owner=F("partner")) | Q(viewer=F("partner")), name="mapping_grant_names_the_partner"),
        ]
        indexes = [
            models.Index(fields=["viewer"], condition=Q(revoked_at=None), name="mapping_grant_live"),
            models.Index(fields=["expires_at"], condition=Q(revoked_at=None), name="mapping_grant_expiring"),
        ]


class Entry(Model):
    """A company in a list. `key` is its id where it comes from."""

    owner = models.ForeignKey(**ORGANIZATION)
    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="entries", db_index=False)
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=300, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("company")
        constraints = [
            models.UniqueConstraint(fields=["population", "key"], name="mapping_entry_once_per_key"),
            models.CheckConstraint(condition=~Q(key=""), name="mapping_entry_has_a_key"),
        ]
        indexes = [
            models.Index(fields=["population", "name", "id"], name="mapping_entry_by_name"),
            models.Index(fields=["owner", "key"], name="mapping_entry_by_key"),
            models.Index(fields=["owner", "domain"], condition=~Q(domain=""), name="mapping_entry_by_domain"),
        ]


class Detail(Model):
    """Fields of a company that are shown only where their group is granted."""

    owner = models.ForeignKey(**ORGANIZATION)
    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="details", db_index=False)
    section = models.CharField(max_length=12)
    told = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("fields of a company")
        constraints = [
            models.UniqueConstraint(fields=["entry", "section"], name="mapping_detail_once_per_group"),
            models.CheckConstraint(condition=Q(section__in=[group.value for group in Group]), name="mapping_detail_group_known"),
        ]


class Match(Model):
    """A company of the vendor's list and one of a partner's that are the same, by the engine or by a person's word."""

    partner = models.ForeignKey(**ORGANIZATION)
    left_owner = models.ForeignKey(**ORGANIZATION)
    right_owner = models.ForeignKey(**ORGANIZATION)
    left_population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="+")
    right_population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="+", db_index=False)
    left = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="left_matches", db_index=False)
    right = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="right_matches")
    permille = models.PositiveSmallIntegerField()
    matched_on = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, default="found")
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("match")
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="mapping_match_once"),
            models.CheckConstraint(condition=Q(state__in=["found", "confirmed", "split", "merged"]), name="mapping_match_state_known"),
            models.CheckConstraint(condition=Q(permille__lte=1000), name="mapping_match_score_in_range"),
            models.CheckConstraint(condition=Q(right_owner=F("partner")), name="mapping_match_right_is_the_partner"),
        ]
        indexes = [
            models.Index(fields=["right_population", "left_population"], condition=~Q(state="split"), name="mapping_match_live"),
        ]


class Verdict(Model):
    """What a person said about two rows, by their keys, so that it outlives every refresh. For the side that said it."""

    partner = models.ForeignKey(**ORGANIZATION)
    decider = models.ForeignKey(**ORGANIZATION)
    by = models.ForeignKey(**PERSON)
    left_population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="+")
    right_population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="+")
    left_key = models.CharField(max_length=200)
    right_key = models.CharField(max_length=200)
    is_same = models.BooleanField()
    permille = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("word on a match")
        constraints = [
            models.UniqueConstraint(
                fields=["left_population", "left_key", "right_population", "right_key"], condition=Q(undone_at=None), name="mapping_one_word_per_pair"
            )
        ]


class Look(Model):
    """Somebody of the other side looked at a list: for its owner to read, never changed."""

    partner = models.ForeignKey(**ORGANIZATION)
    owner = models.ForeignKey(**ORGANIZATION)
    viewer = models.ForeignKey(**ORGANIZATION)
    population = models.ForeignKey(Population, on_delete=models.PROTECT, related_name="looks")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="looks")
    person = models.CharField(max_length=120)
    what = models.CharField(max_length=10)
    rows = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("look at a list")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(what__in=["counts", "overlaps", "whitespace", "export", "panel", "target"]), name="mapping_look_kind_known")
        ]
        indexes = [models.Index(F("owner"), F("at").desc(), F("id").desc(), name="mapping_look_newest")]


class Ask(Model):
    """One side asks the other to show more, and what it was answered."""

    partner = models.ForeignKey(**ORGANIZATION)
    asker = models.ForeignKey(**ORGANIZATION)
    owner = models.ForeignKey(**ORGANIZATION)
    person = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, blank=True)
    population = models.ForeignKey(Population, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    level = models.PositiveSmallIntegerField()
    fields = _fields()
    purpose = models.CharField(max_length=12)
    message = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, default="open")
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("data request")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "granted", "declined", "withdrawn"]), name="mapping_ask_state_known"),
            models.CheckConstraint(condition=Q(level__in=[level for level in LEVELS if level]), name="mapping_ask_level_known"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="mapping_ask_purpose_known"),
            models.CheckConstraint(condition=Q(asker=F("partner")) | Q(owner=F("partner")), name="mapping_ask_names_the_partner"),
        ]
        indexes = [models.Index(fields=["owner"], condition=Q(state="open"), name="mapping_ask_open")]


from openprm.mapping.outcomemodels import Comparison, Rule, Standing, Target  # noqa: E402,F401  so that Django finds them
from openprm.mapping.privatemodels import PsiKey, PsiMessage, PsiPast, PsiPeer, PsiPiece, PsiProgress, PsiRow, PsiRun, PsiWork  # noqa: E402,F401  so that Django finds them
