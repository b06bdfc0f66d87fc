"""What the tests of loading share."""

import pytest

from tests.record.files import ENTITIES, PLAN, put


@pytest.fixture
def folder(tmp_path):
    """A folder with a record of two files and their manifest."""
    put(tmp_path, "00-entities.yaml", ENTITIES)
    put(tmp_path, "10-plan.yaml", PLAN)
    return tmp_path
