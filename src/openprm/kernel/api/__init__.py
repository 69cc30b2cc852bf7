"""The API seam for all domains: mark operations, page lists, quote versions. Refusals become problem+json by themselves.

router = Router(tags=["Products"])

@router.patch("/{uuid:product_id}", response=ProductOut)
@needs("deals.manage_catalogue")
@updates                                    # If-Match is needed and documented
@idempotent                                 # Idempotency-Key is honoured and documented
def change_product(request, product_id: UUID, body: ProductIn, response: HttpResponse):
    require_match(request, queries.product(request.auth, product_id).version)
    ...
    response["ETag"] = etag_of(changed.version)
    return changed
"""

from openprm.kernel.api.answers import problem
from openprm.kernel.api.cursors import paginate
from openprm.kernel.api.etags import etag_of, matched_version, require_match
from openprm.kernel.api.marks import idempotent, needs, question, updates
from openprm.kernel.api.schemas import AmountMinor, Country, Currency, IdOut, In, Line, MoneyOut, Out, Page, PageQuery, RequiredLine, RequiredText, Text

__all__ = [
    "AmountMinor", "Country", "Currency", "IdOut", "In", "Line", "MoneyOut", "Out", "Page", "PageQuery", "RequiredLine", "RequiredText", "Text",
    "etag_of", "idempotent", "matched_version", "needs", "paginate", "problem", "question", "require_match", "updates",
]  # fmt: skip
