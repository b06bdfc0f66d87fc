"""No text of the record holds an e-mail address or a telephone number (rule 8)."""

import pytest
import yaml
from django.conf import settings

from record.personal import find_contact_details

FILES = sorted(settings.FIXTURES_DIR.rglob("*.yaml"))


def texts(node):
    """Yield every text of a YAML document."""
    if isinstance(node, dict):
        node = node.values()
    if isinstance(node, str):
        yield node
    elif hasattr(node, "__iter__"):
        for child in node:
            yield from texts(child)


def test_there_are_files_to_look_at():
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_record_holds_no_contact_details(path):
    document = yaml.load(
        path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )

    found = [detail for text in texts(document) for detail in find_contact_details(text)]

    assert found == []


def test_comments_of_the_files_hold_no_contact_details_either():
    found = [detail for path in FILES for detail in find_contact_details(path.read_text(encoding="utf-8"))]

    assert found == []
