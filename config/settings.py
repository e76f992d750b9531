"""One settings file. The environment gives secrets and addresses only:

``LIANFANG_DATABASE_URL`` (application role) and ``LIANFANG_OWNER_URL`` (role that migrates), ``LIANFANG_HOME`` (keys and
secrets; default ``var`` beside the code), ``LIANFANG_HOSTS`` (names the desk is reached by, comma-separated),
``LIANFANG_PUBLIC_URL`` (where residents reach their pages, for the square on a slip; default: the desk's own address),
``LIANFANG_PROXIES`` (how many machines of yours stand in front and pass on who asked; default 0),
``LIANFANG_DEMO`` (set by ``up --demo``; a home it was used in stays a demo, and only there is a moved clock obeyed).
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from lianfang.ground import home

BASE = Path(__file__).resolve().parent.parent
DEMO = os.environ.get("LIANFANG_DEMO") == "1" or home.kind(home.home()) == "demo"


def _database(url: str) -> dict[str, object]:
    given = conninfo_to_dict(url) if url else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.pop("dbname", "lianfang"),
        "USER": given.pop("user", "lianfang_app"),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": str(given.pop("port", "")),
        # The server plans a statement once for each connection, row-level security included, not at every use.
        "OPTIONS": given | {"server_side_binding": True, "prepare_threshold": 5},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {
    "default": _database(os.environ.get("LIANFANG_DATABASE_URL", "")),
    "owner": _database(os.environ.get("LIANFANG_OWNER_URL", "")) | {"CONN_MAX_AGE": 0},
}

SECRET_KEY = home.secret_key()
LIANFANG_KEYS = home.home() / "keys.json"
LIANFANG_DATA = BASE / "data"
LIANFANG_DEMO_CLOCK = home.home() / "demo-clock"
LIANFANG_PUBLIC_URL = os.environ.get("LIANFANG_PUBLIC_URL", "").rstrip("/")
LIANFANG_PROXIES = int(os.environ.get("LIANFANG_PROXIES") or 0)

DEBUG = False
ALLOWED_HOSTS = [h for h in os.environ.get("LIANFANG_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "lianfang",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "lianfang.doors.api.manners.Manners",
    "lianfang.doors.public.manners.Manners",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lianfang.doors.signing_in.SignedIn",
    "lianfang.doors.desk.reader.Reader",
    "lianfang.doors.desk.manners.Manners",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "lianfang" / "doors" / door / "templates" for door in ("desk", "public")],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "lianfang.doors.desk.frame.frame",
            ],
            "libraries": {
                "desk": "lianfang.doors.templatetags.desk",
                "kept": "lianfang.doors.templatetags.kept",
            },
        },
    }
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
AUTH_USER_MODEL = "lianfang.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE / "lianfang" / "doors" / "locale", BASE / "lianfang" / "rooms" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "lianfang" / "doors" / door / "static" for door in ("desk", "public")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

SESSION_ENGINE = "lianfang.ground.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
    }
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "followups"
PROCRASTINATE_IMPORT_PATHS = ["lianfang.ground.followups"]
CSRF_FAILURE_VIEW = "lianfang.doors.desk.trouble.csrf"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LIANFANG_LOG", "WARNING")},
}
