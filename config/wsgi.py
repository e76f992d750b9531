"""The web entry point. It refuses to serve on an unsafe database."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from lianfang.doors import in_turn, starting  # noqa: E402 - settings must be there first

starting.insist_on_a_safe_database()
application = in_turn.InTurn(django)

# What was loaded by now stays to the end: the collector need not look at it again and again, nor at each small page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
