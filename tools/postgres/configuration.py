"""Roles and settings of the embedded server.

No setting loosens what the door relies on: ``fsync``, ``synchronous_commit`` and
``full_page_writes`` stay on. Statement text and parameters never reach the log, because an
identity code could stand in them (``log_min_error_statement = panic``).
"""

from __future__ import annotations

LOGIN_ROLES = (
    "kelmu_owner",
    "kelmu_web",
    "kelmu_worker",
    "kelmu_sequencer",
    "kelmu_feed",
    "kelmu_auditor",
    "kelmu_monitor",
)
"""Roles that log in; ``kelmu_door`` owns the door's functions and never does."""

SERVER_SETTINGS = {
    "max_connections": "120",
    "shared_buffers": "'256MB'",
    "max_prepared_transactions": "0",
    "password_encryption": "'scram-sha-256'",
    "wal_level": "replica",
    "wal_writer_delay": "'10ms'",
    "max_wal_size": "'2GB'",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_statement": "'none'",
    "log_min_duration_statement": "-1",
    "log_error_verbosity": "terse",
    "logging_collector": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "random_page_cost": "1.1",
    "jit": "off",
}
