from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "openprm.compliance"
    label = "compliance"
