"""Kelmu's settings without its middleware and pages."""

from kelmu.config.settings import *  # noqa: F403 - a settings module is a namespace

MIDDLEWARE = []
ROOT_URLCONF = "bench.bare"
