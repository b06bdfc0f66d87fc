"""The portal's settings with an environment of their own, so that no variable and no .env changes a test.

pytest-django reads settings before conftest.py; that is why these lines are not there. DATABASE_URL is left
alone: it chooses between SQLite and PostgreSQL.
"""

import os

os.environ |= {
    "DJANGO_SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "DJANGO_ALLOWED_HOSTS": "localhost,testserver",
    "DJANGO_CSRF_TRUSTED_ORIGINS": "",
    "DJANGO_SCRIPT_NAME": "",
    "DJANGO_DEBUG": "0",
    "DJANGO_HTTPS": "0",  # the test client and live_server speak plain HTTP
    "PORTAL_ADDRESS": "",
    "CACHE_URL": "",
    "READER_SECONDS": "",
    "READER_LIMIT": "0",  # tests ask often, and from one address
    "TRUSTED_PROXIES": "",
    "DATABASE_POOLED": "",
    "ONE_PUBLISHER": "",
    "SECOND_FACTOR": "0",
    "SIGN_IN_LOCK_MINUTES": "",
    "EMAIL_URL": "",
    "EMAIL_FROM": "",
}

from ogp_portal.settings import *  # noqa: E402, F403
from ogp_portal.settings import STORAGES  # noqa: E402

# Hashed names would need a collectstatic first; tests read the files where they are.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Tests log in often, and guard nothing.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# In this process, whose database no other one sees.
IMPORT_IN_PROCESS = False
