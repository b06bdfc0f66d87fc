"""The large record that scripts/generate_record.py makes."""

import runpy
from pathlib import Path

import pytest
from django.conf import settings

from commitments.models import Commitment, Milestone
from plans.models import Plan
from record.loading import load_record, write_manifest

generate = runpy.run_path(str(Path(settings.BASE_DIR) / "scripts/generate_record.py"))["generate"]


@pytest.mark.django_db
def test_a_generated_record_has_as_many_commitments_as_asked_for_and_loads(tmp_path):
    generate(tmp_path, 130)
    write_manifest(tmp_path)

    load_record(tmp_path)

    assert (Commitment.objects.count(), Plan.objects.count()) == (130, 10)
    assert Milestone.objects.count() == 105
    assert all(
        commitment.title_es.startswith("Sintético") for commitment in Commitment.objects.exclude(title_es="")
    )


def test_a_generated_record_is_always_the_same(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"

    generate(one, 3)
    generate(two, 3)

    contents = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in (one, two)]
    assert contents[0] == contents[1] and len(contents[0]) == 2
