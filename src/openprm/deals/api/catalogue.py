"""What is sold and where: product lines, products, territories."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.deals import queries, services
from openprm.deals.api import shapes
from openprm.deals.api.catalogue_schemas import ProductIn, ProductLineIn, ProductLineOut, ProductOut, TerritoryIn, TerritoryOut
from openprm.kernel.api import Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.errors import NotFound

lines = Router(tags=["Catalogue"])
products = Router(tags=["Catalogue"])
territories = Router(tags=["Catalogue"])


def _sliced(rows: Any, query: PageQuery, shape: Any = lambda row: row) -> dict[str, Any]:
    found = paginate(sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True), query.cursor, query.limit)
    return {"items": [shape(row) for row in found.items], "next_cursor": found.next_cursor}


def _one(rows: Any, row_id: UUID) -> Any:
    found = next((row for row in rows if row.id == row_id), None)
    if found is None:
        raise NotFound()
    return found


def tag_of(row: Any) -> str:
    """Catalogue rows carry no version: their tag is a digest of what they say."""
    return hashlib.sha256(repr(row).encode()).hexdigest()[:16]


def _tagged(response: HttpResponse, row: Any, shape: Any = lambda row: row) -> Any:
    response["ETag"] = etag_of(tag_of(row))
    return shape(row)


@lines.get("", response=Page[ProductLineOut], summary="List product lines")
@needs("deals.view")
def list_product_lines(request: HttpRequest, query: Query[PageQuery]):
    """A protection covers one product line. Partners see what is offered, the vendor also what was retired."""
    return _sliced(queries.product_lines(request.auth), query)


@lines.get("/{uuid:product_line_id}", response=ProductLineOut, summary="Read a product line")
@needs("deals.view")
def get_product_line(request: HttpRequest, product_line_id: UUID, response: HttpResponse):
    return _tagged(response, _one(queries.product_lines(request.auth), product_line_id))


@lines.post("", response={201: ProductLineOut}, summary="Add a product line")
@needs("deals.manage_catalogue")
@idempotent
def add_product_line(request: HttpRequest, data: ProductLineIn, response: HttpResponse):
    row_id = services.save_product_line(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _tagged(response, _one(queries.product_lines(request.auth), row_id)))


@lines.put("/{uuid:product_line_id}", response=ProductLineOut, summary="Change a product line")
@needs("deals.manage_catalogue")
@idempotent
@updates
def change_product_line(request: HttpRequest, product_line_id: UUID, data: ProductLineIn, response: HttpResponse):
    require_match(request, tag_of(_one(queries.product_lines(request.auth), product_line_id)))
    services.save_product_line(actor=request.auth, product_line_id=product_line_id, at=request.at, **data.dict())
    return _tagged(response, _one(queries.product_lines(request.auth), product_line_id))


@products.get("", response=Page[ProductOut], summary="List products")
@needs("deals.view")
def list_products(request: HttpRequest, query: Query[PageQuery]):
    return _sliced(queries.products(request.auth), query, shapes.product)


@products.get("/{uuid:product_id}", response=ProductOut, summary="Read a product")
@needs("deals.view")
def get_product(request: HttpRequest, product_id: UUID, response: HttpResponse):
    return _tagged(response, _one(queries.products(request.auth), product_id), shapes.product)


@products.post("", response={201: ProductOut}, summary="Add a product")
@needs("deals.manage_catalogue")
@idempotent
def add_product(request: HttpRequest, data: ProductIn, response: HttpResponse):
    row_id = services.save_product(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _tagged(response, _one(queries.products(request.auth), row_id), shapes.product))


@products.put("/{uuid:product_id}", response=ProductOut, summary="Change a product")
@needs("deals.manage_catalogue")
@idempotent
@updates
def change_product(request: HttpRequest, product_id: UUID, data: ProductIn, response: HttpResponse):
    require_match(request, tag_of(_one(queries.products(request.auth), product_id)))
    services.save_product(actor=request.auth, product_id=product_id, at=request.at, **data.dict())
    return _tagged(response, _one(queries.products(request.auth), product_id), shapes.product)


@territories.get("", response=Page[TerritoryOut], summary="List territories")
@needs("deals.view")
def list_territories(request: HttpRequest, query: Query[PageQuery]):
    return _sliced(queries.territories(request.auth), query)


@territories.get("/{uuid:territory_id}", response=TerritoryOut, summary="Read a territory")
@needs("deals.view")
def get_territory(request: HttpRequest, territory_id: UUID, response: HttpResponse):
    return _tagged(response, _one(queries.territories(request.auth), territory_id))


@territories.post("", response={201: TerritoryOut}, summary="Add a territory")
@needs("deals.manage_catalogue")
@idempotent
def add_territory(request: HttpRequest, data: TerritoryIn, response: HttpResponse):
    row_id = services.save_territory(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _tagged(response, _one(queries.territories(request.auth), row_id)))


@territories.put("/{uuid:territory_id}", response=TerritoryOut, summary="Change a territory")
@needs("deals.manage_catalogue")
@idempotent
@updates
def change_territory(request: HttpRequest, territory_id: UUID, data: TerritoryIn, response: HttpResponse):
    require_match(request, tag_of(_one(queries.territories(request.auth), territory_id)))
    services.save_territory(actor=request.auth, territory_id=territory_id, at=request.at, **data.dict())
    return _tagged(response, _one(queries.territories(request.auth), territory_id))
