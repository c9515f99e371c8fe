"""What Django needs to know in every process, whatever the environment: no secret, no address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
BASE_DIR = PACKAGE.parents[1]
"""The source tree. An installed release has none: there this folder holds nothing of ours."""
IS_SOURCE_TREE = (BASE_DIR / "package.json").is_file()

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_cotton",
    "kelmu.organisations",
    "kelmu.audit",
    "kelmu.benefits",
    "kelmu.policy",
    "kelmu.identity",
    "kelmu.register",
    "kelmu.inquiry",
    "kelmu.notices",
    "kelmu.lists",
    "kelmu.claims",
    "kelmu.feed",
    "kelmu.web",
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
LANGUAGE_CODE = "fi"
# A language is offered when its catalogue is whole.
LANGUAGES = [("fi", "suomi"), ("sv", "svenska"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "kelmu_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
FORMAT_MODULE_PATH = "kelmu.web.presentation.locales"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if IS_SOURCE_TREE else PACKAGE / "staticfiles"
_BUILT = (
    ("designsystemet", BASE_DIR / "node_modules/@digdir/designsystemet-css/dist/src"),
    ("fonts", BASE_DIR / "node_modules/@fontsource-variable/source-sans-3/files"),
    ("theme", BASE_DIR / "build/theme"),
)
# A release carries STATIC_ROOT ready made and has none of these folders.
STATICFILES_DIRS = [(prefix, folder) for prefix, folder in _BUILT if IS_SOURCE_TREE and folder.is_dir()]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

COTTON_DIR = "cotton"
# A component sees its attributes and the context processors' output, never the page's variables.
COTTON_ISOLATE_BY_DEFAULT = True
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kelmu.web.templatetags.kelmu",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "kelmu.web.presentation.chrome.chrome",
            ],
        },
    }
]
