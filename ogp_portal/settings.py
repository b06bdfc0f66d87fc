"""Settings: one file, read from the environment (.env.example explains each variable), defaults safe."""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name, default="0"):
    """Read an on/off variable of the environment: 1, true, yes or on mean on."""
    return os.environ.get(name, default).strip().lower() in {"1", "true", "yes", "on"}


def _number(name, default):
    """Read a whole number of the environment, 0 or more."""
    value = os.environ.get(name, "").strip() or str(default)
    if not re.fullmatch("[0-9]{1,9}", value):
        raise ImproperlyConfigured(f"{name} is a whole number, such as {default}, and not {value!r}.")
    return int(value)


def _words(name):
    """Read a comma-separated variable of the environment."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def _read_env_file(path):
    """Put the lines NAME=value of a file into the environment, where the name is not set yet."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.partition("=")
        if sign and not name.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


_read_env_file(BASE_DIR / ".env")

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "DJANGO_SECRET_KEY is not set. `make run` writes one to .env; .env.example explains how to set it."
    )
DEBUG = _flag("DJANGO_DEBUG")
ALLOWED_HOSTS = _words("DJANGO_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _words("DJANGO_CSRF_TRUSTED_ORIGINS")
# The folder of its host that the portal is in, such as "/aga"; '' where it has the host to itself.
FOLDER = os.environ.get("DJANGO_SCRIPT_NAME", "").strip().strip("/")
FOLDER = f"/{FOLDER}" if FOLDER else ""
FORCE_SCRIPT_NAME = FOLDER or None

INSTALLED_APPS = [
    "ogp_portal.apps.OgpPortalConfig",
    "record",
    "faces",
    "entities",
    "plans",
    "commitments",
    "accounts.apps.AccountsConfig",
    "accounts.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
]

MIDDLEWARE = [
    "ogp_portal.middleware.ApiHeaders",
    "ogp_portal.health.Probes",
    "ogp_portal.finished.FinishedAnswers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "ogp_portal.middleware.ConditionalGet",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ogp_portal.middleware.Locale",
    "ogp_portal.middleware.ReadableQuery",
    "ogp_portal.middleware.PossibleQuery",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SecondFactor",
    "accounts.middleware.IdleSessions",
    "ogp_portal.bounds.ReadersLimit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ogp_portal.bounds.ReadersTime",
]

ROOT_URLCONF = "ogp_portal.urls"
WSGI_APPLICATION = "ogp_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "ogp_portal.context_processors.page",
            ],
        },
    },
]


def _database():
    """Configure the database of DATABASE_URL, by default the SQLite file db.sqlite3 of the project."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{BASE_DIR / 'db.sqlite3'}"
    config = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        if config["NAME"] != ":memory:":
            # A relative path would depend on the folder that the server was started in.
            config["NAME"] = BASE_DIR / config["NAME"]
        config["OPTIONS"] = {
            # Several processes write at the same time without "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        return config
    options = config.setdefault("OPTIONS", {})
    # A server that went without a word is noticed after seconds, not minutes.
    options |= {"connect_timeout": 5, "keepalives_idle": 30, "tcp_user_timeout": 10_000} | options
    if not DATABASE_POOLED:
        # Our queries are many and short: to compile them takes longer than to run them. What the URL says
        # comes later, and wins.
        options["options"] = f"-c jit=off {options.get('options', '')}".strip()
    return config


# Whether pgbouncer or its like stands before PostgreSQL, which takes no options of ours.
DATABASE_POOLED = _flag("DATABASE_POOLED")
DATABASES = {"default": _database()}


def _caches():
    """Configure where finished answers are kept: in each worker, or in the Redis of CACHE_URL for all."""
    url = os.environ.get("CACHE_URL", "").strip()
    if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise ImproperlyConfigured("CACHE_URL names a Redis, such as redis://localhost:6379/0.")
    if url:
        shared = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
        names = ("default", "limits", "answers", "answers_to_queries")
        return {name: shared | {"KEY_PREFIX": name} for name in names}
    size = int(float(os.environ.get("CACHE_MEGABYTES") or 32) * 1_000_000)
    return {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        # Who asked how often (`faces/limits.py`): addresses, the last that came.
        "limits": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "limits",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        },
        # Addresses without a query, which most readers ask for, and those with one.
        "answers": _memory("answers", size * 2 // 3),
        "answers_to_queries": _memory("answers_to_queries", size // 3),
    }


def _memory(name, size):
    """Configure a cache of at most so many bytes in the memory of a worker."""
    return {"BACKEND": "ogp_portal.caches.BoundedMemory", "LOCATION": name, "OPTIONS": {"BYTES": size}}


CACHES = _caches()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["accounts.lock.Backend"]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# How dates are typed: Django's own English puts the month first.
FORMAT_MODULE_PATH = ["ogp_portal.formats"]
TIME_ZONE = "America/Lima"
USE_I18N = True
USE_TZ = True

# Whole, as Django would put the folder before it only once a request has come.
STATIC_URL = f"{FOLDER}/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Pages name the files with the hash in their names, and no others.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# The maps of the scripts are for those who look into them: compressing takes longer than all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

# The public site is behind HTTPS, unless this says otherwise (`make run` serves plain http).
HTTPS = _flag("DJANGO_HTTPS", default="1")
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Other sites of the same host get no cookie of ours.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = f"{FOLDER}/"
# Without a page of the admin for so long, staff sign in again.
SESSION_COOKIE_AGE = 8 * 3600
# For how long a link for a new password is good.
PASSWORD_RESET_TIMEOUT = 4 * 3600
# Signing in elsewhere makes the forms invalid that were open: what was typed in a report is shown again.
CSRF_FAILURE_VIEW = "commitments.reporting.kept.csrf_failure"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "faces.api.JsonWhateverAccepted",
    "DEFAULT_PAGINATION_CLASS": "faces.pagination.StrictPages",
    "DEFAULT_FILTER_BACKENDS": ["faces.api.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "faces.schema.Schema",
    "EXCEPTION_HANDLER": "faces.api.exception_handler",
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "OGP Peru",
    "DESCRIPTION": "What Peru promised in its Open Government Partnership action plans, and how it went.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Names of the enumerations that several keys share.
    "ENUM_NAME_OVERRIDES": {
        "LanguageCode": "record.text.LANGUAGES",
        "LevelCode": "plans.compliance.Level.values",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

# Our own settings.


def _public_address():
    """Read scheme and host of the portal's public address: PORTAL_ADDRESS, or the first public name allowed.

    A name without a full stop, a number or a pattern is no public name: '' leaves it to the host asked for.
    """
    address = os.environ.get("PORTAL_ADDRESS", "").strip().rstrip("/")
    if address and not re.fullmatch(r"https?://[^\s/?#@]+", address):
        raise ImproperlyConfigured(
            "PORTAL_ADDRESS is scheme and host alone, such as https://portal.example; "
            "DJANGO_SCRIPT_NAME names a folder of it."
        )
    names = [host for host in ALLOWED_HOSTS if re.fullmatch(r"([\w-]+\.)+[a-z][\w-]+", host, re.IGNORECASE)]
    if not (address or names or DEBUG) and any(host.startswith(("*", ".")) for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured(
            "DJANGO_ALLOWED_HOSTS lets any name through: PORTAL_ADDRESS must say which one is ours."
        )
    return address or (f"{'https' if HTTPS else 'http'}://{names[0]}" if names else "")


# What begins every whole address that we write: never what a stranger puts into a header.
PORTAL_ADDRESS = _public_address()
if PORTAL_ADDRESS.startswith("https://"):
    SECURE_SSL_HOST = urlsplit(PORTAL_ADDRESS).netloc

# What one reader may take: seconds of one answer, and answers a minute that are made for him (0: any number).
READER_SECONDS = _number("READER_SECONDS", 20)
READER_LIMIT = _number("READER_LIMIT", 300)
# How many proxies stand between him and us whose word for his address we take.
TRUSTED_PROXIES = _number("TRUSTED_PROXIES", 0)

# Signing in: after so many wrong passwords for an account from an address none is looked at for so long, and
# whether a code of an application is asked after the password.
SIGN_IN_TRIES = 5
SIGN_IN_LOCK_MINUTES = _number("SIGN_IN_LOCK_MINUTES", 15)
SECOND_FACTOR = _flag("SECOND_FACTOR", default="1" if HTTPS else "0")
# The portal's name in the application.
OTP_TOTP_ISSUER = "Gobierno abierto - Perú"


def _mail(url):
    """Read the mail server of EMAIL_URL: its settings by their names; without one no mail is sent."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    server = urlsplit(url)
    try:
        port = server.port
    except ValueError:
        port = 0
    if server.scheme not in ("smtp", "smtp+tls", "smtps") or not server.hostname or port == 0:
        raise ImproperlyConfigured(
            "EMAIL_URL names a mail server, such as smtp+tls://user:password@mail.example:587."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": server.hostname,
        "EMAIL_PORT": port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[server.scheme],
        "EMAIL_HOST_USER": unquote(server.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(server.password or ""),
        "EMAIL_USE_TLS": server.scheme == "smtp+tls",
        "EMAIL_USE_SSL": server.scheme == "smtps",
        # A server that is gone must not hold the page of whoever invites.
        "EMAIL_TIMEOUT": 5,
    }


EMAIL_URL = os.environ.get("EMAIL_URL", "").strip()
globals().update(_mail(EMAIL_URL))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("EMAIL_FROM", "").strip() or (
    f"no-responder@{urlsplit(PORTAL_ADDRESS).hostname or 'localhost'}"
)

# Who runs this portal, for the page "About", and where readers report an error of any page. No address is
# offered before whoever runs the portal gives one.
PORTAL_OPERATOR = os.environ.get("PORTAL_OPERATOR", "")
PORTAL_CONTACT = os.environ.get("PORTAL_CONTACT", "")
# The OGP's own page of a commitment, by its id there; empty leads nowhere.
OGP_COMMITMENT_URL = os.environ.get(
    "OGP_COMMITMENT_URL", "https://www.opengovpartnership.org/members/peru/commitments/{ogp_id}/"
).strip()
# Within how many days readers are answered; 0, the default, promises no answer.
PORTAL_ANSWER_DAYS = int(os.environ.get("PORTAL_ANSWER_DAYS", "").strip() or 0)
# Whether publishers may publish their own words, where an office has only one; each time is marked.
ONE_PUBLISHER = _flag("ONE_PUBLISHER")
# Where files that prove something are kept: no folder that a web server shows.
EVIDENCE_DIR = BASE_DIR / (os.environ.get("EVIDENCE_DIR", "").strip() or "evidence")
# Imports run in a process of their own; tests look at them in theirs.
IMPORT_IN_PROCESS = True
# Where `load_record` reads the record.
FIXTURES_DIR = BASE_DIR / "fixtures"
# What the search takes for the same; read when it is first needed, and not loaded.
SYNONYMS_FILE = FIXTURES_DIR / "search" / "synonyms.yaml"
# The public version of the API, first part of its addresses.
API_VERSION = "v1"
