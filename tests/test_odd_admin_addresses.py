"""Addresses of the admin that nobody meant: a page, a sentence or "not found", never an error."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from commitments.models import Update
from record.publication import Status
from tests import factories
from tests.admin_pages import address

pytestmark = pytest.mark.django_db

MODELS = list(admin.site._registry)
LONG = "9" * 20
ANSWERS = {200, 302, 400, 403, 404}

# Of every list.
QUERIES = [
    {"o": "99.-99.abc"},
    {"o": "-"},
    {"o": LONG},
    {"o": "1.1.-1.\x00"},
    {"p": LONG},
    {"p": "-1"},
    {"p": "zwei"},
    {"p": "0"},
    {"all": LONG},
    {"q": "\x00"},
    {"q": LONG},
    {"_popup": LONG},
    {"_popup": "1", "_to_field": "nonsense"},
    {"_to_field": "id"},
    {"_facets": "\x00"},
    {"_changelist_filters": "id__exact=\x00&p=" + LONG},
    {"e": "\x00"},
    {"id": LONG},
    {"id": "3000000000"},
    {"id": "-" + LONG},
    {"id": "\x00"},
    {"id": "1 OR 1=1"},
    {"id__in": f"1,{LONG}"},
    {"id__in": "1,\x00"},
    {"id__in": ""},
    {"id__gt": LONG},
    {"id__range": f"1,{LONG}"},
    {"id__range": "1"},
    {"id__isnull": "zwei"},
    {"id__regex": "("},
    {"id__nonsense": "1"},
    {"pk__in": LONG},
    {"nonsense": "1"},
    {"nonsense__exact": "\x00"},
    {"__": "1"},
    {"text": "\x00"},
    {"missing": "\x00"},
    {"annulled": "\x00"},
    {"annulled_at__isnull": "zwei"},
    {"annulled_at__year": LONG},
]
# Of the list of updates, which has a hierarchy of dates and many columns.
OF_UPDATES = [
    {"as_of__year": "0"},
    {"as_of__year": "9999", "as_of__month": "12"},
    {"as_of__year": "9999", "as_of__month": "12", "as_of__day": "31"},
    {"as_of__year": "10000"},
    {"as_of__year": LONG},
    {"as_of__year": "2017", "as_of__month": "13"},
    {"as_of__year": "2017", "as_of__month": LONG},
    {"as_of__year": "2017", "as_of__month": "2", "as_of__day": "31"},
    {"as_of__year": "zwei"},
    {"as_of__day": "1"},
    {"as_of": "2017-02-31"},
    {"as_of": "\x00"},
    {"as_of__gte": LONG},
    {"percent": LONG},
    {"percent": "3000000000"},
    {"percent": "40000"},
    {"percent__in": "40000,3000000000"},
    {"percent__gt": "-40000"},
    {"milestone": LONG},
    {"milestone": "zwei"},
    {"milestone__in": LONG},
    {"milestone__commitment__plan__id__exact": LONG},
    {"milestone__commitment__plan__id__exact": "\x00"},
    {"status": "\x00"},
    {"status__regex": "("},
    {"workflow__exact": LONG},
    {"unofficial__a__b": "1"},
    {"unofficial__has_key": "\x00"},
    {"code__contains": "\x00"},
]
PRESETS = [
    {"milestone": LONG},
    {"milestone": "999999"},
    {"milestone": "\x00"},
    {"milestone": "1,2"},
    {"report": "-1"},
    {"as_of": "2017-02-31"},
    {"as_of": "\x00"},
    {"percent": LONG},
    {"text_es": "\x00"},
    {"unofficial": "nonsense"},
    {"nonsense": "1"},
    {"_popup": "\x00", "_to_field": "nonsense"},
]
KEYS = [LONG, "3000000000000000000", "-1", "0", "%00", "zwei", "1%2F2", "²", "1_2F", "9" * 400, " 1", "1.0"]


@pytest.fixture
def staff(client):
    client.force_login(factories.make_user(is_superuser=True))
    factories.make_update(workflow=Status.DRAFT)
    return client


def asked(client, page, query):
    response = client.get(page, query)
    if response.status_code == 302 and "e=1" in response.url:
        # What the address led to says so, or shows the list as it is.
        assert client.get(response.url).status_code == 200
    return response.status_code


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_lists(staff, model):
    statuses = {str(query): asked(staff, address(model, "changelist"), query) for query in QUERIES}

    assert {query for query, status in statuses.items() if status not in ANSWERS} == set()


@pytest.mark.parametrize("query", OF_UPDATES, ids=str)
def test_list_of_updates(staff, query):
    assert asked(staff, address(Update, "changelist"), query) in ANSWERS


@pytest.mark.parametrize("query", PRESETS, ids=str)
def test_presets(staff, query):
    assert staff.get(address(Update, "add"), query).status_code in ANSWERS


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("page", ["change/", "history/", f"history/{LONG}/", "delete/", "act/publish/"])
def test_rows(staff, key, page):
    response = staff.get(f"{address(Update, 'changelist')}{key}/{page}")

    # " 1" is a number too.
    assert response.status_code in {200, 302, 404}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"app_label": "\x00", "model_name": "update", "field_name": "milestone"},
        {"app_label": "commitments", "model_name": "update", "field_name": "nonsense"},
        {"app_label": "commitments", "model_name": "update", "field_name": "text_es"},
        {"app_label": "commitments", "model_name": "update", "field_name": "milestone", "term": "\x00"},
        {"app_label": "commitments", "model_name": "update", "field_name": "milestone", "term": LONG},
        {"app_label": "commitments", "model_name": "update", "field_name": "milestone", "page": LONG},
        {"app_label": "commitments", "model_name": "update", "field_name": "milestone", "page": "\x00"},
        {"app_label": "entities", "model_name": "membership", "field_name": "user", "term": "\x00"},
    ],
    ids=str,
)
def test_choices(staff, query):
    assert staff.get(reverse("admin:autocomplete"), query).status_code in ANSWERS


@pytest.mark.parametrize("query", [{"p": LONG}, {"p": "\x00"}, {"p": "-1"}])
def test_history_has_pages(staff, query):
    assert staff.get(address(Update.objects.get(), "history"), query).status_code in {200, 404}


@pytest.mark.parametrize("numbers", [f"{LONG}/1", f"1/{LONG}", "1/zwei", "1/1", f"{LONG}/%00"])
def test_shortcut_of_django_leads_nowhere(staff, numbers):
    assert staff.get(f"/admin/r/{numbers}/").status_code == 404


def test_shortcut_of_django_tells_nobody_where_a_draft_will_be(client):
    draft = factories.make_report(status=Status.DRAFT)
    kind = ContentType.objects.get_for_model(draft)
    client.force_login(factories.make_focal_point(factories.make_entity()))

    assert client.get(f"/admin/r/{kind.pk}/{draft.pk}/").status_code == 404
