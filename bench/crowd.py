"""Send a crowd: `python -m bench.crowd [--readers 200] [--seconds 60] [--thinking 4] [--write]`.

The portal runs as in production, with two workers, and it and the crowd share two cores. Every reader has an
IP address of its own, a connection that stays open, and walks: half of the time along a link of what he read
last, else to any kind of page, list, file or CSV that the sitemap and the API's root lead to, in both
languages; in between he thinks, up to so many seconds. Half of them take compressed answers, half remember
what they have read and ask whether it changed. Meanwhile an editor changes a title through the admin's forms,
every few seconds, and new readers look whether they see it; and somebody asks `/healthz` every quarter of a
second. `make crowd` does so on SQLite and PostgreSQL; on that where DATABASE_URL names one that is empty.
--write puts the tables into docs/performance.md.
"""

import argparse
import asyncio
import json
import os
import random
import re
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from .asking import Answer, Connection, missing, request
from .report import table, write
from .serving import collect_static, databases, environment, finish, grow, portal, run_python

# How long a reader waits for an answer, in seconds.
PATIENCE = 30
# How often the editor saves, and somebody asks for /healthz, in seconds.
EDITING, PROBING = 3, 0.25
# So many new readers look for each change; a new connection may lead to either worker.
LOOKING = 4
SEED = 12
EDITED = "2-10"
PAGE = f"/es/compromisos/{EDITED}/"
LINK = re.compile(r'href="(/[^"#]+)"')
# The Spanish of addresses, and what the kinds of pages are called.
PLACES = {
    "planes": "plans",
    "informes": "reports",
    "compromisos": "commitments",
    "entidades": "entities",
    "documentos": "documents",
    "recomendaciones": "recommendations",
    "seguimiento": "follow-up",
    "cambios": "changes",
    "asuntos": "topics",
    "preguntar": "ask",
    "buscar": "search",
    "glosario": "glossary",
    "metodo": "method",
    "acerca": "about",
    "datos": "data",
}


def kind_of(path):
    """Return what kind of answer an address gives."""
    address = urlsplit(path)
    first, *rest = address.path.strip("/").split("/")
    if first == "static":
        return "file of the pages"
    if first == "api":
        if "format=csv" in address.query:
            return "CSV"
        return "API: object" if len(rest) > 2 else "API: list"
    if first not in ("es", "en"):
        return "sitemap and the like"
    if not rest:
        return "page: home"
    place = PLACES.get(rest[0], rest[0])
    return f"page: {place}" + (", one" if len(rest) > 1 else ", narrowed" if address.query else "")


def path_of(address):
    """Return path and query of a whole address."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def links(text):
    """Return what a page leads to, without what is for staff."""
    found = (unescape(link) for link in LINK.findall(text))
    return [link for link in found if not link.startswith(("/admin/", "/i18n/", "//"))]


def known_addresses(connection):
    """Return the addresses that the sitemap, the API's root and the home page lead to, by kind."""
    sitemap = connection.ask("/sitemap.xml").text()
    found = {path_of(unescape(address)) for address in re.findall("<loc>([^<]*)</loc>", sitemap)}
    found |= {"/sitemap.xml", "/robots.txt"}
    for name, address in json.loads(connection.ask("/api/v1/").text()).items():
        path = path_of(address)
        found.add(path)
        if name in ("schema", "docs", "search"):
            continue
        found |= {f"{path}?lang=en", f"{path}?format=csv", f"{path}?format=csv&lang=en"}
        rows = json.loads(connection.ask(f"{path}?page_size=20").text())["results"]
        found |= {path_of(row["api_url"]) for row in rows if row.get("api_url")}
    found |= {f"/es/buscar/?q={word}" for word in ("datos", "transparencia", "salud", "agua")}
    found |= {f"/api/v1/search/?q={word}" for word in ("datos", "transparencia")}
    found |= {link for link in links(connection.ask("/es/").text()) if link.startswith("/static/")}
    kinds = defaultdict(list)
    for path in sorted(found):
        kinds[kind_of(path)].append(path)
    return kinds


class Reading:
    """A connection of the crowd, made when it is needed; `asked` raises OSError or TimeoutError."""

    def __init__(self, port, source="127.0.0.1"):
        self.port, self.source, self.streams = port, source, None

    async def asked(self, path, **sent):
        data = request(path, f"127.0.0.1:{self.port}", **sent)
        was_open = self.streams is not None
        try:
            return await asyncio.wait_for(self._send(data), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            self.close()
            if isinstance(error, TimeoutError) or not was_open:
                raise OSError(type(error).__name__) from error
            # A server may close a connection on which nothing was asked for a while.
            return await self.asked(path, **sent)

    async def _send(self, data):
        if not self.streams:
            self.streams = await asyncio.open_connection(
                "127.0.0.1", self.port, local_addr=(self.source, 0), limit=1 << 20
            )
        reader, writer = self.streams
        writer.write(data)
        head = await reader.readuntil(b"\r\n\r\n")
        length = missing(head)
        if length is None:
            body = []
            while size := int(await reader.readuntil(b"\r\n"), 16):
                body.append((await reader.readexactly(size + 2))[:-2])
            await reader.readexactly(2)
            return Answer(int(head[9:12]), head, b"".join(body))
        return Answer(int(head[9:12]), head, await reader.readexactly(length))

    def close(self):
        if self.streams:
            self.streams[1].close()
            self.streams = None


class Crowd:
    """Who asks, and what was answered: seconds by kind, and the errors."""

    def __init__(self, port, kinds, thinking, until):
        self.port, self.kinds, self.thinking, self.until = port, kinds, thinking, until
        self.lasted = None
        self.seconds, self.statuses, self.errors = defaultdict(list), Counter(), Counter()
        self.probes, self.saved, self.seen, self.unseen, self.saving = [], 0, 0, [], []

    def is_over(self):
        return time.monotonic() > self.until

    async def reader(self, number):
        """Walk until the time is over."""
        chance = random.Random(f"{SEED}.{number}")
        source = f"127.0.{1 + number // 250}.{1 + number % 250}"
        reading, found, etags = Reading(self.port, source), [], {}
        packs, remembers = number % 2 == 0, number // 2 % 2 == 0
        await asyncio.sleep(chance.uniform(0, self.thinking))
        while not self.is_over():
            if found and chance.random() < 0.5:
                path = chance.choice(found)
            elif etags and chance.random() < 0.3:
                path = chance.choice(list(etags))
            else:
                path = chance.choice(self.kinds[chance.choice(list(self.kinds))])
            answer = await self.timed(
                *(reading, kind_of(path), path),
                Accept_Encoding="gzip" if packs else "",
                If_None_Match=etags.get(path, ""),
            )
            if answer and answer.status == 200:
                if remembers and (etag := answer.header("ETag")):
                    etags[path] = etag
                if "html" in (answer.header("Content-Type") or ""):
                    found = links(answer.text())
            await asyncio.sleep(chance.uniform(0, self.thinking))
        reading.close()

    async def timed(self, reading, kind, path, **headers):
        """Ask and count; return the Answer, None where there was none."""
        began = time.monotonic()
        try:
            answer = await reading.asked(path, **headers)
        except OSError as error:
            self.errors[f"{kind}: {error}"] += 1
            return None
        self.seconds[kind].append(time.monotonic() - began)
        self.statuses[answer.status] += 1
        if answer.status >= 400:
            self.errors[f"{answer.status} {path}"] += 1
        return answer

    async def prober(self):
        """Ask for /healthz, on a new connection each time."""
        while not self.is_over():
            began = time.monotonic()
            reading = Reading(self.port)
            try:
                answer = await reading.asked("/healthz")
                if answer.status != 200:
                    self.errors[f"{answer.status} /healthz"] += 1
            except OSError as error:
                self.errors[f"/healthz: {error}"] += 1
            reading.close()
            self.probes.append(time.monotonic() - began)
            await asyncio.sleep(max(0, PROBING - self.probes[-1]))

    async def editor(self, editor):
        """Save a new title every few seconds; new readers look whether it is there."""
        while not self.is_over():
            began = time.monotonic()
            title = f"Edición {self.saved + 1} del banco de pruebas"
            try:
                await editor.save(title)
            except (OSError, ValueError) as error:
                self.errors[f"editor: {error}"] += 1
                continue
            self.saved += 1
            self.saving.append(time.monotonic() - began)
            readers = [Reading(self.port, f"127.1.{self.saved % 250}.{1 + n}") for n in range(LOOKING)]
            for answer in await asyncio.gather(
                *(self.timed(each, "page: commitments, one", PAGE) for each in readers)
            ):
                if answer and title in answer.text():
                    self.seen += 1
                elif answer:
                    self.unseen.append(title)
            for each in readers:
                each.close()
            await asyncio.sleep(max(0, EDITING - (time.monotonic() - began)))


class Form(HTMLParser):
    """The fields of the form of a page that has a certain field, as a browser would send them."""

    def __init__(self, text, field):
        super().__init__()
        self.forms, self.field, self.select, self.option, self.textarea = [[]], field, None, None, None
        self.feed(text)

    def sent(self, **changes):
        """Return the body to send, with other values for some fields; raise ValueError without the form."""
        found = next((form for form in self.forms if any(name == self.field for name, _value in form)), None)
        if found is None:
            raise ValueError(f"no form with {self.field}")
        return urlencode([*(pair for pair in found if pair[0] not in changes), *changes.items()]).encode()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "form":
            self.forms.append([])
        elif tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind not in ("checkbox", "radio") or "checked" in given:
                self.forms[-1].append((name, given.get("value") or ("on" if kind == "checkbox" else "")))
        elif tag == "select" and name:
            self.select, self.options = (name, "multiple" in given), []
        elif tag == "option" and self.select:
            self.options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea" and name:
            self.textarea, self.words = name, ""

    def handle_data(self, data):
        if self.textarea:
            self.words += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea:
            words = self.words.replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")
            self.forms[-1].append((self.textarea, words))
            self.textarea = None
        elif tag == "select" and self.select:
            name, is_multiple = self.select
            chosen = [value for value, is_chosen in self.options if is_chosen]
            if not chosen and not is_multiple:
                chosen = [value for value, _is_chosen in self.options[:1]]
            self.forms[-1] += [(name, value) for value in chosen]
            self.select = None


class Editor:
    """Somebody who is logged in, and changes one commitment through its form."""

    def __init__(self, port):
        self.reading, self.cookies, self.row = Reading(port, "127.2.0.1"), {}, None

    async def asked(self, path, body=b""):
        """Ask, or send a form, with the cookies that were given; return the Answer."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"method": "POST", "body": body} if body else {}
        kind = "application/x-www-form-urlencoded" if body else ""
        answer = await self.reading.asked(path, Cookie=cookie, Content_Type=kind, **sent)
        for name, value in re.findall(rb"\r\nset-cookie: *([^=]+)=([^;\r]*)", answer.head, re.IGNORECASE):
            self.cookies[name.decode()] = value.decode()
        return answer

    async def send(self, path, field, **changes):
        """Open a page, send its form that has a field, with some changes; raise ValueError if refused."""
        opened = await self.asked(path)
        answer = await self.asked(path, Form(opened.text(), field).sent(**changes))
        if answer.status != 302:
            raise ValueError(f"{path} was refused: {answer.status}")

    async def log_in(self, name, password):
        await self.send("/admin/login/?next=/admin/", "password", username=name, password=password)
        found = await self.asked(f"/admin/commitments/commitment/?q={EDITED}")
        self.row = re.search(r"/admin/commitments/commitment/\d+/change/", found.text())[0]

    async def save(self, title):
        reason = {"change_reason": "Prueba de carga", "_continue": "1"}
        await self.send(self.row, "change_reason", title_es=title, **reason)


def part(values, percent):
    """Return the milliseconds within which a percentage of some seconds lies."""
    return f"{1000 * sorted(values)[min(len(values) - 1, len(values) * percent // 100)]:,.0f}"


def told(crowd, database, readers):
    """Return what became of a crowd, in Markdown."""
    every = [value for values in crowd.seconds.values() for value in values]
    errors = sum(crowd.errors.values())
    lines = [
        f"{database}: {readers} readers, each thinking up to {crowd.thinking:g} s between two questions; "
        f"{len(every) / crowd.lasted:,.0f} answers a second in {crowd.lasted:.0f} s, {errors} errors"
        + "".join(f"; {count} × {what}" for what, count in crowd.errors.most_common(5))
        + f". `/healthz`, asked {len(crowd.probes)} times: p95 {part(crowd.probes, 95)} ms, "
        f"longest {part(crowd.probes, 100)} ms. The editor saved {crowd.saved} times"
        + (f" (p95 {part(crowd.saving, 95)} ms to open and save)" if crowd.saving else "")
        + f"; of {crowd.seen + len(crowd.unseen)} readers who looked next {crowd.seen} saw it."
    ]
    head = ["kind", "answers", "p50, ms", "p95, ms", "p99, ms"]
    rows = [("all", every), *sorted(crowd.seconds.items())]
    lines.append(
        table(
            head,
            [[kind, f"{len(values):,}", *(part(values, p) for p in (50, 95, 99))] for kind, values in rows],
        )
    )
    return "\n\n".join(lines)


async def send(server, readers, seconds, thinking, password):
    """Let a crowd read for so many seconds; return it."""
    editor = Editor(server.port)
    await editor.log_in("editor", password)
    kinds = known_addresses(Connection(server.port))
    began = time.monotonic()
    crowd = Crowd(server.port, kinds, thinking, began + seconds)
    await asyncio.gather(
        *(crowd.reader(number) for number in range(readers)), crowd.prober(), crowd.editor(editor)
    )
    # What was asked in time is waited for.
    crowd.lasted = time.monotonic() - began
    return crowd


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--thinking", type=float, default=4)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    # So that the server is stopped then too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # On larger machines too it is two cores that carry it.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    password, texts, failed = secrets.token_urlsafe(), [], False
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        urls = databases(folder)
        collect_static(folder)
        grow(urls.values(), 1)
        for database, url in urls.items():
            account = ("--noinput", "--username", "editor", "--email", "", "--verbosity", "0")
            own = environment(folder, url) | {"DJANGO_SUPERUSER_PASSWORD": password}
            finish(run_python("manage.py", "createsuperuser", *account, **own))
            with portal(folder, url, workers=2) as server:
                crowd = asyncio.run(
                    send(server, arguments.readers, arguments.seconds, arguments.thinking, password)
                )
            texts.append(told(crowd, database, arguments.readers))
            print(texts[-1], flush=True)
            failed |= bool(crowd.errors or crowd.unseen)
    if arguments.write:
        write("crowd", "\n\n".join(texts))
    sys.exit("Not all were answered, or not all saw what was saved." if failed else 0)


if __name__ == "__main__":
    main()
