"""What the bench asks for: every kind of page and every list of the API, and what each may cost."""

from datetime import timedelta
from typing import NamedTuple

# What Datasette is asked for: rows alone, as fast as it can.
DATASETTE = "/record/{table}.json?_size=100&_nofacet=1&_nocount=1&_nosuggest=1"
# What is wanted. A kept answer: at least so much of the bare view's speed, by database.
AGAIN = {"SQLite": 0.8, "PostgreSQL": 0.65}
# A list of 100 that nobody asked for before: so many times as fast as Datasette.
OF_DATASETTE = 3
# A page that nobody asked for before: at most so many queries, and at most the cost of so many bare views
PAGE, LARGE_PAGE, QUERIES = 60, 90, 12
# The dearest answer that anybody can ask for: at most the cost of so many bare views.
DEAREST = 400
# At 100 times the rows: at most so many times the cost, of one row, of many, of a search.
ONE, MANY, SEARCH = 1.3, 2, 3
# Megabytes of a worker.
MEMORY = 150


class Address(NamedTuple):
    """An address to measure; what has no limit is only told.

    `is_dated` if it takes `as_of` and answers on other days at the same cost; `is_cold` if it is asked for
    when the process keeps no rows, as after a change; `bare` is how many bare views it may cost at first,
    `grows` how many times its cost at 100 times the rows, `table` is what Datasette has of it.
    """

    name: str
    path: str
    grows: float | None = None
    bare: int | None = None
    is_dated: bool = True
    table: str = ""
    is_cold: bool = False

    def on(self, day):
        """Return its path as of a day."""
        return f"{self.path}{'&' if '?' in self.path else '?'}as_of={day}"

    def paths(self, today, number):
        """Return so many paths of it, with days before today, that differ from each other."""
        return [self.on(today - timedelta(days=days + 1)) for days in range(number)]


PAGES = [
    Address("home", "/es/", MANY, PAGE),
    Address("plans", "/es/planes/", MANY, PAGE),
    Address("plan", "/es/planes/2/", ONE, LARGE_PAGE),
    Address("plan, its text", "/es/planes/5/texto/", ONE, PAGE, is_dated=False),
    Address("report", "/es/informes/2-end-term-self-assessment/", ONE, LARGE_PAGE),
    Address("report, its text", "/es/informes/2-end-term-self-assessment/texto/", ONE, PAGE, is_dated=False),
    Address("commitments", "/es/compromisos/", MANY, PAGE),
    Address("commitments, late", "/es/compromisos/?overdue=true", MANY, PAGE),
    Address("commitment", "/es/compromisos/2-10/", ONE, PAGE),
    Address("follow-up board", "/es/seguimiento/", MANY, PAGE),
    Address("board, late", "/es/seguimiento/?follow_up=overdue", MANY, PAGE),
    Address("entities", "/es/entidades/", MANY, PAGE),
    Address("entity", "/es/entidades/pcm/", ONE, LARGE_PAGE),
    Address("search", "/es/buscar/?q=datos+abiertos", SEARCH, PAGE),
    Address("changes", "/es/cambios/", MANY, PAGE, is_dated=False),
    Address("recommendations", "/es/recomendaciones/", MANY, PAGE, is_dated=False),
    Address("documents", "/es/documentos/", MANY, PAGE, is_dated=False),
    Address("document", "/es/documentos/self-assessment-end-term-2017/", ONE, PAGE, is_dated=False),
    Address("glossary", "/es/glosario/", MANY, PAGE, is_dated=False),
    Address("method", "/es/metodo/", MANY, PAGE, is_dated=False),
    Address("open data", "/es/datos/", MANY, PAGE, is_dated=False),
    Address("topics", "/es/asuntos/", MANY, PAGE),
    Address("topic", "/es/asuntos/datos-abiertos/", MANY, PAGE),
    Address("about", "/es/acerca/", MANY, PAGE, is_dated=False),
]
LISTS = [
    Address("API: commitments", "/api/v1/commitments/", MANY, table="commitments_commitment"),
    Address("API: milestones", "/api/v1/milestones/", MANY, table="commitments_milestone"),
    Address("API: late milestones", "/api/v1/milestones/?overdue=true", MANY),
    *(
        Address(f"API: {path}", f"/api/v1/{path}/", MANY)
        for path in (
            *("assessments", "updates", "evidence", "plans", "reports", "entities", "recommendations"),
            *("figures", "documents", "sections", "terms", "themes", "policy-areas", "levels", "codes"),
        )
    ),
    Address("API: changes", "/api/v1/changes/", MANY, is_dated=False),
    Address("API: search", "/api/v1/search/?q=datos+abiertos", SEARCH),
    Address("API: commitment", "/api/v1/commitments/2-10/", ONE),
    Address("API: milestone", "/api/v1/milestones/5-4-7/", ONE),
    Address("API: plan", "/api/v1/plans/2/", ONE),
    Address("API: compliance", "/api/v1/plans/2/compliance/", ONE),
    Address("API: entity", "/api/v1/entities/pcm/", ONE),
]
FILES = [
    Address("CSV: commitments", "/api/v1/commitments/?format=csv"),
    Address("CSV: milestones", "/api/v1/milestones/?format=csv"),
    Address("API: its description", "/api/v1/schema/", MANY, is_dated=False),
    Address("sitemap", "/sitemap.xml", is_dated=False),
]
WORDS = "de+la+gobierno+abierto+y+en+el+los+para+del+una+con"
NOWHERE = "zzqx+yyqx+xxqx+wwqx+vvqx+uuqx+ttqx+ssqx+rrqx+qqqx+ppqx+ooqx"
FILTERS = "plan=1&plan=2&overdue=unknown&entity=pcm"
# The dearest of those that were looked for: what is kept helps none of them.
DEAR = [
    Address(f"dear: {name}", path, bare=DEAREST, is_dated=False, is_cold=True)
    for name, path in {
        "search, 500 rows": "/api/v1/search/?q=de&page_size=500",
        "CSV of a search": "/api/v1/search/?q=de&format=csv",
        "search, 12 words": f"/es/buscar/?q={WORDS}",
        "search, 12 words that are nowhere": f"/es/buscar/?q={NOWHERE}",
        "commitments, many filters": f"/es/compromisos/?{FILTERS}&entity_tree=true&level=none&q={WORDS}",
        "board, many filters": f"/es/seguimiento/?{FILTERS}&follow_up=unknown&q={WORDS}",
        "API: commitments, 500 rows": "/api/v1/commitments/?page_size=500",
        "API: milestones, 500 rows": "/api/v1/milestones/?page_size=500",
        "API: entities, 500 rows": "/api/v1/entities/?page_size=500",
        "CSV: entities": "/api/v1/entities/?format=csv",
    }.items()
]
ADDRESSES = [*PAGES, *LISTS, *FILES, *DEAR]
