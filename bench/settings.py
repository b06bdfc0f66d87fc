"""The portal's settings as in production, for the servers that the bench measures: over plain HTTP, and with
two addresses more (bench/urls.py). bench/serving.py sets the environment, BENCH_FOLDER with it.
"""

import os
from pathlib import Path

from ogp_portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
STATIC_ROOT = Path(os.environ["BENCH_FOLDER"]) / "static"
