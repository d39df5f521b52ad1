import json
import time
from dataclasses import replace

from odoo import _, fields, models
from odoo.exceptions import UserError

from ..models.outgoing.mail_signature import sign_mail
from ..routing import address
from ..routing.probe import mails
from ..routing.probe.facts import BEHALF, BOUNCE, KEPT, OTHER, OWN, SUB, UNKNOWN, Found, Sent

# Seconds between two looks into the mailbox, half a minute in all.
PAUSES = (1, 2, 3, 5, 8, 11)
# How many messages of a mailbox are known as old before the mails are sent, and looked at afterwards.
OLD, NEW = 200, 50


class MailServerProbe(models.TransientModel):
    """Sends a few mails to a mailbox that Odoo fetches, and looks how they arrive there."""

    _inherit = "mail.server.probe"

    def action_send(self):
        """Send the test mails, and wait half a minute for them."""
        self._send_mails()
        return self.action_look()

    def action_look(self):
        """Look into the mailbox until all test mails are there, for half a minute at most.

        Nothing is locked meanwhile: each look is committed. A test mail has left, whatever becomes of this request.
        """
        self._check_allowed()
        for pause in (*PAUSES, None):
            self._look()
            self.env.cr.commit()  # pylint: disable=invalid-commit
            if pause is None or self.mailbox_problem or not self._read_facts().is_waiting:
                break
            time.sleep(pause)
        return self._show()

    def _send_mails(self):
        """Send the test mails to the chosen mailbox, which must open first."""
        self._check_allowed()
        if not self.fetchmail_server_id:
            raise UserError(_("Choose the mailbox that gets the test mails: an incoming mail server of Odoo."))
        known = self._in_mailbox(lambda mailbox: mailbox.newest(OLD))
        if known is None:
            return
        self.env["mail.probe.arrival"].sudo().create({"token": self.token})
        # the scheduled fetch may meet a mail a moment after it left
        self.env.cr.commit()  # pylint: disable=invalid-commit
        facts = self._read_facts()
        sent = []
        with self._dialogue(for_mails=True) as dialogue:
            for kind in facts.author_mails:
                sent.append(self._send(dialogue, kind, self._recipient()))
                if not sent[-1].answer_class:
                    break
            for kind, to in self._odd_recipients().items():
                if to and not dialogue.trouble:
                    sent.append(self._send(dialogue, kind, to))
        self.write({"known_keys": json.dumps(known), "sent_date": fields.Datetime.now()})
        self._store_facts(replace(facts, sent=tuple(sent)))

    def _odd_recipients(self):
        """Return the addresses that perhaps no mail arrives at, by kind."""
        mailbox, domain = self._recipient(), self._company_domain()
        return {
            SUB: mails.sub_address(self.token, mailbox),
            UNKNOWN: mails.unknown_address(self.token, domain.name if domain else address.domain(mailbox)),
        }

    def _send(self, dialogue, kind, to):
        """Send one test mail, and return how that went.

        :rtype: Sent
        """
        senders = self._senders()
        own = senders.get(OWN) or self._recipient()
        author = senders[OTHER] if kind in (KEPT, BEHALF) else own
        envelope = (senders.get(BOUNCE) or author) if kind == KEPT else own
        text = _("Odoo sends this mail to find out how mails arrive. You may delete it.")
        message = mails.build(self.token, kind, author, to, text, sender=own if kind == BEHALF else "")
        # the scheduled fetch knows it by this, whatever becomes of the probe
        sign_mail(self.env, message, self.company_id.id, is_ours=True)
        answer = dialogue.send(envelope, to, message.as_bytes())
        refused = {"answer_class": answer.answer_class.value, "answer": str(answer)} if answer else {}
        return Sent(kind, to, author, str(message["Message-Id"]), **refused)

    def _look(self):
        """Look for the test mails once: in the mailbox, and in what the scheduled fetch met."""
        known, facts = set(json.loads(self.known_keys or "[]")), self._read_facts()
        met = self.env["mail.probe.arrival"].sudo().search([("token", "=", self.token), ("kind", "!=", False)])
        found = [Found(row.kind, row.arrived, row.header_from or "", row.message_id or "") for row in met]
        self._in_mailbox(lambda mailbox: self._take_out(mailbox, known, found))
        for news in found:
            facts = facts.with_found(news)
        self._store_facts(facts)

    def _take_out(self, mailbox, known, found):
        """Add what a mailbox has of the test mails; flag them as read, or delete them (POP), and nothing else."""
        for key in mailbox.newest(NEW):
            news = None if key in known else mails.read(mailbox.peek(key, mails.BEGINNING) or b"", self.token)
            if news:
                found.append(news)
                mailbox.done(key)

    def _in_mailbox(self, work):
        """Return what some work in the mailbox finds; None if the mailbox is in trouble, which is then said."""
        server = self.fetchmail_server_id
        try:
            mailbox = server._open_mailbox()
            try:
                result = work(mailbox)
            finally:
                mailbox.close()
        except Exception as error:  # pylint: disable=broad-except
            self.mailbox_problem = server._error_text(error)
            return None
        self.mailbox_problem = False
        return result
