"""An engagement, who is in it, who was invited, and who sees whom."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Upper
from django.utils.translation import gettext_lazy as _

from openprm.cosell.models.fields import PARTY, PERSON, NextEngagementNumber, one_of
from openprm.cosell.rules.connections import WHOLE
from openprm.cosell.rules.words import Connections, DealType, Invited, Involvement, Payload, Role, State, View
from openprm.kernel.models import Model


class Engagement(Model):
    """What every member may know of the deal. Money, contacts and the story behind it stand in `Detail`."""

    number = models.CharField(max_length=24, unique=True, db_default=NextEngagementNumber(), editable=False)
    host = models.ForeignKey(**PARTY)
    vendor_in = models.BooleanField(default=False, editable=False)
    deal_type = models.CharField(max_length=12, default=DealType.CO_SELL)
    state = models.CharField(max_length=10, default=State.PENDING)
    title = models.CharField(max_length=160)
    customer_name = models.CharField(max_length=200)
    customer_country = models.CharField(max_length=2, blank=True)
    stage = models.CharField(max_length=24, blank=True)
    expected_close_date = models.DateField(null=True, blank=True)

    registration = models.ForeignKey("deals.Registration", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opportunity = models.ForeignKey("deals.Opportunity", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    lead_id = models.UUIDField(null=True, blank=True)

    opened_by = models.ForeignKey(**PERSON)
    opened_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=500, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    search_text = models.GeneratedField(
        expression=Upper(Concat("number", Value(" "), "title", Value(" "), "customer_name")), output_field=models.TextField(), db_persist=True
    )

    snapshot_leaves_out = ("version", "vendor_in", "opened_by_id", "external_source", "external_id")
    audit_shared = ("number", "deal_type", "state", "title", "customer_name", "customer_country", "stage", "expected_close_date", "closed_reason")

    class Meta:
        verbose_name = _("engagement")
        constraints = [
            one_of("state", State, "engagement_state_known"),
            one_of("deal_type", DealType, "engagement_type_known"),
            models.CheckConstraint(condition=~Q(deal_type="private", vendor_in=True), name="private_deals_go_without_the_vendor"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(customer_name=""), name="engagement_names_deal_and_customer"),
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="engagement_once_per_source"),
        ]
        indexes = [
            models.Index("state", F("created_at").desc(), F("id").desc(), name="engagement_by_state"),
            models.Index("expected_close_date", "id", name="engagement_by_close"),
            models.Index("registration", condition=Q(registration__isnull=False), name="engagement_of_registration"),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="engagement_search_trigram"),
        ]

    def __str__(self) -> str:
        return self.number


class Detail(Model):
    """What only members with full view may know. A table of its own, so that the database refuses it to the others."""

    engagement = models.OneToOneField(Engagement, on_delete=models.CASCADE, related_name="detail")
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    customer_domain = models.CharField(max_length=253, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    description = models.TextField(max_length=4000, blank=True)
    competitor = models.CharField(max_length=120, blank=True)

    snapshot_leaves_out = ("engagement_id",)
    audit_shared = ("amount_minor", "currency", "customer_domain", "contact_name", "contact_email", "contact_phone", "description", "competitor")

    class Meta:
        verbose_name = _("detail of an engagement")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0, amount_minor__lte=10**15), name="engagement_amount_in_range"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="engagement_currency_is_a_code"),
        ]

    def __str__(self) -> str:
        return self.engagement.number


class Member(Model):
    """A company that takes part. `left_at` ends what it can see."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="members")
    party = models.ForeignKey(**PARTY)
    is_vendor = models.BooleanField(default=False)
    is_host = models.BooleanField(default=False)
    role = models.CharField(max_length=12)
    responsibilities = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    involvement = models.CharField(max_length=10, default=Involvement.CO_SELL)
    involvement_reason = models.CharField(max_length=500, blank=True)
    visibility = models.CharField(max_length=8, default=View.FULL)
    hidden = models.BooleanField(default=False)
    contact = models.ForeignKey(**PERSON)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_reason = models.CharField(max_length=500, blank=True)

    audit_shared = ("role", "responsibilities", "involvement", "involvement_reason", "visibility", "left_reason")

    class Meta:
        verbose_name = _("member")
        constraints = [
            models.UniqueConstraint(fields=["engagement", "party"], name="member_once_per_engagement"),
            models.UniqueConstraint(fields=["engagement"], condition=Q(is_host=True), name="one_host_per_engagement"),
            one_of("role", Role, "member_role_known"),
            one_of("involvement", Involvement, "member_involvement_known"),
            one_of("visibility", View, "member_visibility_known"),
            models.CheckConstraint(condition=~(Q(hidden=True) & (Q(is_vendor=True) | Q(is_host=True))), name="host_and_vendor_are_never_hidden"),
            models.CheckConstraint(condition=Q(is_host=False) | Q(visibility="full"), name="host_has_full_view"),
        ]
        indexes = [models.Index("party", "engagement", name="member_of_party")]

    def __str__(self) -> str:
        return self.engagement.number


class Share(Model):
    """A member's part of the deal in basis points; all of them never exceed the whole (a trigger sums)."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="share")
    party = models.ForeignKey(**PARTY)
    basis_points = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("share")
        constraints = [models.CheckConstraint(condition=Q(basis_points__lte=WHOLE), name="share_within_the_whole")]

    def __str__(self) -> str:
        return self.engagement.number


class Sight(Model):
    """Who sees whom, kept by a trigger on the members: one row for each viewer and each member it may know of."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="sights")
    viewer = models.ForeignKey(**PARTY)
    seen = models.ForeignKey(**PARTY)
    is_full = models.BooleanField()
    is_host = models.BooleanField()

    class Meta:
        verbose_name = _("sight")
        constraints = [models.UniqueConstraint(fields=["engagement", "viewer", "seen"], name="sight_once")]
        indexes = [models.Index("viewer", "engagement", name="sight_of_viewer")]


class Invitation(Model):
    """An offer to join, with all that its receiver may know before it answers: it cannot read the engagement yet (L1)."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="invitations")
    number = models.CharField(max_length=24)
    host = models.ForeignKey(**PARTY)
    sender = models.ForeignKey(**PARTY)
    receiver = models.ForeignKey(**PARTY)
    state = models.CharField(max_length=10, default=Invited.PENDING)
    payload = models.CharField(max_length=12, default=Payload.CUSTOMER)
    title = models.CharField(max_length=160)
    customer_name = models.CharField(max_length=200)
    customer_country = models.CharField(max_length=2, blank=True)
    expected_close_date = models.DateField(null=True, blank=True)
    role = models.CharField(max_length=12)
    responsibilities = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    involvement = models.CharField(max_length=10, default=Involvement.CO_SELL)
    visibility = models.CharField(max_length=8, default=View.FULL)
    hidden = models.BooleanField(default=False)
    message = models.CharField(max_length=1000, blank=True)
    invited_by = models.ForeignKey(**PERSON)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version",)
    audit_shared = ("state", "role", "responsibilities", "involvement", "visibility", "expires_at", "reason")

    class Meta:
        verbose_name = _("invitation to an engagement")
        constraints = [
            one_of("state", Invited, "invitation_state_known"),
            one_of("role", Role, "invitation_role_known"),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="nobody_invites_itself"),
            models.UniqueConstraint(fields=["engagement", "receiver"], condition=Q(state="pending"), name="one_pending_invitation"),
        ]
        indexes = [
            models.Index("receiver", F("sent_at").desc(), name="engagement_invited"),
            models.Index("expires_at", condition=Q(state="pending"), name="engagement_invitation_due"),
        ]

    def __str__(self) -> str:
        return self.number


class ConnectionRule(Model):
    """Whose invitations one partner takes; without a row it takes all."""

    party = models.OneToOneField(**PARTY)
    mode = models.CharField(max_length=12, default=Connections.ALLOW_ALL)
    exceptions = ArrayField(models.UUIDField(), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version",)

    class Meta:
        verbose_name = _("connection rule")
        constraints = [one_of("mode", Connections, "connection_mode_known")]

    def __str__(self) -> str:
        return self.mode
