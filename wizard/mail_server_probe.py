import json
import secrets

from odoo import _, fields, models
from odoo.exceptions import UserError

from ..models.delivery import connection
from ..routing.probe.dialogue import Dialogue
from ..routing.probe.facts import Asked, Facts

# Bytes of a token; it is written in twice as many hexadecimal digits.
TOKEN_SIZE = 6


class MailServerProbe(models.TransientModel):
    """Asks a mail server which senders it takes, and a mailbox what arrives there; proposes what to set."""

    _name = "mail.server.probe"
    _description = "Probe of a Mail Server"

    server_id = fields.Many2one(
        "ir.mail_server", string="Outgoing Mail Server", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        help="The company whose addresses the server is asked about: the server's, else the current one.",
    )
    fetchmail_server_id = fields.Many2one(
        "fetchmail.server",
        string="Mailbox",
        domain="[('company_id', 'in', (False, company_id)), ('server_type', '!=', 'local')]",
        help="The incoming mail server whose mailbox gets the test mails, e.g. the mailbox kevin@example.com itself. "
        "Odoo takes the test mails out again, and leaves all other mails there as they are.",
    )
    token = fields.Char(readonly=True)
    facts = fields.Char(readonly=True, help="The answers and the test mails, as stored.")
    known_keys = fields.Char(readonly=True, help="What was in the mailbox before the test mails were sent.")
    sent_date = fields.Datetime(readonly=True)
    mailbox_problem = fields.Text(readonly=True)

    def _create_for(self, server):
        """Return a new probe of a server, with the senders asked about.

        :raises AccessError: the server belongs to another company
        """
        server.ensure_one()
        probe = self.create(
            {
                "server_id": server.id,
                "company_id": (server.company_id or self.env.company).id,
                "token": secrets.token_hex(TOKEN_SIZE),
            }
        )
        probe.fetchmail_server_id = probe._default_mailbox()
        probe._ask_senders()
        return probe

    def action_ask(self):
        """Ask the server about the senders again, and forget the test mails."""
        self._ask_senders()
        return self._show()

    def _ask_senders(self):
        """Ask the server about each sender; nothing is sent."""
        self._check_allowed()
        senders, recipient = self._senders(), self._recipient()
        asked = []
        if self._has_sender() and recipient:
            with self._dialogue() as dialogue:
                for kind, email in senders.items():
                    if not dialogue.trouble:
                        asked.append(_asked(kind, email, dialogue.ask(email, recipient)))
        self.write({"token": secrets.token_hex(TOKEN_SIZE), "sent_date": False, "mailbox_problem": False})
        self._store_facts(Facts(asked=tuple(asked)))

    def _has_sender(self):
        """Tell whether it is known what the server sends as, or that nobody logs in there."""
        row = self.server_id._routing_row()
        return bool(row.sender) or row.is_anonymous

    def _dialogue(self, for_mails=False):
        """Return a conversation with the server; a mail may take it longer than a sender."""

        def connect():
            session = self.server_id.connect(mail_server_id=self.server_id.id, allow_archived=True)
            if session is None:
                raise UserError(_("Odoo sends no mail while it runs tests."))
            # a person waits for what a silent server says to many senders
            connection.set_timeout(session, None if for_mails else connection.CONNECT_TIMEOUT)
            return session

        return Dialogue(connect)

    def _check_allowed(self):
        """Refuse servers and mailboxes of other companies: core logs in to any, with sudo."""
        self.ensure_one()
        for record in (self.server_id, self.fetchmail_server_id):
            record.check_access_rights("write")
            record.check_access_rule("write")

    def _read_facts(self):
        """Return what is known so far.

        :rtype: Facts
        """
        minutes = (fields.Datetime.now() - self.sent_date).total_seconds() / 60 if self.sent_date else 0
        return Facts.load(
            json.loads(self.facts or "{}"),
            is_anonymous=self.server_id._routing_row().is_anonymous,
            moves_authors=self.company_id.mail_from_by_company,
            minutes=int(minutes),
        )

    def _store_facts(self, facts):
        """Store what is known, and propose what follows from it."""
        self.facts = json.dumps(facts.stored())
        self._propose()

    def _show(self):
        """Return the action that shows this probe in its dialog."""
        return {
            "type": "ir.actions.act_window",
            "name": _("Probe of %s", self.server_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


def _asked(kind, email, answer):
    """Return what a server said to a sender."""
    return Asked(kind, email, answer.answer_class.value if answer else "", str(answer or ""))
