"""Finished answers: what the public reads is built once for each version of the record, and kept whole.

The outermost of our middlewares answers from what is kept before sessions, templates and serializers are
asked for anything. An answer is known by its key: release, version of the record, day in Lima, scheme, host,
path, the parameters that are known there, language. The version is read first, at each request, so that a
change is seen at the next one, and an old answer never lies under a new key.
"""

import gzip
import hashlib
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from itertools import chain
from urllib.parse import urlencode, urlsplit

import brotli
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed, SuspiciousOperation
from django.db import Error, connection
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_path

from faces.addresses import address_without_empty
from faces.kept import version_seen
from record.dates import today
from record.models import Version

from .errors import is_api
from .middleware import Locale, unreadable_part

logger = logging.getLogger(__name__)

# Larger answers are not kept: a few of them would push out all others.
MOST_BYTES = 1_000_000
# Shorter ones are not worth compressing.
LEAST_COMPRESSED = 200
CACHE_CONTROL = "public, no-cache, stale-if-error=86400"
# Public addresses that are in no language. Those of the API and of the pages are public as well.
OF_NO_LANGUAGE = ("/sitemap.xml",)
# What of a request may make an answer that only one reader can use, or none at all. Nobody inside sees it.
NOT_ASKED_INSIDE = (
    *("HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_RANGE", "HTTP_IF_RANGE"),
    *("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"),
)
# For how many paths a process remembers which parameters are known there.
MOST_PATHS = 5_000
# How long answers are kept, in seconds: as long as they may stand in for a database that is gone.
KEPT_FOR = 2 * 86_400
# For how long nobody asks a database that did not answer for its version, in seconds.
PAUSE = 1
COMPRESS = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
# Where an encoding is not wanted at all.
NO_WEIGHT = ("q=0", "q=0.0", "q=0.00", "q=0.000")
# What of ours an answer is made of, and which settings.
SETTLED = (
    *("PORTAL_ADDRESS", "PORTAL_OPERATOR", "PORTAL_CONTACT", "PORTAL_ANSWER_DAYS"),
    *("OGP_COMMITMENT_URL", "FOLDER", "HTTPS"),
)
ROOMS = ("record", "faces", "entities", "plans", "commitments", "ogp_portal")
MADE_OF = (
    *(f"{room}/**/*.py" for room in ROOMS),
    *("templates/**/*.html", "locale/**/*.mo", "fixtures/search/*.yaml"),
    *("staticfiles/*.json", "requirements.txt"),
)


@dataclass(frozen=True)
class Key:
    """What an answer is known by. `store` is the cache that holds it."""

    name: str
    store: str

    @property
    def tag(self):
        """The ETag: weak, as it is that of the same words in every encoding."""
        return f'W/"{self.name}"'


class FinishedAnswers:
    """Answers from what is kept; keeps what the public may read, whoever asked for it first.

    Only GET and HEAD without a session, of the API, of pages and of `OF_NO_LANGUAGE`. What is to be kept is
    built from a request without cookies and without parameters that nobody reads.
    """

    def __init__(self, get_response):
        if settings.DEBUG:
            # Who works on templates wants to see them change.
            raise MiddlewareNotUsed("answers are not kept while DEBUG is on")
        self.get_response = get_response
        self.gzip = GZipMiddleware(get_response)
        # The last version that was read, and the moment until which a database that is gone is left alone.
        self.last_version = None
        self.pause_until = 0
        # The names of the parameters that pages know, by their paths.
        self.names = OrderedDict()

    def __call__(self, request):
        host = public_host(request)
        if host is None:
            return self.get_response(request)
        names = self.names.get(request.path)
        query = normal_query(request, names)
        if names and query is not None and (address := address_without_empty(request, names)):
            # As the page itself does, which would be asked without what is empty.
            return HttpResponseRedirect(address)
        version, is_current = self.version()
        key = None if version is None or query is None else make_key(request, host, version, query)
        if key:
            if key.tag in tags_of(request):
                return not_modified(request, key)
            if kept := read(key, encoding_of(request)):
                return answer(request, key, *kept)
        inner = inner_request(request, query)
        # Whoever keeps something by version inside need not ask again.
        with version_seen(version if is_current else None):
            response = self.get_response(inner)
        kept = None
        if response.status_code == 200 and is_current:
            kept = self.keep(request, inner, response, host, version)
        # Inside nobody knew which encodings this reader takes.
        return kept or self.gzip.process_response(request, response)

    def version(self):
        """Return the version of the record, and whether it was read now.

        That of a database that does not answer is the last one that was read; None where there was none.
        """
        if time.monotonic() < self.pause_until:
            return self.last_version, False
        try:
            self.last_version = read_version()
        except Error:
            logger.warning("The database does not answer; what is kept goes on being answered.")
            self.pause_until = time.monotonic() + PAUSE
            return self.last_version, False
        return self.last_version, True

    def keep(self, request, inner, response, host, version):
        """Keep a good answer if everybody may have it, and return what the reader gets; else None."""
        names = frozenset(getattr(inner, "known_parameters", ()))
        if not is_api(inner):
            self.learn(request.path, names)
        query = normal_query(request, names)
        # Where nobody knew yet what the page reads, it was asked as it came: the next answer is kept.
        if query is None or query != inner.META["QUERY_STRING"] or not is_for_everybody(response):
            return None
        key = make_key(request, host, version, query)
        for name, value in headers_of(key, is_api(request)):
            response.headers[name] = value
        body = body_of(response)
        if body is None:
            if request.method == "HEAD" and response.streaming:
                response.streaming_content = ()
            return None
        headers = {name: value for name, value in response.items() if name != "Content-Length"}
        write(key, "", (headers, body))
        return answer(request, key, *encoded(key, headers, body, encoding_of(request)))

    def learn(self, path, names):
        """Remember the names of the parameters that a page reads."""
        self.names[path] = names
        self.names.move_to_end(path)
        if len(self.names) > MOST_PATHS:
            self.names.popitem(last=False)


# Of a request.


def public_host(request):
    """Return the host of a request whose answer everybody may read; None of any other."""
    if request.method not in ("GET", "HEAD"):
        return None
    path, cookies = request.path_info, request.META.get("HTTP_COOKIE", "")
    if not (is_api(request) or get_language_from_path(path) or path in OF_NO_LANGUAGE):
        return None
    if settings.SESSION_COOKIE_NAME in cookies or "HTTP_AUTHORIZATION" in request.META:
        return None
    try:
        return request.get_host()
    except DisallowedHost:
        # The error is for the inside to tell.
        return None


def normal_query(request, names):
    """Return the query of a request in one form for all that mean the same; None where none is known.

    That is sorted by names; of a page without what it does not read (`names` are what it reads, None where
    nobody knows yet), and without empty values, which it takes as absent.
    """
    raw = request.META.get("QUERY_STRING")
    if not raw:
        return ""
    if unreadable_part(raw) is not None:
        return None
    try:
        pairs = sorted(request.GET.lists())
    except SuspiciousOperation:
        # More parameters than Django reads.
        return None
    if is_api(request):
        return urlencode([(name, value) for name, values in pairs for value in values])
    if names is None:
        return None
    return urlencode([(name, value) for name, values in pairs if name in names for value in values if value])


def make_key(request, host, version, query):
    """Return the key of the answer to a request."""
    language = Locale.api_language(request) if is_api(request) else ""
    settled = [getattr(settings, name) for name in SETTLED]
    parts = (release(), *settled, version, today(), request.scheme, host, request.path, query, language)
    name = hashlib.md5("\n".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()
    # Two stores: whoever asks for a thousand days, or by a thousand names of this host, pushes no page out.
    is_plain = not query and host == (urlsplit(settings.PORTAL_ADDRESS).netloc or host)
    return Key(name, "answers" if is_plain else "answers_to_queries")


def inner_request(request, query):
    """Return the request as it is asked inside: as anybody could have asked it who wants the same answer.

    `query` is its query in the form that is common to all; None leaves it as it came.
    """
    environ = {name: value for name, value in request.environ.items() if name not in NOT_ASKED_INSIDE}
    environ["REQUEST_METHOD"] = "GET"
    for name in ("PATH_INFO", "SCRIPT_NAME"):
        # Django leaves text there, where a server hands bytes over as Latin-1 (PEP 3333).
        environ[name] = environ.get(name, "").encode().decode("latin-1")
    environ["QUERY_STRING"] = request.META.get("QUERY_STRING", "") if query is None else query
    # Pages say their language in their path.
    environ["HTTP_ACCEPT_LANGUAGE"] = Locale.api_language(request) if is_api(request) else ""
    inner = type(request)(environ)
    inner.has_key = True
    # For redirections, which keep it as it is.
    inner.query_as_sent = request.META.get("QUERY_STRING", "")
    return inner


def tags_of(request):
    """Return the ETags that a reader says he has, all as weak ones."""
    tags = request.META.get("HTTP_IF_NONE_MATCH", "")
    return [f"W/{tag}" if tag.startswith('"') else tag for tag in parse_etags(tags)] if tags else ()


def encoding_of(request):
    """Return the encoding of ours that a reader likes best to have an answer in; '' for none."""
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    weights = {}
    for each in accepted.lower().split(","):
        name, _sign, weight = each.partition(";")
        weights[name.strip()] = weight.replace(" ", "") not in NO_WEIGHT
    return next((name for name in COMPRESS if weights.get(name)), "")


# Of an answer.


def is_for_everybody(response):
    """Tell whether an answer may go to others than whom it was made for."""
    vary = response.get("Vary", "").lower()
    return not (response.cookies or response.has_header("Cache-Control") or "cookie" in vary or "*" in vary)


def headers_of(key, is_api):
    """Return the headers that answers with a key have, those without a body too."""
    vary = "Accept-Encoding, Accept-Language" if is_api else "Accept-Encoding"
    return (("ETag", key.tag), ("Cache-Control", CACHE_CONTROL), ("Vary", vary))


def body_of(response):
    """Return the whole body of an answer; None of one that is too large to be kept."""
    if not response.streaming:
        return response.content if len(response.content) <= MOST_BYTES else None
    parts, size = [], 0
    rest = iter(response)
    for part in rest:
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            response.streaming_content = chain(parts, rest)
            return None
    return b"".join(parts)


def encoded(key, headers, body, encoding):
    """Return the headers and body of an answer in an encoding, which is kept; as they are without one."""
    if not encoding or len(body) < LEAST_COMPRESSED:
        return headers, body
    made = headers | {"Content-Encoding": encoding}, COMPRESS[encoding](body)
    write(key, encoding, made)
    return made


def answer(request, key, headers, body):
    """Return the answer to a request that has a body and headers that are kept."""
    if "*" in tags_of(request):
        return not_modified(request, key)
    response = HttpResponse(body if request.method == "GET" else b"", headers=headers)
    response.headers["Content-Length"] = str(len(body))
    return response


def not_modified(request, key):
    """Return the answer to a reader who has what he asks for."""
    response = HttpResponseNotModified()
    for name, value in headers_of(key, is_api(request)):
        response.headers[name] = value
    return response


# What is kept. A cache that is shared may be away: nothing is kept then, and everything is answered.


def read(key, encoding):
    """Return (headers, body) of an answer that is kept, in an encoding; None where there is none."""
    try:
        store = caches[key.store]
        if encoding and (found := store.get(key.name + encoding)):
            return found
        found = store.get(key.name)
    except Exception:
        logger.warning("The cache of finished answers cannot be read.", exc_info=True)
        return None
    return found and encoded(key, *found, encoding)


def write(key, encoding, found):
    """Keep (headers, body) of an answer in an encoding, '' for none."""
    try:
        caches[key.store].set(key.name + encoding, found, KEPT_FOR)
    except Exception:
        logger.warning("The cache of finished answers cannot be written.", exc_info=True)


def read_version():
    """Return the stamp of the version of the record, () before there is one; raise Error without a database.

    The reading tells whether a connection is still good, so that none needs to be tried out before.
    """
    connection.health_check_done = True
    try:
        return Version.stamp() or ()
    except Error:
        if connection.in_atomic_block:
            raise
    connection.close()
    return Version.stamp() or ()


@cache
def release():
    """Return a digest of the code, words and files of this process that answers are made of."""
    digest = hashlib.md5(usedforsecurity=False)
    for pattern in MADE_OF:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
