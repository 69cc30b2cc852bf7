from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "openprm.funds"
    label = "funds"
