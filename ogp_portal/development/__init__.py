"""For those who carry the portal on, not for its readers: at no address unless DJANGO_DEBUG is on."""
