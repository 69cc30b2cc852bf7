from django.apps import AppConfig


class CoSellConfig(AppConfig):
    name = "openprm.cosell"
    label = "cosell"
