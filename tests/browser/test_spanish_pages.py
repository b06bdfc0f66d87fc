"""Every type of page in Spanish: accessible, fit for every screen. A file a language, to run side by side."""

import pytest

from tests.browser.site import PAGES, browser_context_args, check_page, one_page  # noqa: F401

# Without this mark there would be no test database, and these tests would read and empty the real one.
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.urls")]


@pytest.mark.parametrize("path", [twins[0] for twins in PAGES.values()])
def test_page_is_accessible_and_fits_every_screen(one_page, path):  # noqa: F811
    check_page(one_page, path)
