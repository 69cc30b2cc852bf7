from django.apps import AppConfig


class KernelApiConfig(AppConfig):
    """The API's own two tables: an exception to "no models in the kernel", see docs/adr/0007."""

    name = "openprm.kernel.api"
    label = "kernel_api"
    verbose_name = "API infrastructure"
    default_auto_field = "django.db.models.BigAutoField"
