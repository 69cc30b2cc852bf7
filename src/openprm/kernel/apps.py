from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "openprm.kernel"
    label = "kernel"
    verbose_name = "Kernel"
