from django.apps import AppConfig


class EarningsConfig(AppConfig):
    name = "openprm.earnings"
    label = "earnings"
