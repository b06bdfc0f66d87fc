import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    """Tell what is read in the language of the code."""
    with translation.override("en"):
        yield
