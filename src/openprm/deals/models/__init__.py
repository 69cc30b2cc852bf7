"""Columns and constraints of the deals room, one module per aggregate. No workflow."""

from openprm.deals.models.amendment import Amendment
from openprm.deals.models.catalogue import ExchangeRate, Product, ProductLine, Territory
from openprm.deals.models.customer_choice import ChoiceLetter, ChoiceLink, CustomerChoice
from openprm.deals.models.evidence import ProtectionStep, StageMove
from openprm.deals.models.opportunity import Opportunity
from openprm.deals.models.process import SalesProcess
from openprm.deals.models.protection import Precheck, ProtectionGrant
from openprm.deals.models.registration import ApprovalStep, Collaborator, Decision, Finding, Line, Registration, ReviewerRegion
from openprm.deals.models.renewal import Renewal
from openprm.deals.models.work import Document, Note, Task

__all__ = [
    "Amendment",
    "ApprovalStep",
    "ChoiceLetter",
    "ChoiceLink",
    "Collaborator",
    "CustomerChoice",
    "Decision",
    "Document",
    "ExchangeRate",
    "Finding",
    "Line",
    "Note",
    "Opportunity",
    "Precheck",
    "Product",
    "ProductLine",
    "ProtectionGrant",
    "ProtectionStep",
    "Registration",
    "Renewal",
    "ReviewerRegion",
    "SalesProcess",
    "StageMove",
    "Task",
    "Territory",
]
