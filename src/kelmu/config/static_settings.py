"""Django's settings for building static files and message catalogues: nothing from the environment."""

from kelmu.config.common import *  # noqa: F403 - a settings module is a namespace

DATABASES: dict[str, dict[str, str]] = {}
