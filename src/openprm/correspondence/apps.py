from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "openprm.correspondence"
    label = "correspondence"
