"""The page of components: every piece of the public pages in every state, from the pages' own templates.

What the page itself says is in English; what its samples show is in the language of the page.
A new include, tag or state comes here; tests/test_components.py misses an include that does not.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.core.paginator import Paginator
from django.template import engines
from django.urls import reverse
from django.views.generic import TemplateView

from commitments.models import PolicyArea, Responsibility, Update
from commitments.views import Group as ListedGroup
from commitments.views import card_rows
from faces.timeline import tracks
from plans.compliance import Level, Moved
from plans.lines import Group
from plans.models import Section
from plans.picture import Picture
from plans.templatetags.squares import CIRCLES
from plans.verdict import Verdict
from record.dates import Reading
from record.text import Text, languages_in_order

from . import samples
from .samples import HERE, both, counted, other, own


@dataclass(frozen=True)
class State:
    """A state of a component: what its template is given, and how a page writes it where that is special."""

    name: str
    given: dict
    markup: str = ""


@dataclass(frozen=True)
class Component:
    """A piece of the pages: its files, when it is used, how a page writes it, and its states."""

    slug: str
    name: str
    files: list
    use: str
    states: list = field(default_factory=list)
    markup: str = ""

    @property
    def asks_for(self):
        """The names that its template is given."""
        return sorted({name for state in self.states for name in state.given})


DATES = "faces/templatetags/dates.py"
TABLES = "faces/templatetags/tables.py"
TEXTS = "faces/templatetags/texts.py"
STYLES = "static/portal.css"

JUDGES = samples.Counter({("government", 2002): 1, ("irm", 2001): 1})
ROLE = Responsibility.Role.SUPPORT


def proofs(*rows):
    """Return some evidence as the page of a commitment gathers it."""
    return [(row, [(row, own("Prueba el hito 9-1-1", "Proves milestone 9-1-1"))]) for row in rows]


def state(name, markup="", /, **given):
    return State(name, given, markup)


def include(file):
    return f'{{% include "{file}" %}}'


def component(slug, name, files, use, *states, markup=""):
    """Return a component that is written as `markup` says or else by including the first of its files."""
    files = files.split()
    return Component(
        slug, name, files, use, list(states), markup or include(files[0].removeprefix("templates/"))
    )


class Components(TemplateView):
    """Every component in every state. It asks nothing of the record."""

    template_name = "development/components.html"

    def get_context_data(self, **kwargs):
        shown = [
            (
                each,
                [(one.name, draw(one.markup or each.markup, one.given, self.request)) for one in each.states],
            )
            for each in components()
        ]
        return super().get_context_data(**kwargs) | {"components": shown}


def draw(markup, given, request):
    """Write a component as a page does."""
    return compiled(markup).render(given, request)


@cache
def compiled(markup):
    return engines["django"].from_string(
        "{% load changes dates levels pieces squares tables texts %}" + markup
    )


def components():
    """Return all components, their samples in the language of the page."""
    return [
        *of_levels(),
        *of_texts(),
        *of_commitments(),
        *of_reports(),
        *of_lists(),
        *of_changes(),
        *of_frame(),
    ]


# Levels


def of_levels():
    by_author = samples.report("9-level-by")
    irm = samples.report("9-path-irm", author="irm", is_cutoff_inferred=True)
    card = samples.assessment("substantial", by_author)

    differing = [samples.assessment("complete", irm), card]
    return [
        component(
            "colours",
            "Colours of the levels",
            STYLES,
            "Each level has a shape, a word and a colour. The colour only helps.",
            state(
                "All levels, with the name of each colour",
                '<ul class="plain">{% for level in levels %}'
                "<li>{% mark level %} <code>--level-{{ level }}</code></li>{% endfor %}</ul>",
                levels=[*Level.values, "none"],
            ),
        ),
        component(
            "level",
            "Level",
            "templates/includes/_level.html",
            "Where a table or a list names a level, and its author and date stand beside it.",
            state(
                "The seven levels and none",
                '<ul class="plain">{% for level in levels %}'
                '<li>{% include "includes/_level.html" %}</li>{% endfor %}</ul>',
                levels=[*Level, ""],
            ),
        ),
        component(
            "level-by",
            "Level with who judged it",
            "templates/includes/_level_by.html",
            "Wherever a level stands alone: it never goes without its author and date.",
            state("With author and date", card=card),
            state("The date is inferred", card=differing[0]),
            state("Nobody judged it", card=None),
        ),
        component(
            "counts",
            "Totals by level",
            "templates/includes/_levels.html templates/includes/_in_a_line.html",
            "At the head of a plan or report: one shape for each commitment, and the same in words.",
            state("Every level occurs", tally=samples.all_levels()),
            state("All are assessed", tally=counted(6, complete=4, limited=2)),
            state("In a line", include("includes/_in_a_line.html"), tally=counted(6, complete=6)),
            state("Nothing is known", tally=counted(6, False)),
        ),
        component(
            "n-of-n",
            "How many are assessed",
            "templates/includes/_n_of_n.html",
            "Beside every total: of how many commitments it speaks.",
            state("All are assessed", tally=counted(6, complete=6)),
            state("Some are assessed", tally=counted(6, False, complete=2)),
            state("Nothing is known", tally=counted(6, False)),
        ),
        component(
            "none-held",
            "A plan of which no commitment is held",
            "templates/includes/_none_held.html",
            "In the place of a number of commitments: what documents say, and what is unknown.",
            state("A document says how many", declared=[samples.declared_figure(11)]),
            state("No document says how many", declared=[]),
        ),
        component(
            "in-a-line",
            "Levels in a line",
            "templates/includes/_in_a_line.html",
            "Beside squares, for who hears the page.",
            state("Every level occurs", tally=samples.all_levels()),
        ),
        component(
            "squares",
            "Squares of commitments",
            "plans/templatetags/squares.py",
            "A square for each commitment, the best kept first: a link with its name and what was judged.",
            state(
                "Every level and none",
                "{% squares commitments name %}",
                commitments=[samples.square(n, level) for n, level in enumerate([*Level, None], start=11)],
                name=own("Compromisos de ejemplo", "Example commitments"),
            ),
            state("Not held: outlines", "{% outlines 4 %}"),
        ),
        component(
            "circles",
            "Circles of milestones",
            "plans/templatetags/squares.py",
            "A circle for each milestone: done, late, said without a state, silent, not due yet.",
            *(
                state(kind, f'{{% circles "{kind}" 3 %}}')
                for kind in ("done", "late", "said", "silent", "not-due")
            ),
        ),
        component(
            "count",
            "Number in a table of levels",
            "templates/plans/_count.html",
            "A cell of a table. A percentage stands only where the report judges the whole plan.",
            *(
                state(
                    label, report=samples.report("9-count", coverage=coverage), tally=tally, level="complete"
                )
                for label, coverage, tally in (
                    ("Whole plan", "full", counted(6, complete=2, limited=4)),
                    ("Part of the plan", "partial", counted(6, False, complete=2)),
                    ("Levels that this record does not hold", "not_held", counted(6, False)),
                )
            ),
        ),
    ]


# Texts


def of_texts():
    text, block = "{% text value %}", "{% text value block=True %}"
    words, twin = ("Un texto de ejemplo.", "An example text."), languages_in_order()[1]
    paragraphs = ("Un texto de ejemplo.\n\nSu segundo párrafo.", "An example text.\n\nIts second paragraph.")
    ours = samples.plan(**samples.translated("title", *words)).title
    long_ours = samples.plan(**samples.translated("title", *paragraphs)).title
    stale = Text(own(*words), own(*words).lang, is_unofficial=True, is_stale=True)
    planned = "{% planned day words language %}"

    def dated(name, words, day=samples.HALF, language="es"):
        return state(name, planned, day=day, words=words, language=language)

    return [
        component(
            "text",
            "Text and its language",
            TEXTS,
            "Every text of the record. It says so where it is not in your language or is our translation.",
            state("In your language", value=own(*words)),
            state("In the other language", value=other(*words)),
            state("Our translation, in a few words", value=ours),
            state("Our translation, in paragraphs", block, value=long_ours),
            state("Our translation, older than its original", value=stale),
            state("In paragraphs, in the other language", block, value=other(*paragraphs)),
            state("In quotation marks", "{% text value quote=True %}", value=other(*words)),
            state("Blank: nothing is written", value=""),
            markup=text,
        ),
        component(
            "printed",
            "Words as printed",
            DATES,
            "Beside a date or name of ours, where the source writes it otherwise.",
            state("In your language", words=own("al 2do semestre", "by 2nd half"), language=None),
            state("In the other language", words=other("2do semestre", "2nd Half"), language=twin),
            state("The source writes the same", words="2002", language="es", shown="2002"),
            markup="{% printed words language shown %}",
        ),
        component(
            "planned",
            "Date of a source",
            DATES,
            "A date is as precise as its source: nobody gets a day that no document prints.",
            dated("Day", "30/06/2002"),
            dated("Month", "junio 2002"),
            dated("Half-year", "1st Half - 2002", language="en"),
            dated("Year", "2002", day=samples.END),
            dated("Only as printed", "cuando se apruebe", day=None),
            dated("None: nothing is written", "", day=None),
        ),
        component(
            "structured",
            "Text of a document",
            TABLES,
            "Sections of plans and reports, with their lists and tables.",
            state(
                "Words, a list and a table of pairs",
                value=own(
                    "Un párrafo de ejemplo.\n\n• Uno\n• Dos\n\nMedida | Valor\nPlazo | Un año",
                    "An example paragraph.\n\n• One\n• Two\n\nMeasure | Value\nTerm | One year",
                ),
                label=own("Tabla de la muestra", "Table of the sample"),
            ),
            state(
                "A table with a head, in the other language",
                value=other(
                    "Paso | Quién | Cuándo\nPrimero | Entidad de ejemplo | 2001",
                    "Step | Who | When\nFirst | Example entity | 2001",
                ),
                label=own("Tabla con cabecera de la muestra", "Table with a head of the sample"),
            ),
            markup="{% structured value label %}",
        ),
        component(
            "found",
            "Words that a search found",
            f"{TEXTS} templates/search/_hit.html",
            "Titles and excerpts of the search mark the words that were looked for.",
            state("In your language", value=own("Plan de ejemplo", "Example plan"), query="plan"),
            state("In the other language", value=other("Plan de ejemplo", "Example plan"), query="plan"),
            markup="{% found value query %}",
        ),
        component(
            "notices",
            "Notices and what is not known",
            STYLES,
            "A notice warns before one reads; words in italics stand where the record knows nothing.",
            state("Notice", '<p class="notice">{{ words }}</p>', words=own(*words)),
            state("Not known", '<p class="unknown">{{ words }}</p>', words=own(*words)),
        ),
        component(
            "source",
            "Source",
            "templates/includes/_source.html",
            "After each fact: the document, and the place in it.",
            state("In your language", row=samples.section()),
            state(
                "In the other language, with the date that it prints",
                row=samples.sample(
                    Section,
                    document=samples.document(
                        twin,
                        published_as_printed=other("junio de 2002", "June 2002"),
                        **samples.in_other_column("title", "Documento de ejemplo", "Example document"),
                    ),
                    place=other("página 1", "page 1"),
                ),
            ),
            markup='<p class="source">{% include "includes/_source.html" %}</p>',
        ),
        component(
            "term",
            "Entry of the glossary",
            "templates/includes/_term.html",
            "A word with its meaning, and the document that defines it.",
            state(
                "From a document",
                term=samples.term("term-sourced", document=samples.document(), place="p. 1"),
            ),
            state("Of this portal", term=samples.term("term-ours")),
            markup='<dl class="terms">{% include "includes/_term.html" %}</dl>',
        ),
        component(
            "terms",
            "Words of a letter",
            "templates/includes/_terms.html templates/includes/_term.html",
            "The glossary: folded under their letter, or all of a kind under a name.",
            state("Under a letter", letter="P", some=[samples.term("term-of-a-letter")]),
            state("Under a name", name="Siglas", some=[samples.term("term-of-a-name")]),
        ),
    ]


# Commitments


def answered_by(milestone, others):
    """Return a milestone of the board with who answers for it beside the one that it stands under."""
    milestone.others = others
    return milestone


def of_commitments():
    cards = samples.cards()
    judged = [
        samples.assessment("complete", samples.report("9-list-end-term")),
        samples.assessment(
            "limited", samples.report("9-list-mid-term", stage="mid_term", cutoff_on=samples.MID_TERM)
        ),
    ]
    drawn = [
        samples.complete(21),
        samples.late(22),
        samples.moved_without_reason(23),
        samples.milestone(24),
        samples.milestone(25, starts_on=None, ends_on=samples.END),
        samples.without_a_status(26),
        samples.announced(27),
        samples.withdrawn(28),
    ]
    day = samples.date(2002, 9, 30)
    return [
        component(
            "commitment-row",
            "Commitment in the list of all",
            "templates/commitments/_commitment_row.html",
            "A mark, the title, who leads and the due date; beside it the level with who judged it and when. "
            "What is true of all of a plan stands at its head, and not in each row.",
            state(
                "Late, with the plan",
                commitment=samples.commitment(31, [samples.unfinished()], leads=[samples.lead()]),
            ),
            state("Not assessed, without an institution", commitment=samples.commitment(32)),
            state(
                "Under a head that says so",
                commitment=samples.commitment(33),
                group=ListedGroup(rows=[samples.commitment(34)], plan=samples.plan(), is_unassessed=True),
            ),
            markup='<ul class="rows two">{% include "commitments/_commitment_row.html" %}</ul>',
        ),
        component(
            "to-follow-up",
            "Milestone to follow up",
            "templates/commitments/_to_follow_up.html",
            "A line of the board: for how many months nobody has spoken, or what was said.",
            state("Past due, with no news", milestone=samples.milestone(41), blocks=3),
            state("Late", milestone=samples.late(42), blocks=3),
            state(
                "Answered for by others too",
                milestone=answered_by(samples.milestone(43), [samples.entity(), "Entidad impresa"]),
                blocks=3,
            ),
            markup='<ul class="rows late-list">{% include "commitments/_to_follow_up.html" %}</ul>',
        ),
        component(
            "silent-plan",
            "Plan of which nobody spoke",
            "templates/commitments/_silent_plan.html",
            "In the lead of the board, of a plan of which every milestone is past due without a report.",
            *(
                state(f"{n} of it, {words}", plan=samples.plan(), n=n, **given)
                for words, given in (
                    ("alone", {"is_all": True}),
                    ("among others", {"is_all": False}),
                    ("narrowed", {"is_all": True, "is_narrowed": True}),
                    ("narrowed, among others", {"is_all": False, "is_narrowed": True}),
                )
                for n in (1, 4)
            ),
        ),
        component(
            "leads",
            "Who leads",
            "templates/includes/_leads.html",
            "No name is “not stated”, never an empty place. On the page of a commitment it is a link.",
            state("With a link", commitment=samples.commitment(leads=[samples.lead()]), linked=True),
            state("Not stated", commitment=samples.commitment()),
        ),
        component(
            "promise",
            "What was promised",
            "templates/commitments/_promise.html",
            "The page of a commitment: the texts of the plan and its facts.",
            state("The plan says everything", commitment=samples.promised()),
            state("The plan says nothing", commitment=samples.unpromised(), has_cards=True),
            state(
                "The plan says nothing, a report does",
                commitment=samples.unpromised(),
                quoted={"card": cards[0], "words": own("Lo prometido.", "What was promised.")},
            ),
        ),
        component(
            "progress",
            "Progress of the milestones",
            "templates/includes/_progress.html templates/includes/_of.html",
            "What milestones say of a commitment or plan. It is never mixed with levels.",
            state("All have an end", progress=samples.progress()),
            state("Some have no end", progress=samples.progress(undated=2)),
            state("Reported since without a state", progress=samples.progress(unknown=3)),
            state(
                "A single milestone",
                progress=samples.progress(1, complete=1, overdue=0, unreported=0, unknown=0, silent=0),
            ),
        ),
        component(
            "to-come",
            "What had not been promised yet",
            "templates/includes/_to_come.html",
            "In lists that are read on a day: what is marked so is in no count.",
            state(
                "Its plan had not begun",
                commitment=samples.commitment(plan=samples.plan(starts_on=samples.date(2003, 6, 30))),
            ),
            state(
                "A norm added it later", commitment=samples.commitment(in_plan_from=samples.date(2003, 6, 30))
            ),
        ),
        component(
            "verdict-of-commitment",
            "Verdict of a commitment",
            "templates/commitments/_verdict.html templates/commitments/_way.html",
            "Its level, large, with its meaning, who said so; the last word on whether it is late; its way.",
            *(
                state(
                    label,
                    commitment=samples.commitment(cards=cards, milestones=milestones, **values),
                    cards=cards,
                    reading=Reading(samples.CLOCK),
                )
                for label, cards, milestones, values in (
                    ("Late, with a new end", [samples.unfinished(new_end_on=samples.MID_TERM)], [], {}),
                    ("Unfinished when it fell due", [samples.unfinished()], [], {}),
                    ("Judged complete", judged[:1], [], {}),
                    ("Past due, and nobody judged it", [], [], {"ends_on": samples.HALF}),
                    ("Judged since without saying", [samples.unfinished("unclear")], [], {}),
                    ("Withdrawn", [samples.unfinished("withdrawn")], [], {}),
                    ("Taken out of its plan", [], [], {"in_plan_until": samples.HALF}),
                    ("Not due yet", [], [], {"ends_on": samples.date(2003, 6, 30)}),
                    (
                        "Not due yet, but for a milestone",
                        [],
                        [samples.milestone(11)],
                        {"ends_on": samples.date(2003, 6, 30)},
                    ),
                    ("Without an end", [], [], {"plan": samples.plan(ends_on=None)}),
                    (
                        "Without an end but in words",
                        [],
                        [],
                        {"plan": samples.plan(ends_on=None), "period_as_printed": "Permanente"},
                    ),
                )
            ),
            markup='{% include "commitments/_verdict.html" %}{% include "commitments/_way.html" %}',
        ),
        component(
            "tracks",
            "Milestones in time",
            "templates/plans/_tracks.html faces/timeline.py",
            "The page of a plan: a line for each promise, a circle for each milestone on its due date.",
            state(
                "Every circle, with the line of the day",
                tracks=tracks([(samples.theme(), [(samples.commitment(), drawn)])], day),
            ),
        ),
        component(
            "standings",
            "What is known of milestones",
            "templates/plans/_standings.html templates/plans/_standing.html",
            "The page of a plan: each milestone is counted once.",
            state("Every standing, many", standings=[(each, 2) for each in CIRCLES]),
            state("Every standing, one", standings=[(each, 1) for each in CIRCLES]),
        ),
        component(
            "milestone",
            "Milestone",
            "templates/commitments/_milestone.html templates/commitments/_update.html",
            "A step of a commitment, with all that was reported of it.",
            state("Complete, with everything", milestone=samples.complete(1)),
            state("In progress, past due, with a new end and its reason", milestone=samples.late(2)),
            state(
                "Not started, past due, with a new end without a reason",
                milestone=samples.moved_without_reason(3),
            ),
            state("Past due, and nobody reported", milestone=samples.milestone(4)),
            state("Past due, reported without a state", milestone=samples.without_a_status(5)),
            state(
                "Complete, and nobody says when",
                milestone=samples.done_nobody_knows_when(6),
            ),
            state(
                "Nothing reported, not due",
                milestone=samples.milestone(7, ends_on=samples.date(2003, 6, 30)),
            ),
            state("Withdrawn", milestone=samples.withdrawn(8)),
            state(
                "Without dates, responsible only as printed",
                milestone=samples.milestone(
                    9, starts_on=None, ends_on=None, responsible_as_printed="Entidad de ejemplo"
                ),
            ),
            state(
                "In the other language",
                milestone=samples.milestone(
                    10,
                    ends_on=samples.date(2003, 6, 30),
                    **samples.in_other_column("activity", "Ejemplo de hito", "Example of a milestone"),
                ),
            ),
            markup='<table class="steps"><tbody>{% include "commitments/_milestone.html" %}</tbody></table>',
        ),
        component(
            "status",
            "State of a milestone",
            STYLES,
            "A dashed frame is for what nobody reported or what was withdrawn.",
            state(
                "All states of a report",
                '<p class="state">{% for status, label in statuses %}'
                '<span class="status status-{{ status }}">{{ label }}</span> {% endfor %}</p>',
                statuses=Update.Status.choices,
            ),
        ),
        component(
            "evidence",
            "Evidence",
            "templates/commitments/_evidence.html",
            "The links and files that prove a milestone, an update, a card or a commitment.",
            state(
                "With a title and without",
                rows=proofs(
                    samples.evidence(**both("title", "Prueba de ejemplo", "Example of proof")),
                    samples.evidence(),
                ),
            ),
            state(
                "Links that do not respond any more",
                rows=proofs(
                    samples.evidence(samples.failing(good_at=samples.WRITTEN - timedelta(days=30))),
                    samples.evidence(samples.failing()),
                ),
            ),
            state(
                "Files: with a title, without, and taken away",
                rows=proofs(
                    samples.file_evidence(**both("title", "Prueba de ejemplo", "Example of proof")),
                    samples.file_evidence(),
                    samples.file_evidence(file="", file_name=""),
                ),
            ),
            markup='<ul class="proofs">{% for row, places in rows %}'
            '{% include "commitments/_evidence.html" %}{% endfor %}</ul>',
        ),
        component(
            "cards",
            "Cards of the reports",
            "templates/commitments/_cards.html templates/commitments/_card_row.html "
            "templates/commitments/_cell_head.html",
            "What each report says of a commitment: what changed, and the whole cards, folded.",
            state(
                "Text, blank, no such row, another language, a level alone",
                cards=cards,
                card_rows=card_rows(cards),
                has_both_languages=True,
            ),
        ),
        component(
            "facts",
            "Facts of a commitment",
            "templates/commitments/_facts.html templates/commitments/_standings.html",
            "Beside its verdict: who answers, by when, with what evidence, and where to ask.",
            state(
                "Everything is known",
                commitment=samples.commitment(leads=[samples.lead()], ends_on=samples.HALF, is_starred=True),
                new_ends=[samples.unfinished(new_end_on=samples.MID_TERM, new_end_as_printed="2001")],
                evidence_count=3,
                addresses_count=2,
                standings=[(drawn_as, 1) for drawn_as in CIRCLES],
            ),
            state("Nothing is known", commitment=samples.commitment(), has_cards=True),
        ),
        component(
            "findings",
            "Codes of the IRM",
            "templates/commitments/_findings.html",
            "How the IRM codes a commitment, on the scale of that time.",
            state("With the printed value and without", findings=samples.findings()),
        ),
    ]


# Plans, reports and entities


def of_reports():
    judged, silent = samples.row("complete", "substantial", "not_started"), samples.row(None, None)
    many = samples.row("complete", number=7)
    many.commitments = []
    late = samples.lateness(2, overdue=0, unknown=2)
    partial = samples.report("9-partial", author="irm", coverage="partial")
    full = samples.report("9-full")
    some = counted(6, False, complete=2, limited=1)
    levels = list(Level)
    figures = [
        samples.figure("same", "4", computed=4, difference=0),
        samples.figure("lower", "3", computed=4, difference=-1),
        samples.figure("higher", "5", computed=4, difference=1),
        samples.figure(
            "rounded", "67 %", computed=66.7, difference=0.3, agrees_rounded=True, is_percent=True
        ),
        samples.figure("other", "12", is_of_levels=False),
    ]
    source = samples.section()
    rows = [
        (samples.theme(), samples.all_levels()),
        (samples.entity(), counted(4, False, complete=2)),
        (full, counted(6, complete=6)),
        (own("Nombre impreso", "Printed name"), counted(2, limited=1)),
        (None, counted(3, False)),
    ]
    return [
        component(
            "picture",
            "Picture of the record",
            "templates/plans/_picture.html templates/plans/_says.html templates/plans/_many.html",
            "A row for each plan, and what each row says.",
            state("Every sentence", picture=samples.picture(), heading="h3"),
        ),
        component(
            "said-once",
            "What some commitments add up to",
            "templates/plans/_said_once.html",
            "At the head of an entity's page and of a topic's.",
            state("Every kind", verdict=Verdict(9, 1, 2, 3, 1, 2, JUDGES)),
        ),
        component(
            "answers",
            "What an entity answers for",
            "templates/commitments/_answers.html",
            "The title of an entity's page.",
            *(
                state(name, name="EJEMPLO", **given)
                for name, given in (
                    ("In force", {"verdict": Verdict(3, complete=1, unassessed=2)}),
                    ("All over", {"verdict": Verdict(3, complete=2, incomplete=1), "is_over": True}),
                    ("None complete", {"verdict": Verdict(1, incomplete=1)}),
                    ("Nothing judged", {"verdict": Verdict(2, unassessed=2)}),
                    ("Other roles only", {"verdict": Verdict(0), "other_roles": [(ROLE, 2)]}),
                    ("Named nowhere", {"verdict": Verdict(0)}),
                )
            ),
        ),
        component(
            "of-plan",
            "What is known of an entity in a plan",
            "templates/commitments/_of_plan.html",
            "Beside the squares of each plan.",
            state("It leads some", plan=samples.plan(), commitments=[1, 2]),
            state("Not held", plan=samples.plan(commitments_count=0), commitments=[]),
            state("Nobody named", plan=samples.plan(commitments_count=3), commitments=[]),
            state("None", plan=samples.plan(commitments_count=3, names_institutions=True), commitments=[]),
        ),
        component(
            "topic-says",
            "What came of a topic",
            "templates/commitments/_topic_says.html",
            "At the head of a topic's page, below its numbers.",
            *(
                state(name, verdict=verdict, reading=Reading(samples.CLOCK))
                for name, verdict in (
                    (
                        "Every kind",
                        Verdict(9, 1, 2, 3, 1, 2, JUDGES),
                    ),
                    ("Nothing judged", Verdict(2, unassessed=2)),
                    ("Nothing promised", Verdict(0)),
                )
            ),
        ),
        component(
            "moved",
            "How many moved between two reports",
            "templates/plans/_moved.html",
            "Beside the levels of two reports.",
            state("In every direction", moved=Moved(rose=2, same=1, fell=1, other=1)),
            state("Nothing moved", moved=Moved(same=3)),
        ),
        component(
            "plans",
            "Plans with their reports",
            "templates/plans/_plans.html templates/plans/_picture.html templates/plans/_says.html "
            "templates/plans/_many.html",
            "The list of plans: the picture of the start page with titles, and the same as a table.",
            state(
                "Judged, too many to draw, only declared",
                plans=samples.judged_plans(),
                picture=Picture([samples.row("complete", "limited", None), many, samples.row(number=8)]),
                levels=levels,
                heading="h3",
            ),
        ),
        component(
            "verdict",
            "Verdict of a plan",
            "templates/plans/_verdict.html templates/plans/_time.html templates/plans/_rest.html "
            "templates/plans/_late.html",
            "The first words of a plan's page: the answer, where the plan stands in time, and the rest.",
            *(
                state(name, row=row, progress=progress, lateness=late)
                for name, row, progress, late in (
                    ("Judged whole", judged, None, samples.lateness(unknown=0, silent=0)),
                    ("Judged in part", samples.row("complete", None), None, samples.lateness(undated=1)),
                    ("Nobody speaks of its milestones", silent, samples.progress(3, silent=3), late),
                    ("Only declared", samples.row(), None, None),
                )
            ),
            markup='{% include "plans/_time.html" %}<p>{% include "plans/_verdict.html" %}</p>'
            '{% include "plans/_rest.html" %}',
        ),
        component(
            "by-theme",
            "Squares by theme",
            "templates/plans/_by_theme.html",
            "Beside the verdict of a plan: a square for each promise, a row for each theme.",
            state(
                "With themes",
                row=judged,
                themes=[(samples.theme(), judged.commitments, 1), (None, judged.commitments[:1], 1)],
            ),
            state("No theme is known", row=judged, themes=[]),
            state("Only declared", row=samples.row(), themes=[]),
        ),
        component(
            "slope",
            "What moved between two reports",
            "templates/plans/_slope.html",
            "The pages of a plan and of a report: a line for each promise. It lights up with its name.",
            state("Rose, fell, stayed, left the scale", slope=samples.moved()),
        ),
        component(
            "group",
            "Promises of a plan",
            "templates/plans/_group.html templates/plans/_line.html templates/plans/_who.html "
            "templates/plans/_due.html",
            "What is true of all promises of a group stands once at its head.",
            state("Not completed", group=Group("incomplete", None, judged.commitments[1:]), groups=[]),
            state(
                "Of a theme, not assessed", group=Group("", samples.theme(), silent.commitments), groups=[]
            ),
        ),
        component(
            "judged",
            "Verdict of a report",
            "templates/plans/_judged.html",
            "The first words of the page of a report.",
            state("Of the whole plan", report=full, tally=counted(6, complete=4, limited=2)),
            state("Of a part of it", report=partial, tally=some),
            state("Not held", report=samples.report("9-unheld", coverage="not_held")),
        ),
        component(
            "held",
            "How much there is of something",
            "templates/plans/_held.html templates/plans/_parts.html",
            "Beside the names of folded parts.",
            state("Reports, one of them not here", held=2, missing=1),
            state("Parts of a text", include("plans/_parts.html"), n=3),
        ),
        component(
            "completion",
            "Levels of reports as tables",
            "templates/plans/_completion.html templates/plans/_count.html templates/plans/_coverage.html",
            "The page of a plan: its reports beside each other, then by theme.",
            state(
                "One report of the whole plan, one of a part",
                reports=[
                    (samples.report("9-completion"), samples.all_levels(), {}),
                    (
                        samples.report("9-completion-irm", author="irm", coverage="partial"),
                        counted(10, False, complete=2),
                        {},
                    ),
                ],
                levels=levels,
            ),
        ),
        component(
            "coverage",
            "Why there are no percentages",
            "templates/plans/_coverage.html",
            "Before the numbers of a report that this record does not hold in full.",
            state("Part of the plan", report=partial, tally=some),
            state(
                "Levels that this record does not hold",
                report=samples.report("9-not-held", coverage="not_held"),
                tally=some,
            ),
            state("Whole plan: nothing is written", report=full, tally=counted(6, complete=6)),
        ),
        component(
            "tallies",
            "Table of totals",
            "templates/includes/_tallies.html",
            "Levels by theme or by entity. On a phone the heads of the columns stand upright.",
            state(
                "Theme, entity, report, printed name, no name",
                rows=rows,
                levels=levels,
                caption=own("Totales de la muestra", "Totals of the sample"),
                head=own("Quién o qué", "Who or what"),
                nameless=own("Sin tema", "No theme"),
            ),
        ),
        component(
            "figures",
            "Figures that a document prints",
            "templates/plans/_figures.html templates/plans/_figure_rows.html",
            "The page of a report: what it prints, and what this record adds up to.",
            state(
                "Of the whole plan: same, lower, higher, rounded, not computed",
                report=full,
                tally=counted(6, complete=4, limited=2),
                figures={
                    "rows": figures,
                    "by_theme": [samples.figure("theme", "1", computed=1, difference=0)],
                    "sources": [source],
                },
            ),
            state(
                "Of a part of the plan: not comparable",
                include("plans/_figure_rows.html"),
                report=partial,
                tally=some,
                rows=[samples.figure("partial", "4")],
                caption=own("Cifras de una muestra en parte", "Figures of a sample in part"),
            ),
        ),
        component(
            "recommendation",
            "Recommendation",
            "templates/plans/_recommendation.html",
            "With the State's answer, what came of it and the commitments that follow it.",
            state(
                "With everything",
                recommendation=samples.recommendation(
                    "recommendation-full",
                    followed_by=[samples.commitment()],
                    **both("answer", "Lo que el Estado responde.", "What the State answers."),
                    **both("outcome", "Lo que resultó.", "What came of it."),
                ),
            ),
            state("Without an answer", recommendation=samples.recommendation("recommendation-bare")),
            markup='<ol class="recommendations">{% include "plans/_recommendation.html" %}</ol>',
        ),
        component(
            "recommendation-row",
            "Recommendation in the list of all",
            "templates/plans/_recommendation_row.html",
            "What is true of all of a report stands at its head, and not in each row.",
            state(
                "With everything",
                recommendation=samples.recommendation(
                    "recommendation-row-full",
                    followed_by=[samples.commitment()],
                    **both("answer", "Lo que el Estado responde.", "What the State answers."),
                    **both("outcome", "Lo que resultó.", "What came of it."),
                ),
            ),
            state("Without an answer", recommendation=samples.recommendation("recommendation-row-bare")),
            state(
                "Under a head that says so",
                recommendation=samples.recommendation("recommendation-row-headed"),
                group={"is_unanswered": True, "is_unfollowed": True},
            ),
            markup='<ol class="rows no-marks">{% include "plans/_recommendation_row.html" %}</ol>',
        ),
        component(
            "contents",
            "Contents of a text",
            "templates/plans/_contents.html",
            "The sections of a plan's or report's text, each with its link.",
            state(
                "With a theme and without",
                owner={"get_text_url": ""},
                sections=[
                    samples.section(kind=Section.Kind.THEME_SYNTHESIS),
                    samples.section(kind=Section.Kind.THEME_SYNTHESIS, theme=samples.theme()),
                ],
            ),
        ),
        component(
            "about",
            "Facts of a plan",
            "templates/plans/_about.html",
            "Folded on the page of a plan; open where nothing else of it is known.",
            state("What every plan has", plan=samples.plan(number=9, related={"periods": []})),
            state(
                "Known by notes alone",
                plan=samples.plan(number=9, related={"periods": []}),
                notes=[samples.source_with_a_note()],
            ),
        ),
        component(
            "listings",
            "Works of a plan or report",
            "templates/plans/_listings.html templates/plans/_work.html",
            "The documents that sources count to a plan or report.",
            state("With its publisher", listings=[samples.listing()]),
        ),
        component(
            "work",
            "Work in a list",
            "templates/plans/_work.html",
            "The documents of a plan or report.",
            state(
                "Without year or publisher, in the other language",
                document=samples.document(
                    languages_in_order()[1],
                    year=None,
                    **samples.in_other_column("title", "Documento de ejemplo", "Example document"),
                ),
            ),
            markup='<ul class="entities"><li>{% include "plans/_work.html" %}</li></ul>',
        ),
        component(
            "document-row",
            "Document in the list",
            "templates/plans/_document_row.html",
            "Under its kind, which says what is true of several.",
            state(
                "Only listed, without a link",
                document=samples.document(
                    languages_in_order()[1],
                    related={"listings": []},
                    **samples.in_other_column("title", "Documento de ejemplo", "Example document"),
                ),
                group={"unlinked": 1},
            ),
            markup='<ul class="rows no-marks">{% include "plans/_document_row.html" %}</ul>',
        ),
        component(
            "covered",
            "Plans that a total covers",
            "templates/entities/_covered.html templates/includes/_plan_links.html",
            "Before totals of entities: not every plan names institutions.",
            state(
                "Some plans name none",
                covered=[samples.plan(number=7), samples.plan(number=8)],
                not_covered=[samples.plan()],
            ),
            state("All plans name them", covered=[samples.plan()], not_covered=[]),
        ),
    ]


# Lists and their filters


def control(name, kind, label, **values):
    """Return a control as `FilteredList.form` makes it."""
    empty = {"error": None, "value": "", "is_multiple": False, "options": []}
    return {"name": name, "kind": kind, "label": label} | empty | values


def option(value, label, count=None, is_chosen=False):
    return {"value": value, "label": label, "count": count, "is_chosen": is_chosen}


def of_lists():
    plans = [option("8", "Plan VIII", 6, True)]
    plans.append(option("9", "Plan IX", 0))
    levels = [option(level.value, level.label, 1, level == Level.COMPLETE) for level in Level]
    levels.append(option("none", own("Sin evaluación en este registro", "Not assessed in this record"), 3))
    theme = own("Tema", "Theme")
    first, second = own("Primera opción", "First choice"), own("Segunda opción", "Second choice")
    few = [option("a", first, 4, True), option("b", second, 2, True)]
    one = [few[0], option("b", second, 2)]
    no_such, words = own("No existe esa opción.", "There is no such choice."), own("ejemplo", "example")
    form = {
        "first": [control("q", "search", own("Palabras", "Words"), value=words)],
        "further": [control("theme", "select", theme, options=one)],
        "is_further_used": False,
        "hidden": [("sample", "1")],
    }
    further = {
        "first": [control("words", "search", own("Palabras", "Words"))],
        "further": [
            control("kind", "select", own("Tipo", "Kind"), options=one),
            control("as_of", "date", own("Fecha", "Date"), value="2002-06-30"),
        ],
        "is_further_used": True,
        "hidden": [],
    }
    alone, wrong = (
        {"first": [each], "further": [], "is_further_used": False, "hidden": []}
        for each in (
            control("folded-words", "search", own("Palabras", "Words")),
            control("folded-choice", "select", theme, options=one, error=no_such),
        )
    )
    chosen = [
        {"label": own("Palabras", "Words"), "value": words, "rest": "", "count": 3},
        {"label": theme, "value": first, "rest": "q=x", "count": 1},
    ]
    return [
        component(
            "control",
            "Field of a form",
            "templates/includes/_control.html",
            "Every filter of a list. An error stands between the name of the field and the field.",
            state("Search", control=control("search", "search", own("Palabras", "Words"), value=words)),
            state("Boxes to tick, with counts", control=control("plan", "ticks", "Plan", options=plans)),
            state("Levels to tick", control=control("level", "ticks", own("Nivel", "Level"), options=levels)),
            state("One choice", control=control("one", "select", theme, options=one)),
            state(
                "Several choices",
                control=control("several", "select", theme, options=few, is_multiple=True),
            ),
            state(
                "Order of the list",
                control=control("ordering", "select", own("Orden", "Order"), options=one[1:]),
            ),
            state("Date", control=control("day", "date", own("Fecha", "Date"), value="2002-06-30")),
            state(
                "Date with an error",
                control=control(
                    "wrong-day",
                    "date",
                    own("Fecha", "Date"),
                    error=own(
                        "No es una fecha: escríbala como 2002-06-30.",
                        "This is no date: write it as 2002-06-30.",
                    ),
                ),
            ),
            state(
                "Choice with an error",
                control=control("wrong-choice", "select", theme, options=one, error=no_such),
            ),
            state(
                "Boxes with an error",
                control=control("wrong-boxes", "ticks", "Plan", options=plans, error=no_such),
            ),
        ),
        component(
            "form",
            "Form of a list",
            "templates/includes/_form.html templates/includes/_control.html",
            "Above each list. What is seldom used stands behind “More filters” until somebody uses it.",
            state(
                "Further filters unused",
                form=form,
                label=own("Formulario de la muestra", "Form of the sample"),
                submit=own("Buscar", "Search"),
            ),
            state(
                "Further filters in use",
                form=further,
                label=own("Formulario con más filtros", "Form with further filters"),
            ),
        ),
        component(
            "narrow",
            "Filters, folded",
            "templates/includes/_narrow.html templates/includes/_form.html",
            "Above a list on a phone, beside it on a wide screen, where they stand open.",
            state(
                "Folded",
                form=alone,
                label=own("Filtros de la muestra", "Filters of the sample"),
                sought=own("palabras…", "words…"),
            ),
            state(
                "Open, with an error; in a line",
                form=wrong,
                label=own("Filtros con un error", "Filters with an error"),
                errors=[{"field": "folded-choice", "label": theme, "detail": no_such}],
                in_a_line=True,
            ),
        ),
        component(
            "errors",
            "Errors of an address",
            "templates/includes/_errors.html",
            "Above a list, where its address asks for something that does not exist.",
            state(
                "A field and a page",
                errors=[
                    {"field": "wrong-choice", "label": theme, "detail": no_such},
                    {"field": "page", "label": own("Página", "Page"), "detail": no_such},
                ],
            ),
        ),
        component(
            "chosen",
            "Filters in use",
            "templates/includes/_chosen.html",
            "Below the form: each filter can be taken away.",
            state("Two filters", chosen=chosen),
        ),
        component(
            "loosen",
            "What to loosen",
            "templates/includes/_loosen.html",
            "Of a list without rows: what it would have without each of its filters.",
            state("Taking one away is enough", loosened=chosen, chosen=chosen),
            state("Taking one away is not enough", loosened=[], chosen=chosen),
        ),
        component(
            "pages",
            "Pages of a list",
            "templates/includes/_pages.html",
            "Below a list that is longer than a page. The first and the last page have one link less.",
            state("In the middle", page_obj=Paginator(range(75), 25).page(2), query="q=x"),
        ),
        component(
            "shown",
            "Rows of this page",
            "templates/includes/_shown.html",
            "Above a list that is longer than a page.",
            state("In the middle", page_obj=Paginator(range(75), 25).page(2)),
        ),
        component(
            "files",
            "List as data",
            "templates/includes/_files.html",
            "Below a list: the same rows as files, under the same filters.",
            state("With filters", address=reverse("api:commitment-list"), query="q=x"),
            state("Without filters", address=reverse("api:commitment-list"), query=""),
        ),
        component(
            "data",
            "Page as data",
            "templates/includes/_data.html",
            "Below the page of a plan, a commitment, a report or an entity.",
            state("With its address", address=reverse("api:plan-list")),
        ),
    ]


# Changes


def of_changes():
    entity = samples.entity()
    commitment = samples.commitment()
    milestone = samples.milestone(1)
    why = {"reason": own("La ficha de ejemplo imprime otra fecha.", "The example card prints another day.")}
    moved = samples.change(
        milestone, {"ends_on": ["2002-06-30", "2002-12-31"], "note_en": ["", "A note"]}, **why
    )
    area = samples.sample(PolicyArea, slug="", **both("name", "Área de ejemplo", "Example area"))
    columns = {"policy_areas": [[], [area.pk]], "recommendations": [[], [0]]}
    linked = samples.change(commitment, columns, linked=[area])
    same = own("Este comienzo es el mismo en las dos. ", "This beginning is the same in both. ") * 12
    columns = {
        "title_en": ["Old example", "Example of a commitment"],
        "description_es": [f"{same}Antes.", f"{same}Ahora."],
        "unofficial": [{}, {"title_en": ""}],
    }
    long = samples.change(commitment, columns, action="published")
    struck = samples.change(entity, {"website": []}, "struck")
    created, hidden = samples.change(entity, action="created"), samples.change(None)
    hidden.kind = created.kind
    return [
        component(
            "changed",
            "What was done to which row",
            "templates/includes/_changed.html",
            "Wherever a change is told.",
            state("A row that was added", told=created),
            state("A row that the public may not read any more", told=hidden),
        ),
        component(
            "columns",
            "What was and what is",
            "templates/includes/_columns.html",
            "In the list of changes: columns side by side, on a phone one below the other.",
            state("A date and a text", told=moved),
            state("Linked rows, one of them not public", told=linked),
            state("A translation of ours, and a long text", told=long),
            state("Personal data that were taken out", told=struck),
        ),
        component(
            "changes",
            "What changed on a page",
            "templates/includes/_changes.html",
            "At the foot of a commitment, a plan and a report.",
            state(
                "Changes",
                entries=[(each.entry, [each]) for each in (moved, long)],
                has_more=True,
                address=HERE,
            ),
            state("Nothing since the loading", target="changes-none", loaded_on=samples.END_TERM),
            state("Never loaded", target="changes-unknown"),
        ),
    ]


# What frames a page


def of_frame():
    row = samples.section()
    parts = {"parts": [samples.annulled_part()], "more": 3}
    with_note = samples.sample(Section, document=row.document, place="p. 2", note=own("Nota", "Note"))
    neighbours = (
        '<nav class="neighbours" aria-label="{{ label }}">'
        '<a rel="prev" href="{{ before.get_absolute_url }}"><span>{{ label_before }}</span> '
        "{{ before.code }} {% text before.title %}</a>"
        '<a rel="next" href="{{ after.get_absolute_url }}"><span>{{ label_after }}</span> '
        "{{ after.code }} {% text after.title %}</a></nav>"
    )
    return [
        component(
            "breadcrumb",
            "Where the page stands",
            "templates/includes/_breadcrumb.html templates/includes/_crumb.html",
            "At the head of each page, as at the head of this one: a page has one.",
        ),
        component(
            "as-of",
            "The day on which a page is read",
            "templates/includes/_as_of.html",
            "At the head of a page that was asked for on a day; its links keep the day.",
            state("A day that was asked for", reading=Reading(samples.MID_TERM, is_asked=True)),
            state(
                "Before the plan began",
                reading=Reading(samples.START, is_asked=True),
                is_to_come=True,
                to_come="A sentence on what there was not yet.",
            ),
        ),
        component(
            "another-day",
            "Another day",
            "templates/includes/_another_day.html",
            "At the end of a page that can be read on a day.",
            state("On a day that was asked for", reading=Reading(samples.MID_TERM, is_asked=True)),
        ),
        component(
            "annulled",
            "Annulled",
            "templates/includes/_annulled.html",
            "At the head of the page of what was annulled, and of each part that a page names at its end.",
            state("A page", annulled=samples.notice(), is_page=True),
            state("With what it belongs to", annulled=samples.notice(owner=samples.plan()), is_page=True),
            state("A part, without a reason", annulled=samples.notice("")),
        ),
        component(
            "annulled-parts",
            "What was annulled of a page",
            "templates/includes/_annulled_parts.html",
            "At the end of a page that showed it, closed: its words, when and why.",
            state("An update that was put right, and more", annulled_parts=parts),
        ),
        component(
            "sources",
            "Sources of a page",
            "templates/includes/_sources.html templates/includes/_source.html",
            "At the foot of a page: where its facts stand, the main source first.",
            state("Two sources, the second with a note", sources=[row, with_note]),
        ),
        component(
            "cite",
            "How to cite a page",
            "templates/includes/_cite.html",
            "At the foot of a page: what it is, where, and the day that it was read.",
            state("With its address", what=own("Página de ejemplo", "Example page")),
        ),
        component(
            "neighbours",
            "The page before and the page after",
            "templates/commitments/commitment_detail.html",
            "At the foot of a commitment.",
            state(
                "Both neighbours",
                neighbours,
                label=own("Páginas vecinas de la muestra", "Neighbours of the sample"),
                label_before=own("Compromiso anterior", "Previous commitment"),
                label_after=own("Compromiso siguiente", "Next commitment"),
                before=samples.commitment(1),
                after=samples.commitment(3),
            ),
        ),
    ]
