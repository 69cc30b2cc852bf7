from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "openprm.onboarding"
    label = "onboarding"
