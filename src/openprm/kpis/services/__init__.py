"""What changes here: `from openprm.kpis import services`."""

from openprm.kpis.services.kept import keep
from openprm.kpis.services.labels import publish_label, refresh_labels, withdraw_label
from openprm.kpis.services.packs import ask_for_pack, draw_now, draw_pack, make_pack
from openprm.kpis.services.plans import begins, correct_cost, enter_cost, remove_cost, remove_target, set_target

__all__ = [
    "ask_for_pack",
    "begins",
    "correct_cost",
    "draw_now",
    "draw_pack",
    "enter_cost",
    "keep",
    "make_pack",
    "publish_label",
    "refresh_labels",
    "remove_cost",
    "remove_target",
    "set_target",
    "withdraw_label",
]
