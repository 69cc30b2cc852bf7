"""The stored things of action plans."""

from openprm.actionplans.models.plan import Evidence, Plan, PrivateEntry, SignOff, Step
from openprm.actionplans.models.template import Template, TemplateVersion

__all__ = ["Evidence", "Plan", "PrivateEntry", "SignOff", "Step", "Template", "TemplateVersion"]
