"""Pages that are read on a day keep it in their links (rule 5)."""

import re
from functools import lru_cache
from html import unescape

from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.translation import get_language

# The start of a link, with its address: the way, the query and the place in the page.
_LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#?]*)(\?[^"#]*)?(#[^"]*)?"[^>]*>')
# A link that leaves the day says so.
LEAVES = " data-today"


def keep_day(response, reading):
    """Have the links of a page carry the day that was asked for, where what they lead to is read on a day."""
    if reading.is_asked:
        response.add_post_render_callback(lambda rendered: _keep(rendered, reading.on.isoformat()))


def _keep(response, day):
    text = response.content.decode()
    response.content = _LINK.sub(lambda link: _with_day(link, day), text)


def _with_day(link, day):
    tag, path, query = link[0], link[1], link[2] or ""
    if LEAVES in tag or re.search(r"[?&;]as_of=", query) or not reads_day(unescape(path)):
        return tag
    # Queries stand in the page as HTML writes them.
    added = f"&amp;as_of={day}" if query else f"?as_of={day}"
    place = (link.end(2) if query else link.end(1)) - link.start()
    return tag[:place] + added + tag[place:]


@lru_cache(maxsize=2048)
def _view_of(path, language):
    """Return what stands at a path; its words are read in the active `language`, so it is part of the key."""
    try:
        return resolve(path).func
    except Resolver404:
        return None


def reads_day(path):
    """Tell whether what stands at a path of ours, page or API, can be read on a day."""
    func = _view_of("/" + path.removeprefix(get_script_prefix()), get_language())
    view = getattr(func, "view_class", None) or getattr(func, "cls", None)
    return getattr(view, "is_dated", False)
