"""Migration operations for what the database itself must refuse."""

from openprm.kernel.guards import AppendOnly, CompositeForeignKey, RowLevelSecurity

__all__ = ["AppendOnly", "CompositeForeignKey", "RowLevelSecurity"]
