"""The product's settings, with one effect more: what follows from a note is another note. And, if asked, a planted bug."""

import os

from django.apps import AppConfig

from config.settings import *  # noqa: F403 - the product's own
from config.settings import INSTALLED_APPS, MIDDLEWARE


class Echoes(AppConfig):
    """Connects the effect, after the product's own reactions."""

    name, label = "tests.promises.harness_settings", "echoes"

    def ready(self) -> None:
        """Django is awake."""
        from .harness_effects import connect

        connect()


INSTALLED_APPS = [*INSTALLED_APPS, "tests.promises.harness_settings.Echoes"]
if os.environ.get("LIANFANG_PLANT") == "acknowledge before commit":
    MIDDLEWARE = ["tests.promises.harness_effects.AcknowledgesTooEarly", *MIDDLEWARE]
