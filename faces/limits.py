"""How many answers a minute one address of the network gets made for it."""

import logging
import time
from functools import cache
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import caches

logger = logging.getLogger(__name__)

WINDOW = 60


def client_of(meta):
    """Return whom a request of this environment (`request.META`) is counted for.

    Each trusted proxy adds the address that it saw to the end of X-Forwarded-For; what stands before those, a
    stranger may have written. An IPv6 address stands for its /64, which is one customer's.
    """
    address = meta.get("REMOTE_ADDR", "")
    forwarded = [each.strip() for each in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()]
    if settings.TRUSTED_PROXIES and forwarded:
        address = forwarded[-settings.TRUSTED_PROXIES :][0]
    elif forwarded:
        warn_of_proxy()
    try:
        # Some proxies write the port as well.
        bare = address[1:].partition("]")[0] if address.startswith("[") else address
        ip = ip_address(bare.partition(":")[0] if bare.count(":") == 1 else bare)
    except ValueError:
        # A socket of this machine has none, and a proxy may hide it.
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip if ip.version == 4 else ip_network((int(ip), 64), strict=False).network_address)


@cache
def warn_of_proxy():
    logger.warning(
        "Requests come through a proxy, and TRUSTED_PROXIES is 0: READER_LIMIT counts all its readers as one."
    )


def wait_of(client):
    """Count one more answer for a client; return the seconds to wait if it had too many, else 0."""
    now = time.time()
    counts, key = caches["limits"], f"answers:{client}:{int(now // WINDOW)}"
    counts.add(key, 0, 2 * WINDOW)
    try:
        count = counts.incr(key)
    except ValueError:
        # It was dropped for want of room.
        return 0
    return WINDOW - int(now % WINDOW) if count > settings.READER_LIMIT else 0
