"""Django's settings for migrations: the owner's connection and the apps, nothing else."""

from kelmu.config.common import *  # noqa: F403 - a settings module is a namespace
from kelmu.config.databases import owner_database
from kelmu.config.environment import Ownership
from kelmu.config.reading import read

DATABASES = {"default": owner_database(read(Ownership).owner_database_url)}
