import imaplib
import logging
import poplib
from contextlib import suppress
from typing import NamedTuple

import psycopg2
from markupsafe import Markup

from odoo import _, _lt, models
from odoo.exceptions import UserError

from ..models.words.mail_routing_words_delivery import MEANINGS
from ..routing.delivery.answer import of_exception
from ..routing.delivery.answer_class import AnswerClass
from ..routing.rows import USERNAME
from .mail_routing_setup import DONE, FAILED

_logger = logging.getLogger(__name__)
# Where the assistant itself has the cure.
CURES = {
    AnswerClass.LOGIN: _lt("It refuses the login. Check the address and the password, then press Try Again."),
    AnswerClass.CONNECTION: _lt("Check host, port and encryption below, then press Try Again."),
}


class Step(NamedTuple):
    """A line of the result: whether it went well, about what, what happened, what to do; whether it is the login."""

    is_good: bool
    title: str
    text: str
    cure: str = ""
    is_login: bool = False


class _NotYet(Exception):
    """Leaves the savepoint without its changes, and carries the steps."""

    def __init__(self, steps):
        super().__init__()
        self.steps = steps


class MailRoutingSetup(models.TransientModel):
    """Sets everything up and tries it: all of it holds, or nothing."""

    _inherit = "mail.routing.setup"

    def action_set_up(self):
        """Set up the mailbox, and show in words what came of it.

        What was typed stays where a host or a port was wrong. After success it is the servers' alone; a refused login
        takes it along.
        """
        setup = self._for_company()
        kept = self.env["mail.typed.password"]._of(setup)
        values, is_over = setup._outcome(kept.password)
        if is_over:
            kept.unlink()
        setup.invalidate_recordset(["password", "has_password"])
        setup.write(values)
        _logger.info("The set-up assistant for the mailbox %s of %s: %s", setup.email, self.company_id.name, self.state)
        return setup._reopen()

    def _outcome(self, password):
        """Return the assistant's values after trying, and whether the password has had its day.

        What failed leaves nothing behind.
        """
        try:
            with self.env.cr.savepoint():
                return self._set_up(password), True
        except _NotYet as not_yet:
            steps = not_yet.steps
        except UserError as error:
            steps = [Step(False, _("Set Up Company Mail"), str(error))]
        except psycopg2.OperationalError:
            # the request is tried again
            raise
        except Exception as error:  # pylint: disable=broad-except
            _logger.exception("The set-up assistant failed")
            steps = [Step(False, _("Set Up Company Mail"), f"{type(error).__name__}: {error}")]
        self.env.invalidate_all()
        return {"state": FAILED, "result": self._result_html(steps)}, any(step.is_login for step in steps)

    def _set_up(self, password):
        """Make everything, try it, and return the assistant's values.

        :raises UserError: something is missing
        :raises _NotYet: something does not work
        """
        self._check_input()
        oauth = self._login(password)
        if oauth and not self._is_connected(oauth):
            return self._prepare_oauth(oauth)
        server, box = self._make(password, oauth)
        steps = [self._try_outgoing(server), *([self._try_incoming(box)] if box else [])]
        if not all(step.is_good for step in steps):
            raise _NotYet(steps)
        steps.append(self._replies_step(server, box))
        return {
            "state": DONE,
            "result": self._result_html(steps),
            "server_id": server.id,
            "fetchmail_server_id": box.id,
            "sender_policy": server.sender_policy,
        }

    def _try_outgoing(self, server):
        """Log in, and send a mail to the mailbox itself with the sender that mails will have.

        A provider that wants its own username gets it: no question, no second run.
        """
        title = _("Sending")
        try:
            server._deliver_test_mail()
        except Exception as error:  # pylint: disable=broad-except
            answer = of_exception(error, "connect")
            if answer.answer_class == AnswerClass.SENDER and server.sender_policy != USERNAME:
                server.sender_policy = USERNAME
                self._make_options(self._make_domain(), server)
                return self._try_outgoing(server)
            said = self.env["mail.routing.words"]._said(server, "", str(answer)).strip()
            meaning = CURES.get(answer.answer_class) or MEANINGS[answer.answer_class]
            is_login = answer.answer_class == AnswerClass.LOGIN
            return Step(False, title, said, self._cure(str(meaning), is_login), is_login)
        return Step(True, title, server.sender_policy_info)

    def _try_incoming(self, box):
        """Log in, open the folder, and confirm the incoming server."""
        title = _("Receiving")
        connection = None
        try:
            connection = box.connect(allow_archived=True)
        except (imaplib.IMAP4.error, poplib.error_proto) as error:
            said = _('"%(server)s" said: %(answer)s.', server=box.name, answer=_words(error).rstrip("."))
            return Step(False, title, said, self._cure(str(CURES[AnswerClass.LOGIN]), True), True)
        except Exception as error:  # pylint: disable=broad-except
            return Step(False, title, box._error_text(error), str(CURES[AnswerClass.CONNECTION]))
        finally:
            with suppress(Exception):
                (connection.quit if box._get_connection_type() == "pop" else connection.logout)()
        box.state = "done"
        return Step(True, title, _("Odoo fetches the mails to %s.", box.user))

    def _replies_step(self, server, box):
        """Return where replies will go."""
        title = _("Replies")
        company = self.company_id
        if company.mail_catchall_supported and company.mail_domain_id:
            return Step(True, title, _("Replies go to %s.", company.mail_reply_to_email))
        if box:
            return Step(True, title, _("Replies go to %s.", box.user))
        return Step(
            True,
            title,
            _("Replies go to the author of each mail, as Odoo fetches no mailbox of %s.", company.name),
        )

    def _cure(self, cure, is_login):
        """Return what to do; for a login also how to get the password."""
        return "\n".join(filter(None, (cure, is_login and self.provider_id.password_help)))

    def _result_html(self, steps):
        """Return the steps as a list; a cure that cures several stands there once."""
        cures = [step.cure for step in steps]
        steps = [step._replace(cure="") if step.cure in cures[:place] else step for place, step in enumerate(steps)]
        lines = [
            Markup(
                '<div class="d-flex mb-2">'
                '<i class="fa fa-fw fa-lg flex-shrink-0 mt-1 me-2 {}" role="img" aria-label="{}"></i>'
                '<div class="flex-grow-1"><b>{}</b><div>{}</div><div class="text-muted">{}</div></div></div>'
            ).format(
                "fa-check-circle text-success" if step.is_good else "fa-times-circle text-danger",
                _("Works") if step.is_good else _("Does not work"),
                step.title,
                step.text,
                Markup("<br/>").join(step.cure.splitlines()),
            )
            for step in steps
        ]
        return Markup("").join(lines)


def _words(error):
    """Return what an IMAP or POP server said."""
    words = error.args[0] if error.args else type(error).__name__
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
