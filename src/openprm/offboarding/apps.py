from django.apps import AppConfig


class OffboardingConfig(AppConfig):
    name = "openprm.offboarding"
    label = "offboarding"
