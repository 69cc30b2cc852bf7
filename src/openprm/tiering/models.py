"""How programs move their partners, what is known of each partner, where it stands, and every move that was made or asked for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
ONE_STANDING = "tiering_one_standing"
ONE_PENDING = "tiering_one_pending_move"
ONE_METRIC = "tiering_one_metric_per_code"


class Track(models.TextChoices):
    """The size of a partner, because the same points are not equally hard to earn for all."""

    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Large")


class TierPolicy(Model):
    """How one program moves its partners. A program without one takes the defaults."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, related_name="+")
    promotes_at_once = models.BooleanField(default=True)
    demotes_at_once = models.BooleanField(default=False)
    is_forgiving = models.BooleanField(default=True)
    grace_days = models.PositiveSmallIntegerField(default=60)
    warn_days = models.PositiveSmallIntegerField(default=90)
    ask_again_days = models.PositiveSmallIntegerField(default=90)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("tier policy")
        constraints = [
            models.CheckConstraint(condition=Q(grace_days__lte=730, warn_days__lte=365, ask_again_days__lte=730), name="tiering_policy_days_are_sensible"),
        ]

    def __str__(self) -> str:
        return str(self.program)


class Metric(Model):
    """A fact of the vendor's own: entered by hand, or computed from other facts. It can be retired, never removed: published rules may name it."""

    class Kind(models.TextChoices):
        ENTERED = "entered", _("Entered")
        COMPUTED = "computed", _("Computed")

    class Unit(models.TextChoices):
        NUMBER = "number", _("Number")
        MONEY = "money", _("Amount")

    code = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    about = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ENTERED)
    unit = models.CharField(max_length=10, choices=Unit, default=Unit.NUMBER)
    formula = models.CharField(max_length=300, blank=True)
    is_retired = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("metric")
        constraints = [
            models.UniqueConstraint(fields=["code"], name=ONE_METRIC),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="tiering_metric_code_is_a_name"),
            models.CheckConstraint(condition=Q(kind="entered", formula="") | (Q(kind="computed") & ~Q(formula="")), name="tiering_computed_metric_has_formula"),
        ]

    def __str__(self) -> str:
        return self.label


class MetricValue(Model):
    """What somebody entered for a partner: from a day on, until a day or until the next one of the same metric."""

    partner = models.ForeignKey("identity.Organization", on_delete=models.CASCADE, related_name="+")
    metric = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    entered_by_name = models.CharField(max_length=200, blank=True)

    audit_shared = ("metric", "amount", "starts_on", "ends_on")

    class Meta:
        verbose_name = _("entered value")
        constraints = [
            models.UniqueConstraint(fields=["partner", "metric", "starts_on"], name="tiering_one_value_per_day"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="tiering_value_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.amount}"


class Standing(Model):
    """Where one partner stands in one program, as of `refreshed_at`. Kept, so that lists of thousands sort and filter."""

    class State(models.TextChoices):
        SAFE = "safe", _("Safe")
        RISING = "rising", _("Qualifies for more")
        AT_RISK = "at_risk", _("At risk")
        GRACE = "grace", _("In grace")
        EXEMPT = "exempt", _("Kept by hand")

    partner = models.ForeignKey("identity.Organization", on_delete=models.CASCADE, related_name="+")
    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, related_name="+")
    tier = models.ForeignKey("partners.Tier", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    track = models.CharField(max_length=8, choices=Track, default=Track.MEDIUM)
    state = models.CharField(max_length=8, choices=State, default=State.SAFE)
    held_rank = models.PositiveSmallIntegerField(default=0)
    earned_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    earned_name = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    next_name = models.CharField(max_length=80, blank=True)
    next_share = models.PositiveSmallIntegerField(null=True, blank=True)
    lacks = models.JSONField(default=list, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    at_stake_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    grace_since = models.DateTimeField(null=True, blank=True)
    grace_until = models.DateTimeField(null=True, blank=True)
    forgiven_until = models.DateField(null=True, blank=True)
    exempt_until = models.DateField(null=True, blank=True)
    exempt_reason = models.CharField(max_length=500, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    would_change = models.JSONField(default=list, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("facts", "lacks", "reasons", "would_change", "refreshed_at", "next_share", "at_stake_minor", "clause", "rule_version_id")
    audit_shared = ("state", "track", "grace_since", "grace_until", "exempt_until")

    class Meta:
        verbose_name = _("standing")
        constraints = [
            models.UniqueConstraint(fields=["partner", "program"], name=ONE_STANDING),
            models.CheckConstraint(condition=Q(grace_until=None) | Q(grace_since__isnull=False), name="tiering_grace_has_a_beginning"),
            models.CheckConstraint(condition=Q(exempt_until=None) | ~Q(exempt_reason=""), name="tiering_exemption_has_a_reason"),
            models.CheckConstraint(condition=Q(state__in=["safe", "rising", "at_risk", "grace", "exempt"]), name="tiering_state_known"),
        ]
        indexes = [
            models.Index(fields=["program", "state", "-at_stake_minor"], name="tiering_standing_risk"),
            models.Index(fields=["-at_stake_minor"], condition=Q(state__in=["at_risk", "grace"]), name="tiering_standing_danger"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}"


class Qualification(Model):
    """The days on which a partner's facts earned a tier, as the first and the last of them: what the forgiving window remembers."""

    partner = models.ForeignKey("identity.Organization", on_delete=models.CASCADE, related_name="+")
    tier = models.ForeignKey("partners.Tier", on_delete=models.CASCADE, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        verbose_name = _("qualification")
        constraints = [
            models.UniqueConstraint(fields=["partner", "tier"], name="tiering_one_qualification"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="tiering_last_is_not_before_first"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.tier}"


class TierMove(Model):
    """A promotion or demotion: done by rule, or asked of a person. It keeps the facts and the clause it stood on."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for a decision")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Declined")
        SUPERSEDED = "superseded", _("No longer needed")

    class Direction(models.TextChoices):
        UP = "up", _("Promotion")
        DOWN = "down", _("Demotion")

    partner = models.ForeignKey("identity.Organization", on_delete=models.CASCADE, related_name="+")
    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, related_name="+")
    before = models.ForeignKey("partners.Tier", on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey("partners.Tier", on_delete=models.CASCADE, related_name="+")
    direction = models.CharField(max_length=4, choices=Direction)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    is_automatic = models.BooleanField(default=False)
    facts = models.JSONField(default=dict, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    clause_text = models.TextField(blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    at_stake_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON)
    decided_by_name = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    snapshot_leaves_out = ("facts", "clause_text", "at_stake_minor", "currency")
    audit_shared = ("state", "direction", "reason", "clause")

    class Meta:
        verbose_name = _("tier move")
        constraints = [
            models.UniqueConstraint(fields=["partner", "program"], condition=Q(state="pending"), name=ONE_PENDING),
            models.CheckConstraint(condition=Q(state="pending") | Q(decided_at__isnull=False), name="tiering_decided_move_is_dated"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="tiering_declined_move_has_a_reason"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="tiering_move_moves"),
        ]
        indexes = [
            models.Index(fields=["partner", "-opened_at"], name="tiering_move_partner"),
            models.Index(fields=["state", "opened_at"], name="tiering_move_state"),
        ]

    def __str__(self) -> str:
        return f"{self.before} > {self.after}"


class BenefitNote(Model):
    """What either side says about a promised benefit: the partner that it was not given, the vendor that it was. Never edited nor
    removed (nothing cascades into it); the newest counts."""

    class Said(models.TextChoices):
        NOT_MET = "not_met", _("Not given")
        MET = "met", _("Given")

    partner = models.ForeignKey("identity.Organization", on_delete=models.DO_NOTHING, related_name="+")
    program = models.ForeignKey("partners.Program", on_delete=models.DO_NOTHING, related_name="+")
    benefit = models.CharField(max_length=40)
    said = models.CharField(max_length=8, choices=Said)
    by_partner = models.BooleanField()
    note = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    audit_shared = ("benefit", "said", "note")

    class Meta:
        verbose_name = _("word on a benefit")
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="tiering_benefit_note_says_something"),
            models.CheckConstraint(condition=Q(said__in=["met", "not_met"]), name="tiering_benefit_note_known"),
        ]
        indexes = [models.Index(fields=["partner", "program", "-at"], name="tiering_benefit_note")]

    def __str__(self) -> str:
        return f"{self.benefit}: {self.said}"
