from django.apps import AppConfig


class IncentivesConfig(AppConfig):
    name = "openprm.incentives"
    label = "incentives"
