"""What browser tests of the staff pages share: signing in, following a link, and what each page passes."""

import re

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.accounts.people import PASSWORD
from tests.browser.site import violations
from tests.factories import REASON

# The button of a page that asks for something.
SUBMIT = "#content-main form [type=submit]"

# Words of every other English sentence, and of buttons, that no Spanish text has.
ENGLISH = """
about account action add after again all and answer any apply are back been before below by change
changed check choose clear click close commitment comment confirm correct create current date day delete
deleted done draft due each edit email empty enter entity entry evidence file filter find first follow
for found from give go hand have help here hide history home how if in invitation invite is it item its
keep last late leave left letter line link list locked log made mail make may milestone missing more most
must my name need new next nobody none not nothing now number of off on one open or other our out page
password past people please possible progress publish publisher read reason record release remove report
reports required reset return returned review row rows said save saved say search section see select
selected send set show sign since so some state status submit submitted take than that the their them
then there these they this those time title to today true false type unchanged until unknown update user
value view was way were what when where which who why will with without write written wrong yes you your
"""
WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(ENGLISH.split())})(?![\w-])", re.IGNORECASE)

# All that a page says to people in its own language: what is seen, what is read aloud, what buttons say. What
# somebody typed or may type is no word of the page, and neither is what it marks as of another language, nor
# what columns of the record say, which quote places and names as a document in English prints them.
SAID = """
() => {
  const said = [document.title];
  const isOwn = element => element.closest("[lang]").lang === document.documentElement.lang;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element.closest("script, style, template, textarea, .pair td, .words dd") && isOwn(element)) {
      said.push(walker.currentNode.data);
    }
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (!isOwn(element)) continue;
    for (const name of ["title", "alt", "placeholder", "aria-label"]) said.push(element.getAttribute(name));
    if (element.matches("input[type=submit], input[type=button]")) said.push(element.value);
  }
  return said.filter(text => text && text.trim()).map(text => text.trim());
}
"""


def follow(page, target):
    """Click what leads to a page, a selector or a locator, and go on when that page is there.

    Without waiting, what is looked at next could still be the page that one leaves, on a slow machine.
    """
    with page.expect_navigation():
        (page.locator(target) if isinstance(target, str) else target).click()


def press(page, key):
    """Press a key that leads to a page, and go on when that page is there."""
    with page.expect_navigation():
        page.keyboard.press(key)


def listen(page):
    """Keep what the browser reports in `page.complaints`, and the addresses it opens in `page.opened`."""
    page.complaints, page.opened = [], []

    def note(message):
        where = message.location.get("url", "")
        if message.type in ("error", "warning") and "favicon" not in where:
            page.complaints.append(f"{page.url}: {message.text}")

    page.on("pageerror", lambda error: page.complaints.append(f"{page.url}: {error}"))
    page.on("console", note)
    page.on("framenavigated", lambda frame: page.opened.append(frame.url))
    return page


def let_in(page, user, address, language="es"):
    """Let somebody in who signed in before, at the address of a site, in Spanish or in English."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: language}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    return page


def sign_in(page, user, address, password=PASSWORD):
    """Open the page of signing in at the address of a site, and send it."""
    page.goto(f"{address}{reverse('admin:login')}")
    page.fill("[name=username]", user.get_username())
    page.fill("[name=password]", password)
    follow(page, SUBMIT)


def english_of(page):
    """Return what a page in Spanish says in English."""
    return [text for text in page.evaluate(SAID) if WORD.search(text) and text != REASON]


def check(page):
    """Assert that a page is in Spanish, fits, keeps the policy, and that axe finds nothing in it."""
    assert page.get_attribute("html", "lang") == "es"
    assert english_of(page) == []
    window = page.viewport_size
    # On a telephone it fits the narrowest that there is, too.
    for width in (320, window["width"]) if window["width"] < 600 else (window["width"],):
        page.set_viewport_size(window | {"width": width})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    # What axe would load by itself for one of its rules breaks the policy, in the name of the page.
    assert violations(page, preload=False) == []
    assert page.complaints == []
