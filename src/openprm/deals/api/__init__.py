"""The deals API."""

ROUTERS: dict = {}
