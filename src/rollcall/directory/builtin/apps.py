"""The built-in directory as a Django app."""

from django.apps import AppConfig


class BuiltinDirectoryConfig(AppConfig):
    """Registers the models under the label `directory`."""

    name = "rollcall.directory.builtin"
    label = "directory"
    verbose_name = "Built-in directory"
    default_auto_field = "django.db.models.BigAutoField"
