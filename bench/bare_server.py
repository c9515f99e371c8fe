"""``python -m bench.bare_server``: the bare view under the same server with the same workers and threads."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import Interfaces

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"
    Granian(
        "kelmu.config.wsgi:application",
        port=int(os.environ["KELMU_LISTEN_PORT"]),
        interface=Interfaces.WSGI,
        workers=int(os.environ["KELMU_WORKERS"]),
        blocking_threads=int(os.environ["KELMU_THREADS"]),
        websockets=False,
        log_access=False,
    ).serve()
