"""Addresses of signing in, all under that of the admin."""

from django.contrib import admin
from django.urls import path

from . import mail_views, views

app_name = "accounts"
urlpatterns = [
    path("login/code/", views.code, name="code"),
    path("login/set-up/", views.set_up, name="set-up"),
    path("second-factor/", admin.site.admin_view(views.own), name="own"),
    path("second-factor/codes/", admin.site.admin_view(views.recovery_codes), name="recovery-codes"),
    path("mail/", admin.site.admin_view(mail_views.own_mail), name="own-mail"),
    path("mail/<str:token>/", mail_views.mute, name="mute"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("password_reset/", views.AskPassword.as_view(), name="password-reset"),
    path("password_reset/done/", views.AskedPassword.as_view(), name="password-reset-done"),
    path("password_reset/complete/", views.NewPasswordSet.as_view(), name="password-reset-complete"),
    path("password_reset/<uidb64>/<token>/", views.NewPassword.as_view(), name="password-reset-confirm"),
]
