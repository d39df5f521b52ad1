from functools import reduce

from odoo import _, fields, models, tools

from ..models.words.mail_routing_words_route import REASONS
from ..routing import address
from ..routing.outgoing.wire import is_author_replaced
from ..routing.reason import Reason
from ..routing.rows import KEEP


class MailRoutingPreview(models.TransientModel):
    """Says how the mail would leave, by which rule, and what would stop it."""

    _inherit = "mail.routing.preview"

    def _result_values(self, route, prepared, problems, author=""):
        """Return what the form shows.

        :param Route route: None if there is not even a mail
        :param Prepared prepared: the mail as it would leave; None if it would not
        :param list problems: sentences
        :param str author: the From header that the mail was written with
        """
        values = {name: False for name in self._fields if name.startswith("why_")}
        values |= dict.fromkeys(("mail_company", "server_name"), False) | self._wire_values(prepared)
        values |= {"has_result": True, "problems": "\n".join(dict.fromkeys(problems)) or False}
        if route:
            company = self.env["res.company"].sudo().browse(route.mail_company_id or route.company_id)
            values |= {"mail_company": company.name, "server_name": self._server_name(route)}
            values |= self._rules(route, prepared, author)
        return values

    def _wire_values(self, prepared):
        """Return the headers and the envelope as they would leave."""
        headers = {"header_from": "From", "sender": "Sender", "return_path": "Return-Path", "reply_to": "Reply-To"}
        return {
            "envelope_from": prepared and prepared.envelope_from,
            **{field: (prepared and _header(prepared, name)) or False for field, name in headers.items()},
        }

    def _server_name(self, route):
        """Return the name of the server; only that it is another company's if the administrator may not see it."""
        if route.failure == "no_server":
            return False
        if not self._is_visible(route.server_id):
            return _("a mail server of another company")
        return self.env["mail.routing"]._server(route.server_id).name

    def _is_visible(self, server_id):
        """Tell whether the administrator may see a server."""
        company = self.env["ir.mail_server"].sudo().browse(server_id or []).company_id
        return not company or company in self.env.companies

    def _rules(self, route, prepared, author):
        """Return the rule of each header and of the envelope, as a sentence."""
        words = {rule: self._reason_words(reason, route) for rule, reason in route.trace}
        rules = {"why_company": words["company"], "why_server": words["server"], "why_from": words["author"]}
        if not prepared:
            return rules
        why_from = words["author"], words["policy"]
        if is_author_replaced(route, _header(prepared, "From"), author):
            why_from += (str(REASONS[Reason.POLICY_DEFAULT_SENDER]),)
        return rules | {
            "why_from": reduce(lambda one, other: _("%(one)s; %(other)s", one=one, other=other), why_from),
            "why_sender": words["policy"],
            "why_envelope": words["policy"] if route.policy != KEEP else self._bounce_words(prepared),
            "why_reply_to": words["reply_to"],
        }

    def _reason_words(self, reason, route):
        """Return the sentence of a reason; that of a policy begins with what the policy is."""
        words = str(REASONS[reason])
        if reason is Reason.POLICY_OF_SERVER:
            labels = dict(self.env["ir.mail_server"]._fields["sender_policy"]._description_selection(self.env))
            return _("%(policy)s, %(reason)s", policy=labels[route.policy], reason=words)
        return words

    def _bounce_words(self, prepared):
        """Say why a mail whose author stays has its envelope sender."""
        if address.same(prepared.envelope_from, address.first(_header(prepared, "Return-Path"))):
            return _("the bounce address: undeliverable mails come back there")
        if prepared.message["Return-Path"]:
            return _("the address in From, because the FROM Filtering of the mail server leaves out the bounce address")
        return _("the address in From, because there is no bounce address")

    def _route_problems(self, route):
        """Return the sentences that say what would stop a mail on its route."""
        routing = self.env["mail.routing"]
        if route.failure == "foreign_server" and not self._is_visible(route.server_id):
            return [
                _(
                    "The mail is set to leave through a mail server of another company. Set another server on its "
                    "template, mailing or mail."
                )
            ]
        if route.failure:
            return [self.env["mail.routing.words"]._failure_message(route, routing._server(route.server_id))]
        return [problem for problem in self._server_problems(route) if self._is_visible(route.server_id)]

    def _server_problems(self, route):
        """Return the sentences about a server that does not send now."""
        server = self.env["ir.mail_server"]._server_record(route.server_id)
        if not server:
            return
        if not server.active:
            yield _('The mail server "%s" is archived. Choose another one, or use it again.', server.name)
        if server.delivery_state != "ok":
            yield self.env["mail.routing.words"]._server_trouble_message(server)
        owner, now = server.limit_server_id or server, fields.Datetime.now()
        room, pause = owner._room(now)
        if room == 0:
            yield self.env["mail.routing.words"]._limit_message(owner, now + pause)

    def _unprepared_message(self, mail):
        """Return why core would not send a mail."""
        if not tools.email_split(mail.email_to or ""):
            return _('"%s" is not an address. Enter whom the mail goes to.', self.email_to)
        return mail.failure_reason


def _header(prepared, name):
    """Return a header as a person reads it, empty if there is none."""
    return str(prepared.message[name] or "")
