"""The kinds of value that the directory's requests share."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from pydantic import StringConstraints

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Code = Annotated[str, StringConstraints(max_length=40)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]


def own_partner_id(request: HttpRequest) -> UUID:
    return request.auth.partner_id
