"""The pipeline over the API: the same queries and services as the pages."""

from openprm.pipeline.api import pipeline

ROUTERS = {"pipeline": pipeline.router}
