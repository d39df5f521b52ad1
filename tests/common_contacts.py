from email.message import EmailMessage
from itertools import count

from .outgoing.test_companies import CompaniesCase

UNKNOWN_SENDER = "unknown@elsewhere.example"
_numbers = count()


class ContactsCase(CompaniesCase):
    """Mails come in for two companies; contacts are the records that they become."""

    def incoming(self, to="desk@b.example", sender=UNKNOWN_SENDER, subject=None, **headers):
        """Return the source of a mail; headers are named with underscores."""
        number = next(_numbers)
        message = EmailMessage()
        message["Message-Id"] = f"<{number}@elsewhere.example>"
        message["From"] = sender
        message["To"] = to
        message["Subject"] = subject or f"Incoming {number}"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content("Please send an offer.")
        return message

    def receive(self, *args, model=None, server=None, env=None, **headers):
        """Let a mail come in, and return the contacts that it became."""
        message = self.incoming(*args, **headers)
        threads = (env or self.env)["mail.thread"]
        if server:
            threads = threads.with_context(fetchmail_cron_running=True, default_fetchmail_server_id=server.id)
        threads.message_process(model, message.as_bytes())
        return self.env["res.partner"].search([("name", "=", str(message["Subject"]))])

    def alias(self, name="desk", **values):
        """Create an alias that makes contacts."""
        model = self.env["ir.model"]._get("res.partner").id
        return self.env["mail.alias"].create({"alias_name": name, "alias_model_id": model, **values})

    def answer(self):
        """Return (login, From, envelope, Reply-To) of the one automatic answer."""
        login, header_from, _sender, envelope, reply_to = self.sent()[0]
        return login, header_from, envelope, reply_to
