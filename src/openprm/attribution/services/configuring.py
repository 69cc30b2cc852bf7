"""How credit is divided: published versions, each with the hash of what it decides."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.attribution import policies
from openprm.attribution.models import Configuration
from openprm.attribution.queries.reading import decides
from openprm.attribution.rules import canonical
from openprm.attribution.rules.words import MODELS, USUAL_MODEL
from openprm.attribution.services.unit import as_system, choice, one_at_a_time, words
from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if

SHAPED = {"u-shaped": (3,), "w-shaped": (4,), "z-shaped": (5,), "custom": (3, 4, 5)}


class NothingChanged(Conflict):
    """The configuration in force decides the same."""


def publish_configuration(
    *, actor: Actor, name: str, model: str, half_life: Any = 7, weights: Sequence[Any] = (), window_days: int = 365, gap_points: int = 2500, note: str = "",
    at: datetime,
) -> UUID:  # fmt: skip
    """Publish how credit is divided from now on. Months that are locked stay as they are. Raises NotAllowed, Invalid, NothingChanged."""
    refuse_if(policies.why_not_configure(actor))
    values = _values(model, half_life, weights, window_days, gap_points)
    return _publish(actor, words("name", name, most=120), values, words("note", note, most=500, required=False), at)


def draft_configuration(
    base: Configuration, *, model: str = "", half_life: Any = None, weights: Sequence[Any] | None = None, window_days: int | None = None
) -> Configuration:  # fmt: skip
    """A configuration that is not published: `base` with what is given instead. Raises Invalid."""
    given = {"model": model or None, "half_life": half_life, "window_days": window_days}
    chosen = {name: getattr(base, name) if value is None else value for name, value in given.items()}
    kept = base.weights if chosen["model"] == base.model else ()
    return Configuration(**_values(weights=kept if weights is None else weights, gap_points=base.gap_points, **chosen))


def _values(model: str, half_life: Any, weights: Sequence[Any], window_days: int, gap_points: int) -> dict[str, Any]:
    model = choice("model", model, MODELS)
    return {
        "model": model,
        "half_life": _number("half_life", half_life, 1, 3650),
        "weights": _weights(model, weights),
        "window_days": int(_number("window_days", window_days, 1, 1095)),
        "gap_points": int(_number("gap_points", gap_points, 1, 10_000)),
    }


def ensure_configuration(*, at: datetime) -> Configuration:
    """The configuration in force; the usual one is published where there is none yet."""
    with as_system():
        found = Configuration.objects.order_by("-number").first()
        if found is None:
            values = {"model": USUAL_MODEL, "half_life": Decimal(7), "weights": [], "window_days": 365, "gap_points": 2500}
            _publish(SYSTEM, "U-shaped 40/20/40", values, "", at)
            found = Configuration.objects.order_by("-number").get()
    return found


def _publish(actor: Actor, name: str, values: dict[str, Any], note: str, at: datetime) -> UUID:
    with as_system():
        one_at_a_time("configuration")
        last = Configuration.objects.order_by("-number").first()
        row = Configuration(
            number=(last.number if last else 0) + 1, name=name, note=note, published_at=at, published_by_id=actor.user_id, published_by_name=actor.name[:120],
            **values,
        )  # fmt: skip
        row.sha256 = canonical.configuration(decides(row))
        if last and last.sha256 == row.sha256:
            raise NothingChanged(_("The configuration in force decides the same. Change something, or leave it."))
        row.save(force_insert=True)
        audit.record(actor, "attribution.configured", row, at=at)
    return row.pk


def _number(field: str, value: Any, least: int, most: int) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise Invalid(_("Write a number."), field=field) from None
    if not found.is_finite() or not least <= found <= most:
        raise Invalid(_("Between %(least)d and %(most)d.") % {"least": least, "most": most}, field=field)
    return found.quantize(Decimal("0.01"))


def _weights(model: str, weights: Sequence[Any]) -> list[Decimal]:
    found = [_number("weights", one, 0, 1000) for one in weights]
    if not found and model != "custom":
        return []
    if model not in SHAPED:
        raise Invalid(_("This model takes no weights."), field="weights")
    if len(found) not in SHAPED[model] or not sum(found):
        counts = ", ".join(map(str, SHAPED[model]))
        raise Invalid(_("Give this many weights, one of them above 0: %(counts)s.") % {"counts": counts}, field="weights")
    return found
