"""What protection that reflects work (X11) and the customer's choice (X34) contribute to the whole."""

from typing import Any

from openprm.deals import subjects

PAGES: tuple[Any, ...] = ()
OBJECT_PANELS: tuple[Any, ...] = ()
SUBSCRIPTIONS: tuple[Any, ...] = ()
JOBS: tuple[Any, ...] = ()
AUDIT_VERBS: dict[str, Any] = {}
RULE_KINDS: tuple[Any, ...] = ()
PROMISES: tuple[Any, ...] = ()
KINDS: tuple[Any, ...] = ()
PORTS = {"activities.subjects": (subjects.registration,)}
