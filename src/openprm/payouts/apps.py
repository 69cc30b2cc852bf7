from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "openprm.payouts"
    label = "payouts"
