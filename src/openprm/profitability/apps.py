from django.apps import AppConfig


class ProfitabilityConfig(AppConfig):
    name = "openprm.profitability"
    label = "profitability"
