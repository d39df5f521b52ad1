import smtplib
from contextlib import suppress
from dataclasses import replace
from functools import partial

from odoo import api, fields, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...routing import address
from ...routing.delivery.answer import of_exception
from ...routing.delivery.answer_class import AnswerClass
from ...routing.delivery.refusal import may_mean_sender
from ...routing.outgoing.policy import choose_policy
from ...routing.rows import AUTO, KEEP
from ..context import HELD_KEY, carried
from ..outgoing.dry_session import HeldMails
from ..run import run_of


class IrMailServer(models.Model):
    """A server that refuses the author gets the same mail under its own username, and is remembered.

    It is asked once: all other mails, also those of the same run, leave under its username at once. A refusal in words
    that only speak of the sender is tried in the same way; if the mail then leaves, it was the sender.
    """

    _inherit = "ir.mail_server"

    def send_email(
        self,
        message,
        mail_server_id=None,
        smtp_server=None,
        smtp_port=None,
        smtp_user=None,
        smtp_password=None,
        smtp_encryption=None,
        smtp_ssl_certificate=None,
        smtp_ssl_private_key=None,
        smtp_debug=False,
        smtp_session=None,
    ):
        """Send once more what was refused for its sender, in the same session where the caller has one.

        :raises MailDeliveryException: in core's words; nothing was learned, or the username is refused as well
        """
        held = carried(self.env, HELD_KEY, HeldMails)
        if held is not None:
            held.append((message["From"], message["To"], message["Subject"], None))
            return message["Message-Id"]
        run = run_of(self.env)
        core = partial(
            super().send_email,
            message,
            mail_server_id=mail_server_id,
            smtp_server=smtp_server,
            smtp_port=smtp_port,
            smtp_user=smtp_user,
            smtp_password=smtp_password,
            smtp_encryption=smtp_encryption,
            smtp_ssl_certificate=smtp_ssl_certificate,
            smtp_ssl_private_key=smtp_ssl_private_key,
            smtp_debug=smtp_debug,
            smtp_session=smtp_session,
        )
        # core takes headers away and changes others
        headers, refused = list(message.items()), run.attempt.refused
        run.attempt.refused = {}
        asked = message["From"], smtp_session, mail_server_id, smtp_server
        self._prepare_for_core(run, message, smtp_session)
        result = failure = None
        try:
            result, answer = core(), _common_answer(run.attempt)
        except MailDeliveryException as error:
            failure, answer = error, of_exception(error)
        row = self._refusing_server(run, answer, *asked)
        if not row:
            if failure:
                raise failure
            run.attempt.refused = refused | run.attempt.refused
            return result
        is_clear = answer.answer_class is AnswerClass.SENDER
        if is_clear:
            self._learn(run, row, answer)
        self._leave_as_username(run, row, smtp_session)
        run.attempt.refused, run.attempt.failure = refused, None
        _put_back(message, headers)
        self._prepare_for_core(run, message, smtp_session)
        return core() if is_clear else self._try_as_username(run, row, answer, smtp_session, core)

    @api.model
    def _prepare_for_core(self, run, message, session):
        """Do what has to be done before core's ``send_email``, each time that it is called."""
        self._show_author(message, run.attempt.route)
        self._stop_dry_session(message, session)

    def _refusing_server(self, run, answer, author, session, server_id, host):
        """Return the server that refused an author whom only Odoo's default had chosen, else None.

        :param Answer answer: what it said, or None
        :param session: the open session; None where core opened one for this message: to the server of this id, to
            this host, or to the one that it chose for this author
        :rtype: Server or None
        """
        is_clear = answer is not None and answer.answer_class is AnswerClass.SENDER
        # what is not clear is tried in the session that heard it
        if not is_clear and (session is None or not may_mean_sender(answer, address.first(str(author or "")))):
            return None
        if session is not None:
            row = self._session_server(session)
        elif host and not server_id:
            return None
        else:
            server = self.browse(server_id) if server_id else self.sudo()._find_mail_server(author)[0]
            row = self.env["mail.routing"]._server(server and server.id)
        is_asking = getattr(session, "mail_company_routing_is_test", False)
        if is_asking or not row.id or row.policy != AUTO or row.has_refused or not row.sender:
            return None
        route = run.attempt.route
        company_id = route.company_id if route else self.env.company.id
        policy, _reason = choose_policy(row, self.env["mail.routing"]._routing_table().company(company_id))
        return row if policy == KEEP else None

    def _learn(self, run, row, answer):
        """Remember a refusal, tell the administrators, and let what is left leave under the username.

        Where somebody else writes on the server in this moment, this run alone knows of it.
        """
        server = self.sudo().browse(row.id)
        server._write_state({"sender_refusal": str(answer), "sender_refusal_date": fields.Datetime.now()})
        server._tell_of_refusal()
        run.forget(row.id)

    def _try_as_username(self, run, row, answer, session, send):
        """Send under the username what was refused for a reason that may be the sender; learn from it if it leaves."""
        is_sent = False
        try:
            result = send()
            is_sent = not _common_answer(run.attempt)
        finally:
            if not is_sent:
                session.mail_company_routing_server = row
        if is_sent:
            self._learn(run, row, answer)
            # it was taken for the trouble of the whole server
            if run.troubles.pop(row.id, None):
                self.sudo().browse(row.id)._set_well()
        return result

    def _leave_as_username(self, run, row, session):
        """Have the mail that is about to leave, and those behind it in the session, leave under the username."""
        row = replace(row, has_refused=True)
        attempt = run.attempt
        if attempt.mail:
            attempt.route = self.env["mail.routing"]._decide(attempt.mail, row)[attempt.mail_id]
        if session is not None:
            session.mail_company_routing_server = row
            # a refused DATA leaves smtplib's session in the middle of the mail
            with suppress(smtplib.SMTPException, OSError):
                session.rset()


def _common_answer(attempt):
    """Return the answer that refused all recipients of a message, None if the server took it for anybody."""
    answers = attempt.refused.values()
    return next(iter(answers)) if answers and not attempt.done else None


def _put_back(message, headers):
    """Give a message the headers again that it had."""
    for name in set(message.keys()):
        del message[name]
    for name, value in headers:
        message[name] = value
