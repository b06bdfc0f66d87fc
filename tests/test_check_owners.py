"""The check that pages of staff start from the rows that their reader may see."""

import pytest

from scripts import check_owners

CLEAN = """
class Pages:
    def get_queryset(self, request):
        return visible_to(request.user, Plan.objects.all())
"""
FOUND = {
    "a list": "def rows(request):\n    return Plan.objects.filter(pk=1)\n",
    "a form": "class Form:\n    plan = ModelChoiceField(Plan.objects.all())\n",
    "annulled rows": "def rows(request):\n    return Plan.everything.all()\n",
    "the default manager": "def rows(model):\n    return model._default_manager.all()\n",
    "a neighbour that asks": CLEAN + "\ndef rows():\n    return Plan._base_manager.all()\n",
}


@pytest.fixture
def place(tmp_path):
    (tmp_path / "plans").mkdir()
    return tmp_path / "plans" / "admin.py"


def test_pages_of_staff_ask_whose_rows_they_are(capsys):
    code = check_owners.main()

    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_page_that_starts_from_all_rows_is_found(place, capsys, text):
    place.write_text(text)

    assert check_owners.main(place.parent.parent, {}) == 1
    assert "plans/admin.py" in capsys.readouterr().out


def test_page_that_asks_is_not_found(place):
    place.write_text(CLEAN)

    assert check_owners.main(place.parent.parent, {}) == 0


def test_exception_has_a_use(place, capsys):
    place.write_text(FOUND["a list"])
    label = "plans/admin.py"

    excepted = check_owners.main(place.parent.parent, {label: {"rows": "tells a number only"}})
    place.write_text(CLEAN)
    unused = check_owners.main(place.parent.parent, {label: {"rows": "tells a number only"}})

    assert (excepted, unused) == (0, 1)
    assert "need not be" in capsys.readouterr().out
