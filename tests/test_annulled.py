"""What is annulled: the record reads as if it had never been there, and its own address keeps its words.

Each row is added to a record with everything that hangs from it, then annulled alone: every page and every
list of the API must say again what it said before.
"""

import re
from datetime import date
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from faces import annulled
from faces.templatetags.dates import longdate
from plans.models import Report
from record.dates import today
from record.kinds import kind_of, kinds
from record.models import Change
from record.writing import StillNamed, writing
from tests.api import errors, get
from tests.factories import (
    make_assessment,
    make_commitment,
    make_commitment_item,
    make_commitment_title,
    make_declared_figure,
    make_document,
    make_entity,
    make_entity_name,
    make_evidence,
    make_finding,
    make_further_source,
    make_listing,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_plan_period,
    make_policy_area,
    make_publisher,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_term,
    make_theme,
    make_update,
)
from tests.once import made_once
from tests.pages import address, bare, read, section
from tests.test_pages import record  # noqa: F401

pytestmark = pytest.mark.django_db

EARLY, LATE, LATEST = date(2016, 6, 30), date(2017, 3, 31), date(2018, 6, 30)
# A word that stands in what is annulled and nowhere else.
WORD = "zanahoria"
REASON = "It was entered twice by mistake"


class Record:
    """A record to which rows can be added that bring no document of their own."""

    def __init__(self, made):
        self.plan, self.entity, (self.before, self.report) = made.plan, made.entity, made.reports
        # Nothing that stands quotes it.
        self.document = make_document()
        self.page = 100
        self.full = self.plan.commitments.get(number=1)
        self.elsewhere = self.entity.responsibilities.exclude(commitment__plan=self.plan).first().commitment
        self.milestone = self.full.milestones.first()
        # Without a card, and with a milestone of which nobody spoke.
        self.bare = make_commitment(plan=self.plan, number=2)
        self.silent = make_milestone(commitment=self.bare, number=1, ends_on=EARLY)
        self.said = make_update(milestone=self.milestone, as_of=LATE, status="in_progress")
        self.recommendation = self.report.recommendations.first()
        self.card = self.full.assessments.first()
        # Of a full report no card is annulled.
        self.partial = make_report(plan=self.plan, coverage="partial", cutoff_on=LATE)

    def add(self, make, **columns):
        self.page += 1
        return make(document=self.document, place=f"p. {self.page}", **columns)

    def commitment(self, plan, report, number):
        """Add a commitment with everything that may hang from one."""
        commitment = self.add(
            make_commitment, plan=plan, number=number, title_es=f"Compromiso {WORD}", title_en=WORD
        )
        with writing(reason="made for a test"):
            commitment.policy_areas.set(self.full.policy_areas.all())
            commitment.recommendations.set([self.recommendation])
        self.add(make_commitment_title, commitment=commitment, title=WORD)
        self.add(make_commitment_item, commitment=commitment, text_es=WORD)
        self.add(make_evidence, commitment=commitment, title_es=WORD)
        self.add(make_finding, commitment=commitment, report=report)
        self.add(make_responsibility, commitment=commitment, entity=self.entity)
        self.add(make_responsibility, commitment=commitment, report=report, name_as_printed=WORD)
        card = self.add(make_assessment, commitment=commitment, report=report, level="complete", results=WORD)
        self.add(make_evidence, assessment=card, title_es=WORD)
        self.add(partial(make_further_source, commitment))
        for step in (1, 2):
            self.milestone_of(commitment, report, step)
        return commitment

    def milestone_of(self, commitment, report, number):
        """Add a milestone, late and proved, with everything that may hang from one."""
        milestone = self.add(
            make_milestone,
            commitment=commitment,
            number=number,
            activity_es=WORD,
            activity_en=WORD,
            ends_on=EARLY,
        )
        self.add(make_milestone_responsible, milestone=milestone, entity=self.entity)
        self.add(make_evidence, milestone=milestone, title_es=WORD)
        update = self.add(
            make_update, milestone=milestone, as_of=LATEST, status="in_progress", text_es=WORD, report=report
        )
        self.add(make_evidence, update=update, title_es=WORD)
        return milestone

    def report_on(self, plan):
        """Add the last report on a plan, that judges and says what it can."""
        report = self.add(
            make_report, plan=plan, cutoff_on=LATEST, author="irm", title_es=f"Informe {WORD}", title_en=WORD
        )
        for commitment in plan.commitments.all():
            card = self.add(make_assessment, commitment=commitment, report=report, level="not_started")
            self.add(make_evidence, assessment=card, title_es=WORD)
            self.add(make_finding, commitment=commitment, report=report, measure="completion")
            self.add(
                make_responsibility, commitment=commitment, report=report, role="support", entity=self.entity
            )
        recommendation = self.add(make_recommendation, report=report, text_es=WORD)
        self.add(partial(make_further_source, recommendation))
        with writing(reason="made for a test"):
            self.full.recommendations.add(recommendation)
        self.add(make_section, report=report, text_es=WORD)
        self.add(make_declared_figure, report=report, label_es=WORD, label_en=WORD)
        self.add(make_listing, work=self.document, report=report)
        self.add(partial(make_further_source, report))
        self.add(
            make_update, milestone=self.silent, as_of=LATEST, status="complete", report=report, text_es=WORD
        )
        return report

    def plan_of_its_own(self):
        plan = self.add(make_plan, number=8, title_es=f"Plan {WORD}", title_en=WORD)
        theme = self.add(make_theme, plan=plan, name_es=WORD)
        report = self.report_on(plan)
        commitment = self.commitment(plan, report, 1)
        with writing(reason="made for a test"):
            commitment.theme = theme
            commitment.save()
        self.add(make_plan_period, plan=plan)
        self.add(make_section, plan=plan, text_es=WORD)
        self.add(make_declared_figure, plan=plan, report=None)
        self.add(make_listing, work=self.document, plan=plan)
        self.add(partial(make_further_source, plan))
        return plan

    def correction(self):
        return self.add(
            make_update,
            milestone=self.milestone,
            as_of=LATE,
            status="complete",
            corrects=self.said,
            text_es=WORD,
        )

    def word(self):
        update = self.add(make_update, milestone=self.silent, as_of=LATE, status="complete", text_es=WORD)
        self.add(make_evidence, update=update, title_es=WORD)
        return update

    def document_of_its_own(self):
        document = make_document(title_es=WORD, title_en=WORD)
        self.add(make_listing, work=document, plan=self.plan)
        return document

    def entity_of_its_own(self):
        entity = make_entity(name_es=WORD, name_en=WORD, parent=self.entity)
        self.add(make_entity_name, entity=entity, spelling=WORD)
        return entity

    def policy_area(self):
        area = self.add(make_policy_area, name_es=WORD, name_en=WORD)
        with writing(reason="made for a test"):
            self.full.policy_areas.add(area)
            self.bare.policy_areas.add(area)
        return area


# How a row of each kind is added, by the label of the kind; of some kinds in several ways.
ROWS = {
    "plans.plan": Record.plan_of_its_own,
    "plans.planperiod": lambda r: r.add(make_plan_period, plan=r.plan, as_printed=WORD),
    "plans.plansource": lambda r: r.add(partial(make_further_source, r.plan), note_es=WORD),
    "plans.theme": lambda r: r.add(make_theme, plan=r.plan, name_es=WORD, name_en=WORD),
    "plans.report": lambda r: r.report_on(r.plan),
    "plans.reportsource": lambda r: r.add(partial(make_further_source, r.report), note_es=WORD),
    "plans.recommendation": lambda r: r.add(make_recommendation, report=r.report, text_es=WORD),
    "plans.recommendationsource": lambda r: r.add(
        partial(make_further_source, r.recommendation), note_es=WORD
    ),
    "plans.section": lambda r: r.add(make_section, plan=r.plan, heading_es=WORD, text_es=WORD),
    "plans.section of a report": lambda r: r.add(
        make_section, report=r.before, heading_es=WORD, text_es=WORD
    ),
    "plans.term": lambda r: r.add(make_term, term_es=WORD, term_en=WORD),
    "plans.declaredfigure": lambda r: r.add(make_declared_figure, report=r.report, label_es=WORD),
    "plans.listing": lambda r: r.add(make_listing, work=r.document, plan=r.plan, listed_as=WORD),
    "record.document": Record.document_of_its_own,
    "entities.entity": Record.entity_of_its_own,
    "entities.entityname": lambda r: r.add(make_entity_name, entity=r.entity, spelling=WORD),
    "commitments.policyarea": Record.policy_area,
    "commitments.commitment": lambda r: r.commitment(r.plan, r.report, 3),
    "commitments.commitmentsource": lambda r: r.add(partial(make_further_source, r.full), note_es=WORD),
    "commitments.commitmenttitle": lambda r: r.add(make_commitment_title, commitment=r.full, title=WORD),
    "commitments.commitmentitem": lambda r: r.add(make_commitment_item, commitment=r.full, text_es=WORD),
    "commitments.responsibility": lambda r: r.add(make_responsibility, commitment=r.bare, entity=r.entity),
    "commitments.responsibility by a report": lambda r: r.add(
        make_responsibility, commitment=r.bare, name_as_printed=WORD, report=r.report
    ),
    "commitments.assessment": lambda r: r.add(
        make_assessment, commitment=r.bare, report=r.partial, results=WORD
    ),
    "commitments.finding": lambda r: r.add(make_finding, commitment=r.bare, value_as_printed=WORD),
    "commitments.milestone": lambda r: r.milestone_of(r.bare, None, 2),
    "commitments.milestone alone in its plan": lambda r: r.milestone_of(r.elsewhere, None, 1),
    "commitments.milestoneresponsible": lambda r: r.add(
        make_milestone_responsible, milestone=r.silent, entity=r.entity, unit_es=WORD, unit_en=WORD
    ),
    "commitments.update": Record.word,
    "commitments.update that corrects": Record.correction,
    "commitments.evidence of a milestone": lambda r: r.add(make_evidence, milestone=r.silent, title_es=WORD),
    "commitments.evidence of an update": lambda r: r.add(make_evidence, update=r.said, title_es=WORD),
    "commitments.evidence of a card": lambda r: r.add(make_evidence, assessment=r.card, title_es=WORD),
    "commitments.evidence of a commitment": lambda r: r.add(make_evidence, commitment=r.full, title_es=WORD),
}


@pytest.fixture
@made_once
def made(record):  # noqa: F811
    return Record(record)


def annul(row, reason=REASON):
    """Annul a row, and nothing else."""
    with writing(reason=reason):
        type(row).objects.filter(pk=row.pk).update(annulled_at=now())


def restore(row):
    with writing(reason="It was right after all"):
        type(row).everything.filter(pk=row.pk).update(annulled_at=None)


def addresses(made):
    """Return the addresses of the pages and of the API that read the record."""
    lists = {
        "home": [""],
        "plans:plan-list": [""],
        "commitments:commitment-list": ["", f"q={WORD}", "level=complete&report=7-report"],
        "follow-up": ["", "by=commitment"],
        "entities:entity-list": ["", "plan=7&role=lead", "role=support"],
        "plans:document-list": ["", "plan=7", "report=7-report"],
        "plans:recommendation-list": [""],
        "search": [f"q={WORD}"],
        "glossary": [""],
        "method": [""],
        "about": [""],
        "data": [""],
    }
    pages = [f"{address(name)}?{query}" for name, queries in lists.items() for query in queries]
    pages += [
        address("plans:plan-detail", 7),
        address("plans:plan-text", 7),
        address("plans:report-detail", "7-before"),
        address("plans:report-detail", "7-report"),
        address("plans:report-text", "7-report"),
        address("commitments:commitment-detail", "7-1"),
        address("commitments:commitment-detail", "7-2"),
        address("entities:entity-detail", "minam"),
        address("plans:document-detail", made.document.slug),
        reverse("sitemap"),
    ]
    listed = [reverse(f"api:{kind.listed.name}-list") for kind in kinds() if kind.listed]
    api = [*listed, reverse("api:code-list"), f"/api/v1/search/?q={WORD}", "/api/v1/plans/7/compliance/"]
    api += [f"{each}?format=csv" for each in listed if each.endswith(("commitments/", "milestones/"))]
    api += [
        f"/api/v1/{each}"
        for each in (
            *("plans/7/", "reports/7-report/", "commitments/7-1/", "commitments/7-2/", "entities/minam/"),
            *(
                f"milestones/{made.milestone.code}/",
                "milestones/?unreported=true",
                "milestones/?overdue=true",
            ),
            *("commitments/?level=none", "commitments/?overdue=true", "commitments/?unreported=true"),
            *("commitments/?entity=minam&role=lead", "evidence/?commitment=7-1", "assessments/?entity=minam"),
            *(
                f"updates/{made.said.code}/",
                "milestones/?entity=minam",
                "commitments/?level=none&report=7-report",
            ),
        )
    ]
    return [*api, *pages]


# What a page tells of the log: it does not forget what was annulled.
LOG = r'<section aria-labelledby="changes">.*?</section>'


def answer(client, where):
    """Return what stands at an address, but for the sections with what was annulled and what changed."""
    response = client.get(where)
    assert response.status_code == 200, where
    body = response.getvalue().decode()
    body = re.sub(r'<section class="annulled-parts".*?</section>', "", body, flags=re.DOTALL)
    body = re.sub(LOG, "", body, flags=re.DOTALL)
    return re.sub(r"\s+", " ", body)


def changed(client, before):
    """Yield the addresses where something else stands than before, as far as that is asked."""
    return (where for where, body in before.items() if answer(client, where) != body)


def test_every_kind_is_annulled_in_these_tests():
    assert {what.split()[0] for what in ROWS} == {kind.label for kind in kinds()}


@pytest.mark.parametrize("app", ["plans", "commitments", "entities", "record"])
def test_annulled_row_leaves_the_record_as_if_it_had_never_been_there(client, made, app):
    without = {where: answer(client, where) for where in addresses(made)}
    kinds_of_app = [what for what in ROWS if what.startswith(app)]
    unseen, left = [], {}
    with transaction.atomic():
        for what in kinds_of_app:
            with transaction.atomic():
                ROWS[what](made)
                if not any(changed(client, without)):
                    unseen.append(what)
                transaction.set_rollback(True)
            # All together first: which of them leaves a trace is asked where one does.
            annul(ROWS[what](made))
        is_traced = any(changed(client, without))
        transaction.set_rollback(True)
    for what in kinds_of_app if is_traced else ():
        with transaction.atomic():
            annul(ROWS[what](made))
            if traces := list(changed(client, without)):
                left[what] = traces
            transaction.set_rollback(True)

    assert unseen == []
    assert left == {}
    assert not is_traced


@pytest.mark.parametrize("what", ["plans.report", "commitments.commitment", "commitments.update"])
def test_restored_row_is_as_before(client, made, what):
    row = ROWS[what](made)
    before = {where: answer(client, where) for where in addresses(made)}

    annul(row)
    restore(row)

    assert list(changed(client, before)) == []


# The addresses of what was annulled.

# The page of a row, and what stands in its words.
OF_ITS_OWN = {
    "plans.plan": "plans:plan-detail",
    "plans.report": "plans:report-detail",
    "commitments.commitment": "commitments:commitment-detail",
    "entities.entity": "entities:entity-detail",
    "record.document": "plans:document-detail",
}
ENGLISH_REASON = f"The reason given: {REASON}"


@pytest.mark.parametrize("what", OF_ITS_OWN)
def test_page_of_an_annulled_row_keeps_its_words_behind_a_notice(client, made, what):
    row = ROWS[what](made)
    where = address(OF_ITS_OWN[what], row.number if what == "plans.plan" else identifier(row))
    before = words_but_the_log(client.get(where))
    for link in ("Search among these commitments", "Follow up the milestones of this plan"):
        # No list leads to it, so it leads to none.
        before = before.replace(f"{link} ", "")
    annul(row)

    response = client.get(where)
    after = words_but_the_log(response)

    assert response.status_code == 200
    assert f"Annulled on {longdate(today())}. {ENGLISH_REASON}" in after
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "<title>Annulled: " in response.content.decode()
    # Nothing of it is lost: what it said, and what the record said of it.
    notice = after[after.index("Annulled on") : after.index("stays below.") + len("stays below.")]
    assert after.replace(f"{notice} ", "") == before


def words_but_the_log(response):
    body = response.content.decode().partition("<body>")[2]
    return bare(re.sub(LOG, "", body, flags=re.DOTALL))


def identifier(row):
    return str(getattr(row, kind_of(type(row)).public_id))


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind.listed], ids=lambda kind: kind.label)
def test_object_of_the_api_keeps_its_words_and_says_that_it_was_annulled(client, made, kind):
    row = next(build for what, build in ROWS.items() if what.startswith(kind.label))(made)
    where = reverse(f"api:{kind.listed.name}-detail", args=[identifier(row)]).removeprefix("/api/v1/")
    before = get(client, where)
    annul(row)

    after = get(client, where)

    assert before.pop("annulled") is None
    notice = after.pop("annulled")
    assert (notice["at"][:10], notice["reason"]) == (today().isoformat(), REASON)
    assert after == before


def test_what_belongs_to_an_annulled_row_has_its_notice(client, made):
    plan = made.plan_of_its_own()
    annul(plan)

    page = read(client, "commitments:commitment-detail", "8-1")
    milestone = get(client, "milestones/8-1-1/")

    assert f"with what it belongs to: {WORD}. {ENGLISH_REASON}" in page
    assert milestone["annulled"]["reason"] == REASON
    assert get(client, "plans/8/compliance/")["total"] == 1
    assert WORD in read(client, "plans:plan-text", 8)


def test_draft_that_was_annulled_has_no_address(client, made):
    draft = make_commitment(plan=make_plan(status="draft"))
    annul(draft)

    assert client.get(address("commitments:commitment-detail", draft.code)).status_code == 404
    get(client, f"commitments/{draft.code}/", status=404)


def test_old_addresses_of_an_annulled_commitment_lead_to_it(client, made):
    commitment = made.commitment(made.plan, made.report, 3)
    with writing(reason="made for a test"):
        commitment.ogp_id = "PE0199"
        commitment.save()
    annul(commitment)

    for old in ("/PE0199/", "/en/commitments/pe0199/", "/en/commitments/7.3/", "/api/v1/commitments/pe0199/"):
        response = client.get(old, follow=True)

        assert response.redirect_chain, old
        assert (response.status_code, "7-3" in response.redirect_chain[-1][0]) == (200, True), old


PARTS = [
    *("commitments.milestone", "commitments.update", "commitments.evidence of a milestone"),
    *("commitments.responsibility by a report", "commitments.assessment", "commitments.finding"),
]


@pytest.mark.parametrize("what", PARTS)
def test_part_that_was_annulled_stands_closed_at_the_end_of_its_page(client, made, what):
    row = ROWS[what](made)
    annul(row)

    response = client.get(address("commitments:commitment-detail", "7-2"))
    page, shown = response.content.decode(), section(response, "annulled")

    assert "noindex" not in page
    assert f"Annulled on {longdate(today())}. {ENGLISH_REASON}" in shown
    assert WORD in shown
    assert "<details>" in page[page.index('class="annulled-parts"') :]


@pytest.mark.parametrize("what", ["commitments.milestone", "commitments.update", "commitments.assessment"])
def test_address_of_an_annulled_part_leads_to_its_words(client, made, what):
    row = ROWS[what](made)
    annul(row)

    path, _, anchor = row.get_absolute_url().partition("#")

    assert client.get(path).content.decode().count(f'id="{anchor}"') == 1


def test_update_that_was_put_right_names_what_replaced_it(client, made):
    correction = made.correction()
    annul(made.said)

    shown = section(client.get(address("commitments:commitment-detail", "7-1")), "annulled")

    assert f"Put right by: {correction.code}" in shown


def test_annulled_term_and_recommendation_stand_at_the_end_of_their_lists(client, made):
    annul(ROWS["plans.term"](made))
    annul(ROWS["plans.recommendation"](made))

    assert WORD in section(client.get(address("glossary")), "annulled")
    assert WORD in section(client.get(address("plans:recommendation-list")), "annulled")
    assert WORD in section(client.get(address("plans:report-detail", "7-report")), "annulled")


def test_page_names_the_last_annulled_parts_and_counts_the_others(client, made, monkeypatch):
    monkeypatch.setattr(annulled, "MOST_PARTS", 2)
    items = [made.add(make_commitment_item, commitment=made.full, text_en=f"{WORD} {n}") for n in range(4)]
    for item in items:
        annul(item)
    restore(items[0])

    shown = section(client.get(address("commitments:commitment-detail", "7-1")), "annulled")

    assert [n for n in range(4) if f"{WORD} {n}" in shown] == [2, 3]
    assert "And 1 more" in shown


def test_no_page_shows_who_annulled(client, made):
    user = make_publisher(username="somebody-of-sgp")
    row = made.commitment(made.plan, made.report, 3)
    with writing(user, REASON):
        type(row).objects.filter(pk=row.pk).update(annulled_at=now())

    assert user.username not in client.get(row.get_absolute_url()).content.decode()
    assert user.username not in client.get("/api/v1/commitments/7-3/").content.decode()


def test_page_without_annulled_parts_asks_for_them_once(client, made):
    where = address("commitments:commitment-detail", "7-2")
    client.get(where)

    with CaptureQueriesContext(connection) as captured:
        # Of a day that nobody asked for.
        client.get(f"{where}?as_of={today()}")

    asked = [query["sql"] for query in captured if Change._meta.db_table in query["sql"]]
    assert sum("'annulled'" in sql for sql in asked) == 1


# Lists.


@pytest.mark.parametrize(
    ("where", "name", "what"),
    [
        ("commitments/", "plan", "plans.plan"),
        ("commitments/", "report", "plans.report"),
        ("milestones/", "commitment", "commitments.commitment"),
        ("commitments/", "policy_area", "commitments.policyarea"),
    ],
)
def test_list_asked_for_what_was_annulled_says_so(client, made, where, name, what):
    row = ROWS[what](made)
    annul(row)

    assert errors(client, where, **{name: identifier(row)}) == [(name, "annulled")]
    [error] = get(client, where, 400, **{name: "no-such"})["errors"]
    assert identifier(row) not in error["allowed"]


def test_page_of_a_list_asked_for_what_was_annulled_says_so(client, made):
    annul(ROWS["plans.report"](made))
    report = Report.everything.latest("pk")

    page = read(client, "commitments:commitment-list", status=400, report=report.slug)

    assert f"“{report.slug}” was annulled and is in no list" in page


def test_annulled_row_lacks_nothing_in_the_admin(admin_client, made):
    lists = ("?missing=evidence", "?text=en")
    where = reverse("admin:commitments_milestone_changelist")
    before = [admin_client.get(where + query).context["cl"].result_count for query in lists]
    lines = admin_client.get(reverse("admin-missing")).context["gaps"]

    annul(made.add(make_milestone, commitment=made.bare, number=2, activity_es=WORD, activity_en=""))

    assert [admin_client.get(where + query).context["cl"].result_count for query in lists] == before
    assert admin_client.get(reverse("admin-missing")).context["gaps"] == lines


# What stands names nothing that was annulled.


@pytest.mark.parametrize(
    "named", [lambda made: made.plan.document, lambda made: made.entity, lambda made: made.full.theme]
)
def test_what_is_still_named_is_not_annulled(made, named):
    with pytest.raises(StillNamed):
        annul(named(made))

    assert type(named(made)).objects.filter(pk=named(made).pk).exists()


def test_entity_is_annulled_together_with_what_names_it(made):
    entity = make_entity()
    lead = made.add(make_responsibility, commitment=made.bare, entity=entity)

    with writing(reason=REASON):
        for row in (entity, lead):
            type(row).objects.filter(pk=row.pk).update(annulled_at=now())

    assert not type(lead).objects.filter(pk=lead.pk).exists()
    with pytest.raises(StillNamed):
        restore(lead)


def test_row_names_nothing_that_was_annulled(made):
    entity = make_entity()
    annul(entity)

    with pytest.raises(StillNamed):
        made.add(make_responsibility, commitment=made.bare, entity=entity)


# Evidence is published by itself.


def test_draft_evidence_is_on_no_page_and_in_no_count(client, made):
    without = {where: answer(client, where) for where in addresses(made)}
    owners = {"milestone": made.silent, "update": made.said, "assessment": made.card, "commitment": made.full}

    for name, owner in owners.items():
        made.add(make_evidence, **{name: owner}, title_es=WORD, status="draft")

    assert list(changed(client, without)) == []
