"""Imports: the file as it was read, what each row did, and the mappings that people keep."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model


class Import(Model):
    class Status(models.TextChoices):
        STAGED = "staged", _("Waiting for its columns")
        CHECKING = "checking", _("Being tried")
        CHECKED = "checked", _("Tried")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Refused")
        UNDONE = "undone", _("Taken back")

    name = models.CharField(max_length=200)
    source = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.STAGED)
    skip_bad_rows = models.BooleanField(default=False)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    message = models.TextField(blank=True)
    started_by = models.ForeignKey("identity.User", null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    snapshot_leaves_out = ("mapping", "findings", "checks", "message")

    class Meta:
        verbose_name = _("import")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["staged", "checking", "checked", "running", "done", "failed", "undone"]), name="import_status_is_known"
            )
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_newest")]

    def __str__(self) -> str:
        return self.name


class ImportFile(Model):
    """One file of an import; its rows wait in ImportRow until they are run."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    entity = models.CharField(max_length=40)
    format = models.CharField(max_length=4)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    columns = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("file of an import")
        constraints = [models.UniqueConstraint(fields=["of", "position"], name="one_import_file_per_position")]


class ImportRow(models.Model):
    """A staged row, written with COPY: its cells as they stood in the file."""

    pk = models.CompositePrimaryKey("file_id", "number")
    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    problem = models.TextField(blank=True)


class ImportResult(Model):
    """What one row did, or would do in a trial: the report per row, and what undo needs."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="+")
    row = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    entity = models.CharField(max_length=40)
    action = models.CharField(max_length=8)
    object_id = models.UUIDField(null=True)
    label = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    notes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("row of an import")
        indexes = [
            models.Index(fields=["of", "position"], name="import_result_position"),
            models.Index(fields=["of", "action", "position"], name="import_result_action"),
        ]
        constraints = [models.CheckConstraint(condition=Q(action__in=["create", "update", "same", "refuse", "skip"]), name="import_action_is_known")]


class ImportProgress(models.Model):
    """How far a running import is. Written outside its transaction, so that others can see it move."""

    import_id = models.UUIDField(primary_key=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=80, blank=True)
    updated_at = models.DateTimeField(auto_now=True)


class SavedMapping(Model):
    """A mapping that a person gave a name."""

    name = models.CharField(max_length=80)
    entity = models.CharField(max_length=40)
    mapping = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("saved mapping")
        constraints = [models.UniqueConstraint(fields=["entity", "name"], name="one_mapping_per_name")]

    def __str__(self) -> str:
        return self.name
