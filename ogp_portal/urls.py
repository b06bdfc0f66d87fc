"""Addresses: pages under /es/ and /en/, the API under /api/, the admin; see docs/api.md for the API's own."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _

from commitments.file_views import evidence_file
from commitments.follow_up_views import FollowUp

from . import views
from .ask import Ask
from .changes import ChangeList
from .desk import plans
from .desk.preview import preview
from .desk.review import review
from .desk.views import desk
from .development.urls import urlpatterns as development
from .home import Home
from .method import Method
from .missing import missing
from .open_data import OpenData
from .sitemaps import sitemap

urlpatterns = [
    path("", views.root, name="root"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    # In no language: a download has none.
    re_path(r"^evidencia/(?P<code>[-a-zA-Z0-9_:]+)/$", evidence_file, name="evidence-file"),
    path("api/", include("ogp_portal.api_urls")),
    path("admin/missing/", admin.site.admin_view(missing), name="admin-missing"),
    path("admin/", include("accounts.urls")),
    path("admin/", admin.site.admin_view(desk)),
    path("admin/review/", admin.site.admin_view(review), name="admin-review"),
    path("admin/plan/nuevo/", admin.site.admin_view(plans.start), name="admin-plan-start"),
    path("admin/plan/<int:number>/", admin.site.admin_view(plans.plan_page), name="admin-plan"),
    path(
        "admin/plan/<int:number>/publicar/", admin.site.admin_view(plans.publish), name="admin-plan-publish"
    ),
    path("admin/vista-previa/<int:number>/<path:path>", admin.site.admin_view(preview), name="admin-preview"),
    path("admin/informar/", include("commitments.reporting.urls")),
    path("admin/informes/", include("commitments.cards.urls")),
    # Django's way from any row to its page, asked for by its number: it would tell where drafts will be.
    path("admin/r/<path:row>", views.no_shortcut),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    *i18n_patterns(
        path("", Home.as_view(), name="home"),
        path("", include("plans.urls")),
        path(_("commitments/"), include("commitments.urls")),
        path(_("topics/"), include("commitments.topic_urls")),
        path(_("entities/"), include("commitments.entity_urls")),
        path(_("follow-up/"), FollowUp.as_view(), name="follow-up"),
        path(_("changes/"), ChangeList.as_view(), name="changes"),
        path(_("search/"), views.Search.as_view(), name="search"),
        path(_("glossary/"), views.Glossary.as_view(), name="glossary"),
        path(_("method/"), Method.as_view(), name="method"),
        path(_("about/"), views.About.as_view(), name="about"),
        path(_("ask/"), Ask.as_view(), name="ask"),
        path(_("data/"), OpenData.as_view(), name="data"),
    ),
]

if settings.DEBUG:
    urlpatterns += development

handler400 = "ogp_portal.views.bad_request"
handler403 = "ogp_portal.views.permission_denied"
handler404 = "ogp_portal.views.not_found"
handler500 = "ogp_portal.views.server_error"
