"""The pages of the real record in a real browser, and what axe finds in them."""

import pytest
from axe_playwright_python.sync_playwright import Axe

# The page of components is at an address of the tests only (`pytest.mark.urls`).
PAGES = {
    "home": ("/es/", "/en/"),
    "plans": ("/es/planes/", "/en/plans/"),
    "plan": ("/es/planes/2/", "/en/plans/2/"),
    "plan with a partial report": ("/es/planes/3/", "/en/plans/3/"),
    "commitments": ("/es/compromisos/?overdue=true", "/en/commitments/?overdue=true"),
    "error": ("/es/compromisos/?plan=99&report=x", "/en/commitments/?plan=99&report=x"),
    "commitment": ("/es/compromisos/2-10/", "/en/commitments/2-10/"),
    "commitment with milestones": ("/es/compromisos/5-4/", "/en/commitments/5-4/"),
    "commitment with findings": ("/es/compromisos/1-6/", "/en/commitments/1-6/"),
    "report that is not held": ("/es/informes/3-irm-design-report/", "/en/reports/3-irm-design-report/"),
    "text of a report": (
        "/es/informes/2-end-term-self-assessment/texto/",
        "/en/reports/2-end-term-self-assessment/text/",
    ),
    "text of a plan": ("/es/planes/5/texto/", "/en/plans/5/text/"),
    "topics": ("/es/asuntos/", "/en/topics/"),
    "topic": ("/es/asuntos/datos-abiertos/", "/en/topics/datos-abiertos/"),
    "follow-up": ("/es/seguimiento/", "/en/follow-up/"),
    "follow-up, a list": (
        "/es/seguimiento/?follow_up=overdue&as_of=2017-01-31&by=commitment",
        "/en/follow-up/?follow_up=overdue&as_of=2017-01-31&by=commitment",
    ),
    "documents": ("/es/documentos/", "/en/documents/"),
    "document": ("/es/documentos/ogp-report-card-2017/", "/en/documents/ogp-report-card-2017/"),
    "recommendations": ("/es/recomendaciones/", "/en/recommendations/"),
    "search": ("/es/buscar/?q=salud", "/en/search/?q=health"),
    "search that finds nothing": ("/es/buscar/?q=trasparencia+xyz", "/en/search/?q=transparensy+xyz"),
    "glossary": ("/es/glosario/", "/en/glossary/"),
    "method": ("/es/metodo/", "/en/method/"),
    "open data": ("/es/datos/", "/en/data/"),
    "changes": ("/es/cambios/", "/en/changes/"),
    "ask": ("/es/preguntar/?page=/es/compromisos/2-1/", "/en/ask/?page=/en/commitments/2-1/"),
    "about": ("/es/acerca/", "/en/about/"),
    "components": ("/es/components/", "/en/components/"),
    "report": ("/es/informes/2-end-term-self-assessment/", "/en/reports/2-end-term-self-assessment/"),
    "entities": ("/es/entidades/", "/en/entities/"),
    "entity": ("/es/entidades/sgp/", "/en/entities/sgp/"),
    "not found": ("/es/nada/", "/en/nothing/"),
}


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args, site):
    return browser_context_args | {"base_url": site}


@pytest.fixture(scope="module")
def one_page(browser, browser_context_args):
    """A page for all tests of a module: to open a window takes longer than to show a page in it."""
    context = browser.new_context(**browser_context_args)
    yield context.new_page()
    context.close()


def violations(page, **options):
    """Return what axe finds in a page: rules, each with the first places that break it."""
    # Of what is right axe need not write down where it stands, which takes it most of its time.
    found = Axe().run(page, options={"resultTypes": ["violations"]} | options).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found]


# How many screens of a phone a page may be long, what is folded aside.
MOST_SCREENS = 15
# Signs that a blank parts from the word before them, but for those in the texts of the record.
LONELY_SIGNS = """() => {
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT), found = [];
  const quoted = 'q, .prose, .structured, .quote, main [lang], .hits';
  while (texts.nextNode()) {
    const ours = !texts.currentNode.parentElement.closest(quoted);
    const sign = /\\S*\\s[.,;:)\u00bb](?=\\s|$)/.exec(texts.currentNode.data);
    if (ours && sign) found.push(sign[0]);
  }
  return found;
}"""


def check_page(page, path):
    """Assert that axe finds nothing in a page, light or dark, wide or narrow, that it fits and keeps the CSP.

    And that no full stop or comma of ours stands apart from its word, and that on a phone it has an end.

    Light and dark differ in colours only, so that the dark page is asked about contrast alone.
    """
    messages = []

    def note(message):
        messages.append(message.text)

    page.on("console", note)
    page.emulate_media(color_scheme="light")
    page.goto(path)

    assert page.evaluate(LONELY_SIGNS) == []
    for width in (1280, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width == 360 and path not in PAGES["components"]:
            # The page of components is for developers.
            assert page.evaluate("document.documentElement.scrollHeight") <= MOST_SCREENS * 640
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, runOnly=["color-contrast"]) == []
    page.remove_listener("console", note)
    assert [text for text in messages if "Content Security Policy" in text] == []
