"""Builders of rows for tests: sensible defaults, numbers that nobody shares."""

import re
from datetime import date
from functools import wraps
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from commitments import files
from commitments.models import (
    Assessment,
    Commitment,
    CommitmentItem,
    CommitmentSource,
    CommitmentTitle,
    Evidence,
    Finding,
    Milestone,
    MilestoneResponsible,
    PolicyArea,
    Responsibility,
    Update,
)
from entities.models import Entity, EntityName, Membership
from plans.models import (
    DeclaredFigure,
    Listing,
    Plan,
    PlanPeriod,
    PlanSource,
    Recommendation,
    RecommendationSource,
    Report,
    ReportSource,
    Section,
    Term,
    Theme,
)
from record.models import Document
from record.publication import Status
from record.rights import is_focal_point
from record.roles import Role
from record.sources import Sourced
from record.writing import required, writing

# The reason for which all of this is written, which nobody reads.
REASON = "made for a test"

FIRST_NUMBER = 1_000
_numbers = count(FIRST_NUMBER)


def begin_again(number=FIRST_NUMBER):
    """Count the made rows from a number again: a test's rows are the same whatever ran before it."""
    global _numbers
    _numbers = count(number)


def next_number():
    """Return the number to begin again with, in order to go on from here."""
    number = next(_numbers)
    begin_again(number)
    return number


def written(build):
    """Let a builder write rows of the record."""

    @wraps(build)
    def builder(*args, **columns):
        with writing(reason=REASON):
            return build(*args, **columns)

    return builder


def _number():
    # Small enough for every column, and far more than one test makes.
    return next(_numbers) % 32_000 + 1


@written
def make(model, **columns):
    """Make a row of any model: by its own builder below or, without one, with what its columns need."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    builder = globals().get(f"make_{name}")
    if builder:
        return builder(**columns)
    given = (_source(columns) if issubclass(model, Sourced) else {}) | columns
    needed = {
        field.name: _value(field)
        for field in model._meta.concrete_fields
        if field.name not in given and not (field.primary_key or field.null or field.has_default())
        if field.is_relation or not field.blank
    }
    return model._default_manager.create(**needed | given)


def _value(field):
    """Return a value for a column that needs one."""
    if field.is_relation:
        return make(field.related_model)
    if field.choices:
        return field.choices[0][0]
    match field.get_internal_type():
        case "DateField":
            return date(2016, 12, 31)
        case "PositiveSmallIntegerField" | "DecimalField":
            return _number()
        case "BooleanField":
            return False
    return f"{field.name.replace('_', '-')}-{_number()}"[: field.max_length]


@written
def make_entity(**columns):
    number = _number()
    defaults = {
        "slug": f"entity-{number}",
        "name_es": f"Entidad {number}",
        "name_en": f"Entity {number}",
        "kind": Entity.Kind.MINISTRY,
    }
    return Entity.objects.create(**defaults | columns)


@written
def make_document(**columns):
    number = _number()
    defaults = {
        "slug": f"document-{number}",
        "title_es": f"Documento {number}",
        "title_en": f"Document {number}",
        "language": "es",
        "kind": Document.Kind.SELF_ASSESSMENT,
        "year": 2017,
    }
    return Document.objects.create(**defaults | columns)


def _source(columns):
    """Give a row its source, unless the test names one; a focal point's is the draft of a letter."""
    by = required("factories").by
    drafted = {"status": Status.DRAFT} if by is not None and is_focal_point(by) else {}
    return {"document": columns.get("document") or make_document(**drafted), "place": "p. 1"}


@written
def make_plan(**columns):
    number = _number()
    defaults = {
        "number": number,
        "title_es": f"Plan {number}",
        "title_en": f"Plan {number} (en)",
        "starts_on": date(2015, 1, 1),
        "ends_on": date(2016, 12, 31),
        "status": Status.PUBLISHED,
    }
    return Plan.objects.create(**_source(columns) | defaults | columns)


@written
def make_plan_period(**columns):
    defaults = {"plan": columns.get("plan") or make_plan(), "as_printed": "2015-2016"}
    return PlanPeriod.objects.create(**_source(columns) | defaults | columns)


@written
def make_theme(**columns):
    number = _number()
    plan = columns.get("plan") or make_plan()
    defaults = {
        "plan": plan,
        "slug": f"{plan.number}-tema-{number}",
        "status": plan.status,
        "order": number % 1000,
        "name_es": f"Tema {number}",
        "name_en": f"Theme {number}",
    }
    return Theme.objects.create(**_source(columns) | defaults | columns)


@written
def make_entity_name(**columns):
    number = _number()
    defaults = {
        "entity": columns.get("entity") or make_entity(),
        "spelling": f"Nombre {number}",
        "language": "es",
    }
    return EntityName.objects.create(**_source(columns) | defaults | columns)


@written
def make_report(**columns):
    number = _number()
    plan = columns.get("plan") or make_plan()
    defaults = {
        "plan": plan,
        "slug": f"{plan.number}-report-{number}",
        "author": Report.Author.GOVERNMENT,
        "stage": Report.Stage.END_TERM,
        "title_es": f"Informe {number}",
        "title_en": f"Report {number}",
        "coverage": Report.Coverage.FULL,
        "card_form": ["responsible", "results"],
        "cutoff_on": date(2017, 9, 30),
        "status": Status.PUBLISHED,
    }
    return Report.objects.create(**_source(columns) | defaults | columns)


@written
def make_recommendation(**columns):
    number = _number()
    defaults = {
        "report": columns.get("report") or make_report(),
        "slug": f"recommendation-{number}",
        "text_es": f"Recomendación {number}",
        "status": Status.PUBLISHED,
    }
    return Recommendation.objects.create(**_source(columns) | defaults | columns)


@written
def make_listing(**columns):
    defaults = {"work": columns.get("work") or make_document(), "listed_as": "2017, IRM Report, Web page"}
    return Listing.objects.create(**_source(columns) | defaults | columns)


@written
def make_section(**columns):
    """Make a section of a report, unless the test names a plan."""
    number = _number()
    owner = {} if columns.get("plan") else {"report": columns.get("report") or make_report()}
    defaults = {
        "slug": f"section-{number}",
        "kind": Section.Kind.PROCESS,
        "heading_es": f"Sección {number}",
        "heading_en": f"Section {number}",
        "text_es": f"Texto {number}",
    }
    return Section.objects.create(**_source(columns) | owner | defaults | columns)


@written
def make_term(**columns):
    number = _number()
    defaults = {
        "slug": f"term-{number}",
        "term_es": f"Término {number}",
        "term_en": f"Term {number}",
        "definition_es": f"Definición {number}",
    }
    return Term.objects.create(**defaults | columns)


@written
def make_declared_figure(**columns):
    """Make a figure that a report prints, unless the test says `report=None`."""
    number = _number()
    report = columns["report"] if "report" in columns else make_report()
    columns = ({"document": report.document} if report else {}) | columns
    defaults = {
        "slug": f"figure-{number}",
        "plan": columns.get("plan") or (report.plan if report else make_plan()),
        "report": report,
        "measure": DeclaredFigure.Measure.COMMITMENTS,
        "label_es": f"Cifra {number}",
        "label_en": f"Figure {number}",
        "value": 3,
        "as_printed": "3",
    }
    return DeclaredFigure.objects.create(**_source(columns) | defaults | columns)


@written
def make_policy_area(**columns):
    number = _number()
    defaults = {"slug": f"area-{number}", "name_es": f"Área {number}", "name_en": f"Area {number}"}
    return PolicyArea.objects.create(**_source(columns) | defaults | columns)


@written
def make_commitment(**columns):
    number = _number()
    plan = columns.get("plan") or make_plan()
    defaults = {
        "plan": plan,
        "number": number,
        "status": plan.status,
        "title_es": f"Compromiso {number}",
        "title_en": f"Commitment {number}",
    }
    return Commitment.objects.create(**_source(columns) | defaults | columns)


@written
def change_plan(commitment, **columns):
    """Say from or until when a commitment was in its plan, by a norm that changed the plan in force."""
    columns = {name: value for name, value in columns.items() if value is not None}
    if columns:
        norm = {"in_plan_norm": make_document(), "in_plan_place": "Art. 1"}
        for name, value in (norm | columns).items():
            setattr(commitment, name, value)
        commitment.save()
    return commitment


@written
def make_responsibility(**columns):
    defaults = {
        "commitment": columns.get("commitment") or make_commitment(),
        "role": Responsibility.Role.LEAD,
        "entity": columns.get("entity") or (None if columns.get("name_as_printed") else make_entity()),
    }
    return Responsibility.objects.create(**_source(columns) | defaults | columns)


@written
def make_milestone(**columns):
    number = _number()
    defaults = {
        "commitment": columns.get("commitment") or make_commitment(),
        "number": number,
        "activity_es": f"Actividad {number}",
        "activity_en": f"Activity {number}",
        "ends_on": date(2016, 12, 31),
        "ends_as_printed": "2016",
    }
    return Milestone.objects.create(**_source(columns) | defaults | columns)


@written
def make_milestone_responsible(**columns):
    defaults = {
        "milestone": columns.get("milestone") or make_milestone(),
        "unit_es": "Oficina",
        "unit_en": "Office",
    }
    return MilestoneResponsible.objects.create(**_source(columns) | defaults | columns)


@written
def make_update(**columns):
    number = _number()
    defaults = {
        "milestone": columns.get("milestone") or make_milestone(),
        "number": number,
        "as_of": date(2017, 9, 30),
        "status": Update.Status.IN_PROGRESS,
        "text_es": f"Avance {number}",
        "workflow": Status.PUBLISHED,
    }
    return Update.objects.create(**_source(columns) | defaults | columns)


@written
def make_assessment(**columns):
    """Make the card of a commitment in a report of the same plan."""
    report = columns.get("report")
    commitment = columns.get("commitment")
    if report is None:
        report = make_report(**({"plan": commitment.plan} if commitment else {}))
    if commitment is None:
        commitment = make_commitment(plan=report.plan)
    defaults = {
        "report": report,
        "commitment": commitment,
        "level": "complete",
        "level_as_printed": "Completo",
    }
    return Assessment.objects.create(**_source(columns) | defaults | columns)


@written
def make_finding(**columns):
    defaults = {
        "commitment": columns.get("commitment") or make_commitment(),
        "measure": "specificity",
        "scale": "irm-2012-2013",
        "value": "low",
        "value_as_printed": "a. low",
    }
    return Finding.objects.create(**_source(columns) | defaults | columns)


@written
def make_evidence(**columns):
    number = _number()
    defaults = {
        "code": f"evidence-{number}",
        "url": "http://www.peru.gob.pe/",
        "status": Status.PUBLISHED,
        "title_es": f"Enlace {number}",
    }
    if not any(columns.get(owner) for owner in ("milestone", "update", "assessment", "commitment")):
        defaults["commitment"] = make_commitment()
    return Evidence.objects.create(**_source(columns) | defaults | columns)


@written
def make_file_evidence(content=None, name="informe.pdf", **columns):
    """Make evidence with a file that is stored: a small PDF, unless the test says otherwise."""
    checked = files.check(SimpleUploadedFile(name, content or b"%PDF-1.7 de prueba"))
    return make_evidence(**files.store(checked) | columns)


@written
def make_commitment_title(**columns):
    defaults = {
        "commitment": columns.get("commitment") or make_commitment(),
        "title": f"Other title {_number()}",
        "language": "en",
    }
    return CommitmentTitle.objects.create(**_source(columns) | defaults | columns)


@written
def make_commitment_item(**columns):
    number = _number()
    defaults = {
        "commitment": columns.get("commitment") or make_commitment(),
        "kind": CommitmentItem.Kind.FINAL_PRODUCT,
        "order": number,
        "text_es": f"Producto {number}",
        "text_en": f"Product {number}",
    }
    return CommitmentItem.objects.create(**_source(columns) | defaults | columns)


@written
def make_further_source(row, **columns):
    """Give a plan, a report, a recommendation or a commitment one more source."""
    models = {
        Plan: PlanSource,
        Report: ReportSource,
        Recommendation: RecommendationSource,
        Commitment: CommitmentSource,
    }
    owner = {type(row).__name__.lower(): row}
    return models[type(row)].objects.create(**_source(columns) | owner | columns)


@written
def make_user(role=None, **columns):
    """Make a member of staff, with a role or without any."""
    number = _number()
    user = get_user_model().objects.create_user(**{"username": f"user-{number}", "is_staff": True} | columns)
    if role:
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return user


def make_editor(**columns):
    """Make one of the secretariat who drafts and proposes."""
    return make_user(Role.EDITOR, **columns)


def make_publisher(**columns):
    """Make one of the secretariat who publishes."""
    return make_user(Role.PUBLISHER, **columns)


def make_auditor(**columns):
    """Make one who reads all and writes nothing."""
    return make_user(Role.AUDITOR, **columns)


@written
def make_focal_point(*entities, **columns):
    """Make a user who reports for some entities only."""
    user = make_user(Role.FOCAL_POINT, **columns)
    for entity in entities:
        Membership.objects.create(user=user, entity=entity)
    return user


@written
def make_submitted(**columns):
    """Make an update that its author submitted to SGP."""
    return make_update(**{"workflow": Update.Workflow.SUBMITTED} | columns)
