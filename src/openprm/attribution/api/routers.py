"""The one router that all operations hang on."""

from ninja import Router

router = Router(tags=["Attribution"])
