"""Mi escritorio: the start page of the admin, by the role of who signed in, and reviewing several at once."""
