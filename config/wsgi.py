"""The web entry point. It refuses to serve on an unsafe database."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from lianfang.doors import starting  # noqa: E402 - settings must be there first

starting.insist_on_a_safe_database()
