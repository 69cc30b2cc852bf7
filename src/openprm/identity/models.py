"""Organizations, the people in them, and everything that lets a person or a token in."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from openprm.identity import rules
from openprm.kernel.models import Model


class Organization(Model):
    class Kind(models.TextChoices):
        VENDOR = "vendor", _("Vendor")
        PARTNER = "partner", _("Partner")

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        APPLICANT = "applicant", _("Applicant")
        PENDING = "pending", _("Pending")
        DECLINED = "declined", _("Declined")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        DEACTIVATED = "deactivated", _("Deactivated")
        BANNED = "banned", _("Banned")
        OFFBOARDED = "offboarded", _("Offboarded")
        ARCHIVED = "archived", _("Archived")

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    locale = models.CharField(max_length=16, default="en")
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    brand_logo_light = models.CharField(max_length=200, blank=True)
    brand_logo_dark = models.CharField(max_length=200, blank=True)
    brand_color = models.CharField(max_length=7, blank=True)
    brand_radius = models.PositiveSmallIntegerField(default=8)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("name", "legal_name", "domain", "country", "time_zone", "locale", "status", "brand_color", "brand_radius")

    class Meta:
        verbose_name = _("organization")
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="vendor"), name="one_vendor_organization"),
            models.UniqueConstraint(fields=["id", "kind"], name="organization_id_and_kind"),
            models.CheckConstraint(condition=~Q(name=""), name="organization_has_a_name"),
            models.CheckConstraint(condition=Q(brand_radius__lte=12), name="organization_radius_at_most_12"),
            models.CheckConstraint(condition=Q(status__in=rules.ORGANIZATION_STATES), name="organization_status_is_known"),
        ]
        indexes = [models.Index(fields=["kind", "name"], name="organization_kind_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_vendor(self) -> bool:
        return self.kind == self.Kind.VENDOR


class UserManager(BaseUserManager):
    """People are read before a scope exists: signing in is what makes one."""

    def create_user(self, email: str, name: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=rules.normal_email(email), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email=rules.normal_email(username))


class User(AbstractBaseUser, Model):
    class Theme(models.TextChoices):
        SYSTEM = "system", _("Same as the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(max_length=rules.EMAIL_LONGEST)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC")
    locale = models.CharField(max_length=16, default="en")
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    snapshot_leaves_out = ("password", "last_login")

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_user_per_email"),
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Model):
    """A person's place in an organization. `side` repeats the organization's kind, so that the
    database can refuse a vendor role inside a partner organization."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        DISABLED = "disabled", _("Disabled")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    side = models.CharField(max_length=8, choices=Organization.Kind)
    role = models.CharField(max_length=24)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    disabled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("role", "state", "disabled_at")

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="one_membership_per_organization"),
            models.UniqueConstraint(fields=["id", "organization"], name="membership_id_and_organization"),
            models.CheckConstraint(
                condition=Q(side="vendor", role__in=rules.VENDOR_ROLES) | Q(side="partner", role__in=rules.PARTNER_ROLES),
                name="membership_role_fits_side",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "role"], name="membership_org_state_role")]

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_admin(self) -> bool:
        return self.role in rules.ADMIN_ROLES


class Invitation(Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=rules.EMAIL_LONGEST)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=24)
    token_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_count = models.PositiveSmallIntegerField(default=1)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    snapshot_leaves_out = ("token_hash",)
    audit_shared = ("email", "name", "role", "expires_at", "sent_count", "accepted_at", "revoked_at")

    class Meta:
        verbose_name = _("invitation")
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="one_invitation_per_token"),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_email",
            ),
            models.CheckConstraint(condition=Q(role__in=rules.VENDOR_ROLES + rules.PARTNER_ROLES), name="invitation_role_is_known"),
        ]

    def state(self, at: datetime) -> str:
        return rules.invitation_state(accepted_at=self.accepted_at, revoked_at=self.revoked_at, expires_at=self.expires_at, at=at)


class ApiToken(Model):
    """A personal token: acts as its person in one organization, within its scopes."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=60))
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    snapshot_leaves_out = ("hash",)

    class Meta:
        verbose_name = _("API token")
        constraints = [models.UniqueConstraint(fields=["prefix"], name="one_token_per_prefix")]

    def state(self, at: datetime) -> str:
        return rules.token_state(revoked_at=self.revoked_at, expires_at=self.expires_at, at=at)


class SignInLink(Model):
    """One asked-for link. An address nobody has leaves a row too (user empty): limits count alike, nothing is told."""

    email = models.EmailField(max_length=rules.EMAIL_LONGEST)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    browser_hash = models.CharField(max_length=64, blank=True)
    network_address = models.GenericIPAddressField(null=True)
    expires_at = models.DateTimeField()
    is_reusable = models.BooleanField(default=False)
    used_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sign-in link")
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="one_link_per_token")]
        indexes = [
            models.Index(fields=["email", "asked_at"], name="sign_in_link_email_asked"),
            models.Index(fields=["network_address", "asked_at"], name="sign_in_link_address_asked"),
        ]


class PortalView(Model):
    """A vendor person's look at the portal as one partner: read-only, time-boxed, known to both sides."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    audit_shared = ("reason", "started_at", "ends_at", "ended_at")

    class Meta:
        verbose_name = _("view of the portal")
        indexes = [models.Index(fields=["user", "ends_at"], condition=Q(ended_at=None), name="portal_view_running")]


class SavedView(Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    list_key = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=rules.QUERY_LONGEST, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(fields=["user", "list_key", "name"], name="one_saved_view_per_name"),
            models.UniqueConstraint(fields=["user", "list_key"], condition=Q(is_default=True), name="one_default_view_per_list"),
        ]
