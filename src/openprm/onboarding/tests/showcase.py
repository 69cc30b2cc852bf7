"""Onboarding in the middle, with known ids, for pictures: task ...3ef, template ...7d0, pilot ...bb8."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any
from uuid import UUID

from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.onboarding import services
from openprm.onboarding.models import Pilot, PlanTask, Template
from openprm.onboarding.testing import make_showcase as _make
from openprm.onboarding.testing import template_id


@contextmanager
def _known_ids(model: Any, first: int) -> Iterator[None]:
    field, numbers = model._meta.get_field("id"), count(first)
    field.__dict__["_get_default"] = lambda: UUID(int=next(numbers))
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def make_showcase(cast: Any) -> None:
    with ExitStack() as known:
        for model, first in ((PlanTask, 1000), (Template, 2000), (Pilot, 3000)):
            known.enter_context(_known_ids(model, first))
        _make(cast)
        with scope(cast.vendor_admin):
            services.create_template(actor=cast.vendor_admin, name="First 60 days: resell, quick", copy_of=template_id(), at=now())
