"""The page "Ask or correct": puts a message together for whoever runs the portal, and stores nothing."""

from urllib.parse import quote, unquote, urlencode, urlsplit

from django.conf import settings
from django.http import Http404, QueryDict
from django.urls import get_script_prefix, resolve, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language_from_path, gettext, override
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from commitments.models import Responsibility
from entities.models import Entity
from faces.addresses import absolute, with_query
from record.cleaning import clean
from record.dates import today

# Mail programs cut links that are longer.
MOST_OF_PAGE = 1000
MOST_OF_PASSAGE = 500
# The entities that are named as those who answer for a commitment; a page leads to the rest.
MOST_ENTITIES = 5


@method_decorator(never_cache, name="dispatch")
class Ask(TemplateView):
    """A message about a page: the page, the day, the passage, ready for a mail or to be copied.

    `?page=` is a path of this portal with its query, `?passage=` words that the reader copied from there. An
    address that is none of ours is as none, a longer passage is cut, and the page says so of both.
    """

    template_name = "ask.html"

    def get(self, request, *args, **kwargs):
        request.known_parameters = ("page", "passage")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        given = self.request.GET.get("page", "")
        page, match = page_of_ours(given)
        typed = clean(self.request.GET.get("passage", ""))
        passage = typed[:MOST_OF_PASSAGE].strip()
        message = message_about(absolute(self.request, page) if page else "", passage)
        return super().get_context_data(**kwargs) | {
            "asked": page,
            "is_refused": bool(given) and not page,
            "passage": passage,
            "most": MOST_OF_PASSAGE,
            "is_cut": len(typed) > MOST_OF_PASSAGE,
            "message": message,
            "lines": message.count("\n") + 2,
            "operator": settings.PORTAL_OPERATOR,
            "contact": settings.PORTAL_CONTACT,
            "answer_days": settings.PORTAL_ANSWER_DAYS,
            "mail": mail_with(message),
            "entities": who_answers(match),
        }


def ask_about(page):
    """Return the address of "Ask or correct" for a page, given as its path with the query that it reads."""
    return f"{reverse('ask')}?{urlencode({'page': shortened(page)})}"


def shortened(page):
    """Return a path with as much of its query as a mail carries: all, or else the day alone, or none."""
    if len(page) <= MOST_OF_PAGE:
        return page
    path, _sep, query = page.partition("?")
    day = QueryDict(query).get("as_of", "")
    return with_query(path, urlencode({"as_of": day}) if day else "")[:MOST_OF_PAGE]


def page_of_ours(given):
    """Return (path with its query, what it resolves to) of an address that a link or a reader names.

    Only a path of this portal's pages is taken, never a host: anything else is ("", None). The query is
    written anew, so that nothing in it reads as words.
    """
    given = given.strip()
    # What browsers read as another host begins with two bars, of either kind.
    if len(given) > MOST_OF_PAGE or not given.startswith("/") or "\\" in given or given.startswith("//"):
        return "", None
    if clean(given) != given or "\n" in given:
        return "", None
    try:
        parts = urlsplit(given)
        query = QueryDict(parts.query).urlencode()
    except (ValueError, OverflowError):
        return "", None
    path = unquote(parts.path)
    prefix = get_script_prefix()
    inside = "/" + path.removeprefix(prefix)
    language = get_language_from_path(inside)
    if not path.startswith(prefix) or not language:
        return "", None
    try:
        # Addresses are in their own language, whatever that of the reader.
        with override(language):
            match = resolve(inside)
    except Http404:
        return "", None
    return with_query(quote(path), query), match


def message_about(page, passage):
    """Return the text of a message: the page, the day of today, the passage, and where the reader goes on."""
    lines = [
        gettext("Page: %(page)s") % {"page": page},
        gettext("Day: %(day)s") % {"day": today().isoformat()},
    ]
    lines += ["", gettext("What it says:"), passage] if passage else ["", gettext("What it says:"), ""]
    lines += ["", gettext("My question, or what it should say and where that stands:"), ""]
    return "\n".join(lines)


def mail_with(message):
    """Return the link that opens a mail with a message to whoever runs the portal; '' without an address."""
    if not settings.PORTAL_CONTACT:
        return ""
    mail = {"subject": gettext("A question or a correction: open government portal"), "body": message}
    return f"mailto:{settings.PORTAL_CONTACT}?{urlencode(mail, quote_via=quote)}"


def who_answers(match):
    """Return the entities that answer for what a page is of: those that lead a commitment, or the entity.

    Of other pages, and where no source names one, there is none.
    """
    if match is None:
        return []
    entities = Entity.objects.published()
    if match.view_name == "entities:entity-detail":
        entities = entities.filter(slug=match.kwargs["slug"])
    elif match.view_name == "commitments:commitment-detail":
        plan, _dash, number = match.kwargs["code"].partition("-")
        if not (plan.isdecimal() and number.isdecimal() and len(plan) < 4 and len(number) < 4):
            return []
        led = Responsibility.objects.leading().filter(
            commitment__plan__number=int(plan), commitment__number=int(number), commitment__status="published"
        )
        entities = entities.filter(pk__in=led.values("entity"))
    else:
        return []
    return list(entities[:MOST_ENTITIES])
