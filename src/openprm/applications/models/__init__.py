"""The tables of applications."""

from openprm.applications.models.application import Application, Finding, Note
from openprm.applications.models.forms import FormVersion, ProgramPage, Visit

__all__ = ["Application", "Finding", "FormVersion", "Note", "ProgramPage", "Visit"]
