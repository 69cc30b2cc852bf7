"""What the demo gives to the whole: one command."""

from django.utils.translation import gettext_lazy as _

from openprm.demo.commands import demo
from openprm.kernel.registry import AuditVerb, Wiring

wiring = Wiring(domain="demo", commands=(demo,), audit_verbs={"demo.loaded": AuditVerb(label=_("loaded the demo ecosystem"), icon="sparkles", tone="info")})
