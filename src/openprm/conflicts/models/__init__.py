from openprm.conflicts.models.case import ConflictCase, NextCaseNumber
from openprm.conflicts.models.hearing import CaseFact, CaseNote, Evidence, Party, Statement
from openprm.conflicts.models.precedent import Precedent
from openprm.conflicts.models.ruling import Appeal, Remedy, Ruling

__all__ = ["Appeal", "CaseFact", "CaseNote", "ConflictCase", "Evidence", "NextCaseNumber", "Party", "Precedent", "Remedy", "Ruling", "Statement"]
