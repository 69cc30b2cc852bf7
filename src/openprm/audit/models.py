"""The log and its seals. Every table here is append-only in the database, except the list of what waits for a seal."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from openprm.audit.rules.entries import Entry
from openprm.audit.rules.seals import PublicKey, Seal, SignedSeal
from openprm.kernel.ids import new_id
from openprm.kernel.models import ScopedManager, ScopedQuerySet


class LogRow(models.Model):
    """A row of the log: without the columns of times that `kernel.models.Model` keeps, because nothing here is ever updated."""

    objects = ScopedManager()

    class Meta:
        abstract = True

    @classmethod
    def unscoped(cls, *, reason: str) -> ScopedQuerySet:
        """What the login role may read without a scope. `reason` is for the reader."""
        return ScopedQuerySet(model=cls)


class Event(LogRow):
    """One thing that happened. Partners in `visible_to` may read all but the columns in `VENDOR_ONLY`."""

    VENDOR_ONLY = ("private", "salt", "visible_to")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    actor_side = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_organization = models.UUIDField(null=True)
    viewing_as = models.UUIDField(null=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    subject_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    note = models.TextField(default="")
    private = models.JSONField(default=dict)
    salt = models.BinaryField(max_length=16)
    refs = ArrayField(models.UUIDField())
    visible_to = ArrayField(models.UUIDField(), default=list)

    class Meta:
        verbose_name = _("event")
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_event_newest"),
            models.Index(fields=["actor_id", "-at"], name="audit_event_person"),
            models.Index(fields=["verb", "-at"], name="audit_event_verb"),
            GinIndex(fields=["refs"], name="audit_event_refs"),
            GinIndex(fields=["visible_to"], name="audit_event_visible_to"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"

    def entry(self) -> Entry:
        """The event as it is hashed."""
        return Entry(
            id=str(self.pk),
            at=self.at,
            verb=self.verb,
            actor=_known(side=self.actor_side, id=self.actor_id, name=self.actor_name, organization=self.actor_organization, viewing_as=self.viewing_as),
            subject=_known(type=self.subject_type, id=self.subject_id, label=self.subject_label),
            changes=self.changes,
            data=self.data,
            note=self.note,
            private=self.private,
            refs=tuple(map(str, self.refs)),
            visible_to=tuple(map(str, self.visible_to)),
            salt=bytes(self.salt),
        )


def _known(**values: object) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}


class Key(LogRow):
    """A public key that signs seals; the newest one is in use."""

    fingerprint = models.CharField(primary_key=True, max_length=64)
    public = models.BinaryField(max_length=32)
    endorsed_by = models.CharField(max_length=64, default="")
    endorsement = models.BinaryField(max_length=64, default=b"")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("audit key")
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.fingerprint

    def public_key(self) -> PublicKey:
        return PublicKey(public=bytes(self.public), endorsed_by=self.endorsed_by, endorsement=bytes(self.endorsement))


class AuditSeal(LogRow):
    """One sealed batch. `hash` is the hash of the signed body, for people who look; verification computes it anew."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    size = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    hash = models.CharField(max_length=64)
    signature = models.BinaryField(max_length=64)

    class Meta:
        verbose_name = _("seal")
        db_table = "audit_seal"
        constraints = [
            models.UniqueConstraint(fields=["previous"], name="audit_seal_one_chain"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="audit_seal_holds_something"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def signed(self) -> SignedSeal:
        seal = Seal(number=self.number, at=self.at, size=self.size, root=self.root, previous=self.previous, key=self.key_id)
        return SignedSeal(seal=seal, signature=bytes(self.signature))


class Sealed(LogRow):
    """The place of an event in the log. `leaf` is the hash that was sealed."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT, related_name="sealed")
    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="members", db_index=False)
    position = models.PositiveIntegerField()
    leaf = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("sealed event")
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="audit_sealed_one_per_place")]


class Unsealed(LogRow):
    """An event that waits for its seal. The database adds the row with the event, the sealing job takes it away."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        verbose_name = _("waiting event")
