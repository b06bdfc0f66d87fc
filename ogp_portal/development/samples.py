"""Sample rows for the page of components: in no database, with plain words, and known by them as samples.

They are of a plan IX that does not exist, of years in which there was no plan.
"""

from collections import Counter
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from itertools import count
from types import SimpleNamespace

from django.utils.timezone import make_aware

from commitments.models import (
    Assessment,
    Commitment,
    CommitmentItem,
    CommitmentState,
    CommitmentTitle,
    Evidence,
    Finding,
    Lateness,
    LinkCheck,
    Milestone,
    MilestoneResponsible,
    MilestoneState,
    PolicyArea,
    Progress,
    Responsibility,
    Update,
)
from commitments.state import Card, Said, by_key, commitment_states, level_states, milestone_states
from entities.models import Entity
from faces.annulled import Notice, Part
from faces.changes import Told, give_whole_texts
from plans.compliance import Level, tally, transitions
from plans.compliance import moved as moved_of
from plans.lines import lateness_of
from plans.models import (
    DeclaredFigure,
    Listing,
    Plan,
    PlanSource,
    Recommendation,
    Report,
    Section,
    Term,
    Theme,
)
from plans.picture import Picture, Row, row_of
from plans.slope import Line, Slope, movement, rungs
from plans.views import know_judge
from record.dates import LIMA
from record.models import Change, Document, Entry
from record.text import Text, digest, languages_in_order

# Where the links of samples lead: to the words that say what they are.
HERE = "#samples"

START, END = date(2001, 1, 1), date(2002, 12, 31)
HALF = date(2002, 6, 30)
WRITTEN = datetime(2003, 3, 31, 12, tzinfo=LIMA)
MID_TERM, END_TERM, CLOCK = date(2001, 12, 31), date(2002, 12, 31), date(2003, 3, 31)

_keys = count(1)


def sample(model, /, related=None, **values):
    """Return an unsaved row, with `related`: the rows that each of its managers gives.

    Values that are no fields are set as they are, like the columns that a queryset adds.
    """
    fields = {field.name for field in model._meta.fields}
    row = model(pk=next(_keys), **{name: value for name, value in values.items() if name in fields})
    vars(row).update({name: value for name, value in values.items() if name not in fields})
    # What a template may not ask of the database it finds where a queryset would have fetched it.
    row._prefetched_objects_cache = related or {}
    if hasattr(model, "get_absolute_url"):
        row.get_absolute_url = lambda: HERE
    return row


def both(name, spanish, english):
    """Return the two columns of a text."""
    return {f"{name}_es": spanish, f"{name}_en": english}


def own(spanish, english):
    """Return a text in the reader's language."""
    language = languages_in_order()[0]
    return Text(spanish if language == "es" else english, language)


def other(spanish, english, **state):
    """Return a text in the language that is not the reader's."""
    language = languages_in_order()[1]
    return Text(spanish if language == "es" else english, language, **state)


def in_other_column(name, spanish, english):
    """Return the two columns of a text that stands in the language that is not the reader's alone."""
    text = other(spanish, english)
    return {f"{name}_es": "", f"{name}_en": ""} | {f"{name}_{text.lang}": str(text)}


def translated(name, spanish, english):
    """Return the two columns of a text of which the reader's is a translation of ours."""
    reader, original = languages_in_order()
    columns = both(name, spanish, english)
    fingerprint = digest(columns[f"{name}_{original}"])
    return columns | {"unofficial": {f"{name}_{reader}": fingerprint}}


# Plans, documents, reports, entities


def document(language="es", **values):
    title = both("title", "Documento de ejemplo", "Example document")
    values = {"kind": Document.Kind.OTHER, "year": 2002, "published_as_printed": ""} | title | values
    return sample(Document, language=language, **values)


def sourced(language="es"):
    """Return what every row has: a document and the place in it."""
    return {"document": document(language), "place": "p. 1"}


def declared_figure(number):
    return sample(DeclaredFigure, value=number, as_printed=str(number), **sourced())


def plan(**values):
    title = both("title", "Plan de ejemplo", "Example plan")
    values = {"number": 9, "starts_on": START, "ends_on": END} | title | values
    return sample(Plan, **values, **sourced())


def source_with_a_note():
    """Return a further source of a plan that says something besides."""
    return sample(PlanSource, **both("note", "Lo que dice además", "What it says besides"), **sourced())


def report(slug, author="government", stage="end_term", cutoff_on=END_TERM, language="es", **values):
    title = both("title", "Informe de ejemplo", "Example report")
    values = {"coverage": "full", "plan": plan()} | title | values
    return sample(
        Report,
        slug=slug,
        author=author,
        stage=stage,
        cutoff_on=cutoff_on,
        **values,
        **sourced(language),
    )


def entity(**values):
    return sample(Entity, **both("name", "Entidad de ejemplo", "Example entity"), **values)


def theme():
    # Without a slug, so that its link leads to the whole list.
    return sample(Theme, slug="", **both("name", "Tema de ejemplo", "Example theme"), **sourced())


def counted(total=10, is_full=True, **counts):
    """Return the tally of some commitments: `counted(complete=3)`."""
    return tally((level for level, n in counts.items() for _ in range(n)), total, is_full)


def all_levels(total=10, is_full=True):
    """Return a tally in which every level occurs."""
    return counted(total, is_full, **{level.value: 1 for level in Level})


# Commitments


def assessment(level, of, **values):
    related = values.pop("related", {"evidence": []})
    return sample(
        Assessment, level=level, report=of, related=related, **{**sourced(of.document.language), **values}
    )


def commitment(number=1, cards=(), milestones=(), leads=(), related=None, **values):
    """Return a commitment with its cards, the latest first, as `for_reading` fetches it."""
    title = both("title", "Ejemplo de compromiso", "Example of a commitment")
    values = {"plan": plan(), "code": f"9-{number}"} | title | values
    judged = [
        Card(
            key=card.pk,
            on=card.report.cutoff_on,
            author=card.report.author,
            level=card.level,
            new_end_on=card.new_end_on,
            sets_level=card.report.author in Report.LEVEL_SETTING_AUTHORS,
        )
        for card in cards
    ]
    spans = [milestone_states(each.ends_on, []) for each in milestones]
    ends = values.get("ends_on"), values["plan"].ends_on
    span = on_clock(commitment_states(*ends, judged, spans, values.get("in_plan_until")))
    latest = {each.assessment for each in level_states(judged) if each.from_on <= CLOCK <= each.until_on}
    for card in cards:
        card.is_latest = card.pk in latest
    return sample(
        Commitment,
        number=number,
        assessments_on=list(cards),
        now=CommitmentState(**by_key(span)),
        read_on=CLOCK,
        related={"responsibilities": list(leads)} | (related or {}),
        **values,
        **sourced(),
    )


def unfinished(level="limited", **values):
    """Return the card of a report that judged a commitment on the last day of its plan."""
    return assessment(level, report(f"9-{level}"), **values)


def lead(**values):
    values = {"entity": entity()} | values
    return sample(Responsibility, role=Responsibility.Role.LEAD, **values, **sourced())


def evidence(link_check=None, **values):
    values = {"url": "https://example.org/documento"} | values
    row = sample(Evidence, **values, **sourced())
    row._state.fields_cache["link_check"] = link_check
    return row


def file_evidence(**values):
    """Return evidence with a file or, `file=""`, with what is left of one."""
    file = {"file": "a", "file_name": "informe.pdf", "file_kind": "pdf", "file_size": 1_234_567}
    row = evidence(**{"url": "", "code": "9-1-e1", "sha256": "0" * 64} | file | values)
    row.download_address = lambda: HERE
    return row


def failing(**values):
    """Return the check of a link that does not respond."""
    return LinkCheck(
        **{
            "url": "https://example.org/documento",
            "responds": False,
            "checked_at": WRITTEN,
            "failing_since": WRITTEN - timedelta(days=9),
        }
        | values
    )


def promised():
    """Return a commitment of which the plan says everything."""
    item = both("text", "Producto de ejemplo", "Example product")
    return commitment(
        2,
        **both("problem", "Qué problema hay, en palabras del plan.", "Which problem there is."),
        **both("description", "Qué se promete, en palabras del plan.", "What is promised."),
        **both("contribution", "Cómo ayuda a resolverlo.", "How it helps to solve it."),
        **both("relevance", "Por qué es gobierno abierto.", "Why it is open government."),
        theme=theme(),
        starts_on=START,
        ends_on=HALF,
        period_as_printed="enero 2001 - junio 2002",
        label="3.a",
        is_starred=False,
        related={
            "items": [
                sample(CommitmentItem, kind="final_product", **item, **sourced()),
                sample(CommitmentItem, kind="footnote", **both("text", "Nota", "Note"), **sourced()),
            ],
            "policy_areas": [sample(PolicyArea, slug="", **both("name", "Área de ejemplo", "Example area"))],
            "titles": [sample(CommitmentTitle, title="Otro título", language="es", **sourced())],
            "evidence": [evidence()],
        },
    )


def unpromised():
    """Return a commitment of which the plan says nothing."""
    return commitment(3, related={"items": [], "policy_areas": [], "titles": [], "evidence": []})


# Milestones


def update(code, related=None, **values):
    return sample(
        Update,
        code=code,
        related=related or {"evidence": []},
        **{"as_of": END_TERM, "report": report("9-update"), **sourced(), **values},
    )


def notice(reason="Entró dos veces por error.", **values):
    """Return the notice of what was annulled on the last day of the samples."""
    return Notice(make_aware(datetime.combine(CLOCK, time(12))), reason, **values)


def annulled_part():
    """Return an update that was annulled and replaced."""
    words = both("text", "Texto del reporte de ejemplo.", "Text of the example report.")
    row = update("9-2-1-u1", status="complete", percent=100, done_as_printed="2002", **words)
    part = Part(row, notice())
    part.replaced_by = [update("9-2-1-u2")]
    return part


def milestone(number, updates=(), related=None, **values):
    """Return a milestone as it stood on the last day of the samples; without updates nothing is reported."""
    values = {
        **both("activity", "Ejemplo de hito", "Example of a milestone"),
        "starts_on": START,
        "ends_on": HALF,
    } | values
    said = [
        Said(
            on=each.as_of,
            number=place,
            status=each.status,
            percent=each.percent,
            done_on=each.done_on,
            new_end_on=each.new_end_on,
        )
        for place, each in enumerate(updates)
    ]
    return sample(
        Milestone,
        code=f"9-1-{number}",
        commitment=sample(Commitment),
        updates_on=list(updates),
        related={"responsible": [], "evidence": []} | (related or {}),
        now=MilestoneState(**asdict(on_clock(milestone_states(values["ends_on"], said)))),
        read_on=CLOCK,
        **values,
        **sourced(),
    )


def on_clock(spans):
    """Return what is known on the last day of the samples."""
    return next(span for span in spans if span.from_on <= CLOCK <= span.until_on)


def complete(number):
    """Return a milestone of which everything is known."""
    done = update(
        f"9-1-{number}-u1",
        status="complete",
        percent=100,
        done_on=date(2002, 6, 15),
        source_letter="Oficio 001-2002",
        related={"evidence": [evidence(**both("title", "Prueba de ejemplo", "Example of proof"))]},
        **both("text", "Lo que el informe dice del hito.", "What the report says of the milestone."),
    )
    unit = both("unit", "Unidad de ejemplo", "Example unit")
    return milestone(
        number,
        [done],
        responsible_as_printed="Unidad de ejemplo",
        related={
            "responsible": [sample(MilestoneResponsible, entity=entity(), **unit, **sourced())],
            "evidence": [evidence()],
        },
        **both("means_of_verification", "Qué lo iba a probar.", "What was to prove it."),
        **both("note", "Una nota del documento.", "A note of the document."),
    )


def late(number):
    """Return a milestone that is past due by both its ends, with a reason for the new one."""
    moved = update(
        f"9-1-{number}-u1",
        status="in_progress",
        percent=60,
        new_end_on=END,
        **both("text", "Falta la segunda parte.", "The second part is missing."),
        **both("next", "Se hará la segunda parte.", "The second part will be done."),
        **both("reason", "Motivo de ejemplo.", "Example of a reason."),
    )
    return milestone(number, [moved])


def moved_without_reason(number):
    moved = update(
        f"9-1-{number}-u1",
        status="not_started",
        new_end_on=date(2003, 6, 30),
        new_end_as_printed="1st Half - 2003",
        document=document("en"),
    )
    return milestone(number, [moved])


def done_nobody_knows_when(number):
    return milestone(number, [update(f"9-1-{number}-u1", status="complete")])


def withdrawn(number):
    words = both("text", "Se retiró del plan.", "It was taken out of the plan.")
    why = both("reason", "Motivo de ejemplo.", "Example of a reason.")
    told = update(f"9-1-{number}-u1", status="withdrawn", as_of=MID_TERM, **words, **why)
    return milestone(number, [told])


def without_a_status(number):
    words = both(
        "text", "Se habla del hito, no de su estado.", "It speaks of the milestone, not of its state."
    )
    return milestone(number, [update(f"9-1-{number}-u1", **words)])


def announced(number):
    """Return a milestone of which only a later end is known."""
    return milestone(number, [update(f"9-1-{number}-u1", new_end_on=END)], ends_on=None)


def progress(total=8, **counts):
    counts = {"complete": 3, "overdue": 2, "unreported": 3, "unknown": 1, "silent": 1, "undated": 0} | counts
    return Progress(total=total, **counts)


def lateness(total=8, **counts):
    return Lateness(total=total, **{"overdue": 2, "unknown": 3, "silent": 2, "undated": 0} | counts)


# What pages hold beside rows


def square(number, level=None, author="", **values):
    """Return a commitment as its square needs it, `for_squares`."""
    card = unfinished(level) if level else None
    judged = {"judged_by": author or "government", "judged_on": END_TERM} if level else {"judged_by": None}
    return commitment(number, cards=[card] if card else [], **judged, **values)


def row_said(number, said=None, **values):
    """Return the row of a plan in the picture: `said` is what is known of it, {level or None: how many}."""
    levels = [level for level, n in (said or {}).items() for _ in range(n)]
    of_plan = plan(number=number, **{name: values.pop(name) for name in ("starts_on",) if name in values})
    values = {
        "plan": of_plan,
        "on": CLOCK,
        "commitments": [square(n, level) for n, level in enumerate(levels, start=1)],
        "total": len(levels),
        "counts": Counter(levels),
        "judges": Counter({("government", 2002): 1} if any(levels) else {}),
    } | values
    return Row(**values)


def picture():
    """Return the picture of plans of which each says another sentence."""
    several = Counter({("government", 2002): 1, ("irm", 2002): 1})
    unread = [report("9-unread", coverage="not_held")]
    return Picture(
        [
            row_said(9, declared_by=[4]),
            row_said(8),
            row_said(7, {None: 2}, starts_on=END_TERM.replace(year=2003, month=12)),
            row_said(6, dict.fromkeys(Level, 1)),
            row_said(5, {"complete": 1, "limited": 1}, judges=several),
            row_said(4, {"limited": 1, None: 2}),
            row_said(3, {"limited": 1, None: 2}, judges=several),
            row_said(2, {None: 2}, not_held=unread),
            row_said(1, {None: 2}, silent=2),
            row_said(10, {None: 3}, commitments=[]),
        ]
    )


def judged_plans():
    """Return three plans as `plans.views.overview` gives them: judged, judged in part, not judged."""
    full = plan(number=9, commitments_count=10)
    full.tallies = [
        (report("9-bar-mid-term", stage="mid_term", cutoff_on=MID_TERM), counted(complete=1, limited=9)),
        (report("9-bar-end-term"), all_levels()),
    ]
    partial = plan(number=8, commitments_count=6)
    irm = report("8-bar", author="irm", stage="implementation", coverage="partial", is_cutoff_inferred=True)
    partial.tallies = [(irm, counted(6, False, substantial=2, limited=1))]
    unknown = plan(number=7, commitments_count=4)
    unknown.tallies = [(None, counted(4, False))]
    return [full, partial, unknown]


def row(*levels, **values):
    """Return the row of a plan in the picture: with a commitment for each level, one report judged them."""
    of = report("9-row")
    cards = [[assessment(level, of)] if level else [] for level in levels]
    commitments = [
        commitment(number, cards=each, leads=[lead()], theme=None) for number, each in enumerate(cards, 1)
    ]
    for each in commitments:
        know_judge(each, each.shown)
        each.lateness = lateness_of(each)
    plan_of_row = plan(**values)
    if not commitments:
        return Row(
            plan=plan_of_row, on=CLOCK, commitments=[], total=0, counts={}, judges={}, declared_by=[11]
        )
    return row_of(plan_of_row, CLOCK, commitments, [])


def moved():
    """Return what moved between two reports: each way that there is."""
    ways = [("limited", "complete"), ("complete", "limited"), ("limited", "limited"), (None, "withdrawn")]
    commitments = [commitment(number) for number, _way in enumerate(ways, 1)]
    lines = [Line(each, *way) for each, way in zip(commitments, ways, strict=True)]
    before = {each.pk: way[0] for each, way in zip(commitments, ways, strict=True)}
    after = {each.pk: way[1] for each, way in zip(commitments, ways, strict=True)}
    found = transitions(before, after, before)
    previous = report("9-moved-mid-term", stage="mid_term", cutoff_on=MID_TERM)
    drawn = Slope(previous, report("9-moved"), moved_of(found), movement(found, commitments))
    drawn.rungs = list(rungs(lines))
    return drawn


def cards():
    """Return the cards of four reports: text, a blank row, a row that the form lacks, a level alone."""
    reader, twin = languages_in_order()
    rows = ["objective", "results", "next_steps"]
    texts = {
        "es": {"objective": "El objetivo, como lo imprime la ficha.", "results": "Los resultados."},
        "en": {"objective": "The objective, as the card prints it.", "results": "The results."},
    }
    mid_term = report("9-mid-term", stage="mid_term", cutoff_on=MID_TERM, language=reader, card_form=rows)
    end_term = report("9-end-term", language=reader, card_form=rows[:2])
    irm = report("9-irm", author="irm", language=twin, card_form=rows)
    level = report("9-level", author="civil_society", language=reader, card_form=rows)
    proof = {"evidence": [evidence()]}
    return [
        assessment("limited", mid_term, **texts[reader], related=proof),
        assessment("substantial", end_term, objective=texts[reader]["objective"]),
        assessment(
            "complete", irm, **texts[twin], next_steps=texts[twin]["results"], level_as_printed="100 %"
        ),
        assessment("unclear", level, has_card=False),
    ]


def findings():
    """Return findings as `commitments.views.findings` groups them, with the words of their codes."""
    known = sample(Finding, value_as_printed="Alta", **sourced())
    unprinted = sample(Finding, value_as_printed="", **sourced())
    measure, scale = own("Medida de ejemplo", "Example measure"), own("Escala de ejemplo", "Example scale")
    value = own("Valor de ejemplo", "Example value")
    return [[(known, measure, value, scale), (unprinted, measure, value, scale)]]


def figure(slug, as_printed, **values):
    """Return a declared figure as its table asks for it."""
    known = {"computed": None, "difference": None, "agrees_rounded": False, "is_percent": False}
    return SimpleNamespace(
        slug=f"figure-{slug}",
        as_printed=as_printed,
        label=own("Cifra de ejemplo", "Example figure"),
        **{"is_of_levels": True, **known, **sourced(), **values},
    )


def recommendation(slug, **values):
    text = both("text", "Lo que el informe recomienda.", "What the report recommends.")
    values = {"followed_by": []} | values
    related = {"further_sources": []}
    return sample(Recommendation, slug=slug, related=related, **text, **values, **sourced())


def section(**values):
    heading = both("heading", "Sección de ejemplo", "Example section")
    # Its slug is where its link leads.
    return sample(Section, slug=HERE[1:], **heading, **values, **sourced())


def listing():
    publisher = both("publisher", "Entidad de ejemplo", "Example entity")
    return sample(Listing, work=document(**publisher), **sourced())


def term(slug, **values):
    words = both("term", "Palabra de ejemplo", "Example word")
    meaning = both("definition", "Lo que la palabra quiere decir.", "What the word means.")
    return sample(Term, slug=slug, **words, **meaning, **values)


def change(row, columns=None, action=Change.Action.CHANGED, linked=(), **entry):
    """Return a change of a row as readers may know it; it may name the row, if there is one, and `linked`."""
    label = row._meta.label_lower if row else ""
    stored = sample(
        Change,
        entry=Entry(pk=next(_keys), at=WRITTEN, **{"act": "edit"} | entry),
        model=label,
        object_id=row and row.pk,
        action=action,
        columns=columns or {},
        public_at=WRITTEN,
        related={"pages": []},
    )
    told = Told(stored, {(each._meta.label_lower, each.pk): each for each in (row, *linked) if each})
    give_whole_texts([told])
    return told
