"""The base of every stored thing: an id that sorts by time, and managers that refuse to work outside a scope."""

import json
from typing import Any, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _

from openprm.kernel.clock import now
from openprm.kernel.errors import NotFound
from openprm.kernel.ids import new_id
from openprm.kernel.scope import NoScope, current_actor


class ScopedQuerySet(models.QuerySet):
    def locked(self) -> Self:
        """Lock the rows in primary-key order, so that two transactions never wait for each other in a circle.

        Others may still write rows that refer to these: only those who lock or change the same rows wait.
        """
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)

    def one(self, row_id: UUID | str) -> Any:
        """The row with this id. Raises NotFound, also for an id that is none."""
        try:
            return self.get(pk=row_id)
        except (self.model.DoesNotExist, ValidationError, ValueError):
            raise NotFound(
                _("There is no such %(what)s that you can see.") % {"what": self.model._meta.verbose_name},
                code=f"{self.model._meta.model_name}_not_found",
            ) from None


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):
    def get_queryset(self) -> ScopedQuerySet:
        if current_actor() is None:
            raise NoScope(f"{self.model.__name__} was read outside scope(actor)")
        return super().get_queryset()


class Moment(models.DateTimeField):
    """`auto_now` and `auto_now_add` by the clock of the kernel, which a history can stop."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if self.auto_now or (self.auto_now_add and add):
            setattr(model_instance, self.attname, now())
        return getattr(model_instance, self.attname)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class Model(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = Moment(auto_now_add=True, editable=False)
    updated_at = Moment(auto_now=True, editable=False)

    objects = ScopedManager()

    snapshot_leaves_out: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @classmethod
    def unscoped(cls, *, reason: str) -> ScopedQuerySet:
        """Every row that the database role allows, without a scope in Python. `reason` is for the reader."""
        return ScopedQuerySet(model=cls)

    def snapshot(self) -> dict[str, Any]:
        """The row as plain JSON values by column name, for the audit log."""
        left_out = {"id", "created_at", "updated_at", *self.snapshot_leaves_out}
        values = {
            field.attname: field.value_from_object(self)
            for field in self._meta.concrete_fields
            if field.attname not in left_out and not isinstance(field, models.GeneratedField)
        }
        return json.loads(_Encoder().encode(values))


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)
