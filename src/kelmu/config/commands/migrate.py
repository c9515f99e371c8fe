"""``kelmu migrate``: bring the database to this version, as its owner."""

from __future__ import annotations

import os

import django
from django.core.management import call_command


def run() -> int:
    """Run the migrations that are missing."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kelmu.config.migrate_settings"
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    return 0
