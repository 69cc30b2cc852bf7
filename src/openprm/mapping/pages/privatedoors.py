"""The pages of private comparisons, and the two addresses to which peers bring their messages."""

from openprm.kernel.registry import Page
from openprm.mapping.pages import privatedoor

PAGES = (
    Page(path="psi/v1/heads", view=privatedoor.heads, name="private_heads", workspace="public", methods=("POST",)),
    Page(path="psi/v1/messages/<str:name>/<int:offset>", view=privatedoor.pieces, name="private_pieces", workspace="public", methods=("PUT",)),
)
