"""Field types of the built-in directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    TextField = models.CharField[str, str]
else:
    TextField = models.CharField


class LowercaseField(TextField):
    """Text that is stored and looked up in lower case, as the directory does with e-mails."""

    def to_python(self, value: Any) -> Any:
        """The value as text in lower case."""
        text = super().to_python(value)
        return text.lower() if isinstance(text, str) else text

    def get_prep_value(self, value: Any) -> Any:
        """The value as it goes to the database."""
        text = super().get_prep_value(value)
        return text.lower() if isinstance(text, str) else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Let the object in memory carry what is stored."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value
