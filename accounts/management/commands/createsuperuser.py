"""Make the first account, with the one name that all others have: its address."""

from django.contrib.auth.management.commands import createsuperuser


class Command(createsuperuser.Command):
    """Django's, which asks for a name and an address; but people sign in with their address."""

    address = None

    def get_input_data(self, field, message, default=None):
        """Ask for the address in place of the name, and not again; an account made by hand keeps its name."""
        email = self.UserModel._meta.get_field(self.UserModel.EMAIL_FIELD)
        if field == email and self.address:
            return self.address
        if field != self.username_field:
            return super().get_input_data(field, message, default)
        typed = super().get_input_data(email, self._get_input_message(email))
        if typed == "":
            self.stderr.write(str(email.error_messages["blank"]))
        # As invitations make them; None asks again.
        self.address = typed.lower() if typed else None
        return self.address
