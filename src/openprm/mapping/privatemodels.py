"""Private comparisons with other installations: our key, pinned peers, runs with their messages, and what they told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.mapping.engine.psi.limits import COUNT, FEW, LEAST, MOST, REVEAL, Limits
from openprm.mapping.engine.psi.messages import LONGEST_PURPOSE

PERSON = {"to": "identity.User", "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
INVITED, PINNED, REVOKED = "invited", "pinned", "revoked"
ASKED, PREPARING, OFFERED, ANSWERED, FINISHED = "asked", "preparing", "offered", "answered", "finished"
DECLINED, DROPPED, EXPIRED, REFUSED = "declined", "dropped", "expired", "refused"
WORKING = (PREPARING, OFFERED, ANSWERED)
ENDED = (FINISHED, DECLINED, DROPPED, EXPIRED, REFUSED)
IN, OUT = "in", "out"
ARRIVING, WHOLE, READ, SENDING, SENT, UNSENT = "arriving", "whole", "read", "sending", "sent", "unsent"
_AGREED = Limits()


class PsiKey(Model):
    """Our own key: the public half, and sealed under the installation's secret the private half and the key of the fingerprints of our lists."""

    public = models.BinaryField()
    sealed = models.TextField()
    sealed_prints = models.TextField()
    since = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    snapshot_leaves_out = ("public", "sealed", "sealed_prints")

    class Meta:
        verbose_name = _("key for private comparisons")
        constraints = [
            models.UniqueConstraint(fields=["retired_at"], condition=Q(retired_at=None), nulls_distinct=False, name="mapping_one_psi_key"),
        ]


class PsiPeer(Model):
    """Another company's server: where it is, which key is its, and what is agreed with it."""

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=300)
    certificate = models.TextField(blank=True)
    public = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=8, default=INVITED)
    least = models.PositiveIntegerField(default=_AGREED.least)
    most = models.PositiveIntegerField(default=_AGREED.most)
    runs = models.PositiveSmallIntegerField(default=_AGREED.runs)
    days = models.PositiveSmallIntegerField(default=_AGREED.days)
    few = models.PositiveIntegerField(default=_AGREED.few)
    pinned_by = models.CharField(max_length=120, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("public", "certificate")

    class Meta:
        verbose_name = _("peer")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="mapping_psi_peer_once_per_name"),
            models.UniqueConstraint(fields=["fingerprint"], name="mapping_psi_peer_once_per_key"),
            models.CheckConstraint(condition=Q(state__in=[INVITED, PINNED, REVOKED]), name="mapping_psi_peer_state_known"),
            models.CheckConstraint(condition=~Q(state=PINNED) | Q(pinned_at__isnull=False), name="mapping_psi_peer_pinned_at"),
            models.CheckConstraint(condition=Q(least__gte=LEAST, least__lte=F("most"), most__lte=MOST), name="mapping_psi_peer_sizes"),
            models.CheckConstraint(condition=Q(runs__range=(1, 100), days__range=(1, 3660), few__range=(FEW, MOST)), name="mapping_psi_peer_limits"),
        ]

    def __str__(self) -> str:
        return self.name


class PsiRun(Model):
    """One private comparison with a peer. Both sides' people agree before a secret touches a list; names are kept only of a run in which both wanted them."""

    peer = models.ForeignKey(PsiPeer, on_delete=models.PROTECT, related_name="+")
    run = models.CharField(max_length=32, null=True, blank=True)
    began_it = models.BooleanField()
    mode = models.CharField(max_length=6)
    purpose = models.CharField(max_length=LONGEST_PURPOSE)
    population = models.ForeignKey("mapping.Population", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    population_name = models.CharField(max_length=120, blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9)
    stands_days = models.PositiveSmallIntegerField(default=7)
    begun_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=120, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    their_agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    our_points = models.PositiveIntegerField(null=True, blank=True)
    their_points = models.PositiveIntegerField(null=True, blank=True)
    common = models.PositiveIntegerField(null=True, blank=True)
    keys = models.JSONField(default=list, blank=True)
    transcript = models.JSONField(default=list, blank=True)
    transcript_hash = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    snapshot_leaves_out = ("transcript", "keys")

    class Meta:
        verbose_name = _("private comparison")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["run"], name="mapping_psi_run_once"),
            models.UniqueConstraint(fields=["id", "mode"], name="mapping_psi_run_and_mode"),
            models.UniqueConstraint(fields=["peer"], condition=Q(state__in=WORKING), name="mapping_psi_one_open_run"),
            models.CheckConstraint(condition=Q(mode__in=[COUNT, REVEAL]), name="mapping_psi_mode_known"),
            models.CheckConstraint(condition=Q(state__in=[ASKED, *WORKING, *ENDED]), name="mapping_psi_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[PREPARING, OFFERED, ANSWERED]) | Q(agreed_at__isnull=False, population__isnull=False),
                name="mapping_psi_we_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state=FINISHED) | (Q(agreed_at__isnull=False, their_agreed_at__isnull=False, common__isnull=False) & ~Q(transcript_hash="")),
                name="mapping_psi_finished_by_both",
            ),
        ]
        indexes = [models.Index(fields=["peer", "-created_at"], name="mapping_psi_run_by_peer")]

    def __str__(self) -> str:
        return self.purpose


class PsiWork(Model):
    """What only an open run needs, for the system alone: its sealed secret, fingerprints of our list, and which of our rows is behind which point."""

    run = models.OneToOneField(PsiRun, on_delete=models.CASCADE, related_name="work")
    sealed = models.TextField()
    prints = models.BinaryField()
    rows = models.BinaryField(blank=True, default=b"")

    class Meta:
        verbose_name = _("work of a private comparison")


class PsiPast(Model):
    """A run after which the other side may have learnt something: what later ones are held against. Never changed."""

    peer = models.ForeignKey(PsiPeer, on_delete=models.DO_NOTHING, related_name="+")
    run = models.OneToOneField(PsiRun, on_delete=models.DO_NOTHING, related_name="+")
    mode = models.CharField(max_length=6)
    started_at = models.DateTimeField()
    prints = models.BinaryField()

    class Meta:
        verbose_name = _("past private comparison")
        ordering = ["started_at", "id"]


class PsiMessage(Model):
    """A signed message of a run, ours or theirs; `name` is the hash of its head."""

    peer = models.ForeignKey(PsiPeer, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(PsiRun, on_delete=models.CASCADE, null=True, blank=True, related_name="messages")
    direction = models.CharField(max_length=3)
    name = models.CharField(max_length=64)
    head = models.BinaryField()
    step = models.CharField(max_length=6)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=8)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("message of a private comparison")
        constraints = [
            models.UniqueConstraint(fields=["name"], name="mapping_psi_message_once"),
            models.CheckConstraint(condition=Q(direction__in=[IN, OUT]), name="mapping_psi_direction_known"),
            models.CheckConstraint(condition=Q(state__in=[ARRIVING, WHOLE, READ, SENDING, SENT, UNSENT]), name="mapping_psi_message_state_known"),
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="mapping_psi_message_not_longer"),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state=SENDING), name="mapping_psi_message_due")]


class PsiPiece(Model):
    """A piece of the points and tags of a message, from `offset` on."""

    message = models.ForeignKey(PsiMessage, on_delete=models.CASCADE, related_name="pieces", db_index=False)
    offset = models.PositiveBigIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("piece of a message")
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["message", "offset"], name="mapping_psi_piece_once")]


class PsiRow(Model):
    """A company that both sides have, of our own list: only of a run in which both sides agreed to names (`mode` is tied to the run's)."""

    run = models.ForeignKey(PsiRun, on_delete=models.PROTECT, related_name="rows")
    mode = models.CharField(max_length=6, default=REVEAL)
    domain = models.CharField(max_length=253)
    keys = ArrayField(models.CharField(max_length=200))
    name = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("common company")
        ordering = ["domain", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "domain"], name="mapping_psi_row_once"),
            models.CheckConstraint(condition=Q(mode=REVEAL), name="mapping_psi_row_of_a_reveal"),
        ]


class PsiProgress(Model):
    """How far a job is with a run; written beside its transaction."""

    run = models.OneToOneField(PsiRun, on_delete=models.CASCADE, related_name="progress")
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("progress of a private comparison")
