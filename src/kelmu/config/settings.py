"""Django's settings of the web process. What can differ between installations is in ``KELMU``."""

from kelmu.config.common import *  # noqa: F403 - a settings module is a namespace
from kelmu.config.common import STATIC_ROOT, STORAGES
from kelmu.config.databases import web_database
from kelmu.config.environment import Environment, WebEnvironment
from kelmu.config.guards import refuse_owner_credentials
from kelmu.config.kinds import host_of
from kelmu.config.logs import logging_settings
from kelmu.config.reading import read

refuse_owner_credentials()
KELMU = read(WebEnvironment)

DEBUG = False
SECRET_KEY = KELMU.secret_key.get_secret_value()
ALLOWED_HOSTS = [host_of(KELMU.public_url)]
CSRF_TRUSTED_ORIGINS = [KELMU.public_url]
ROOT_URLCONF = "kelmu.config.urls"
WSGI_APPLICATION = "kelmu.config.wsgi.application"
APPEND_SLASH = True

DATABASES = {"default": web_database(KELMU)}

MIDDLEWARE = [
    "kelmu.config.request_log.RequestLogMiddleware",
    "kelmu.config.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "kelmu.config.only_pages.OnlyPagesMiddleware",
]
PAGE_MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kelmu.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# Over plain HTTP (demo and test only) a browser would not send Secure cookies back.
_PREFIX = "__Host-" if KELMU.secure else ""
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{_PREFIX}kelmu-session"
SESSION_COOKIE_SECURE = KELMU.secure
SESSION_COOKIE_HTTPONLY = True
# Lax, not Strict: the identification provider sends the official back from its own site.
SESSION_COOKIE_SAMESITE = "Lax"
# Ends at the latest then; `identity` ends an idle session earlier.
SESSION_COOKIE_AGE = KELMU.session_absolute_hours * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_PREFIX}kelmu-csrf"
CSRF_COOKIE_SECURE = KELMU.secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kelmu.web.error_pages.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = KELMU.secure

# A notice from Kela's side brings its files in its body: 8 MiB of them, in Base64.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

SECURE_SSL_REDIRECT = KELMU.secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if KELMU.behind_tls_proxy else None
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if KELMU.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = KELMU.secure
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": with it browsers send `Origin: null` and the CSRF check refuses every form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STATIC_ROOT = KELMU.static_root or STATIC_ROOT
if KELMU.environment is Environment.TEST:
    # Tests serve the files where they lie, so that no stale collection can pass them.
    WHITENOISE_USE_FINDERS = True
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

LOGGING_CONFIG = "kelmu.config.logs.configure"
LOGGING = logging_settings(KELMU.log_level)
