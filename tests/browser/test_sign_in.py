"""Inviting somebody where nothing moves by scripts, in a real browser."""

import pytest
from django.urls import reverse

from record.rights import Role
from tests.accounts.people import make_account
from tests.browser.staff import SUBMIT, follow, sign_in
from tests.factories import make_entity

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_scripts_the_form_of_an_invitation_works(browser, live_server):
    publisher, entity = make_account(Role.PUBLISHER), make_entity()
    context = browser.new_context(java_script_enabled=False)
    window = context.new_page()
    sign_in(window, publisher, live_server.url)
    window.goto(f"{live_server.url}{reverse('admin:auth_user_add')}")

    window.fill("[name=name]", "Punto focal")
    window.fill("[name=email]", "punto-focal@entidad.example")
    window.check(f"[name=role][value='{Role.FOCAL_POINT}']")
    window.select_option("[name=entities]", str(entity.pk))
    follow(window, SUBMIT)

    assert "/admin/invitation/" in window.inner_text("code.link")
    context.close()
