import base64

from markupsafe import Markup

from odoo import SUPERUSER_ID, _, fields, models

from ..models.context import HELD_KEY, INCOMING_KEY
from ..models.incoming.incoming_mail import IncomingMail, Outcome, Preview
from ..models.outgoing.dry_session import HeldMails
from .rolled_back import rolled_back


class MailIncomingPreview(models.TransientModel):
    _name = "mail.incoming.preview"
    _description = "Try an Incoming Mail"

    eml = fields.Binary(
        string="Mail",
        attachment=False,
        help="A mail as a file, e.g. order.eml, from a mail program or from Unrouted Mails.",
    )
    eml_name = fields.Char(string="File Name", help="The file's name, e.g. order.eml.")
    fetchmail_server_id = fields.Many2one(
        "fetchmail.server",
        string="Incoming Mail Server",
        help="The server that would fetch the mail, e.g. Exmail b.com; empty: it comes in another way.",
    )
    company_id = fields.Many2one("res.company", readonly=True, help="The company that the mail belongs to, e.g. B.")
    mail_domain_id = fields.Many2one(
        "mail.routing.domain", string="Alias Domain", readonly=True, help="The domain it was sent to, e.g. b.com."
    )
    alias_names = fields.Char(string="Aliases", readonly=True, help="The aliases that receive it, e.g. info@b.com.")
    result = fields.Text(readonly=True, help="The record that receives the mail, or why none does, e.g. New Contact.")
    trace = fields.Html(string="Why", readonly=True, help="The rules that decided, with their reasons.")

    def action_preview(self):
        """Show what would become of the mail; nothing is stored, and nothing is sent."""
        self.ensure_one()
        values = self._preview()
        self.write(values)
        return {
            "type": "ir.actions.act_window",
            "name": _("Try an Incoming Mail"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _preview(self):
        """Return the values to show, found out in a savepoint that is always rolled back.

        :raises AccessError: the incoming server belongs to another company
        """
        for check in (self.fetchmail_server_id.check_access_rights, self.fetchmail_server_id.check_access_rule):
            check("read")
        # what this form holds must not be lost with the rest
        self.flush_recordset()
        eml, server = base64.b64decode(self.eml or b""), self.fetchmail_server_id
        with rolled_back(self.env.cr):
            values = self._values(eml, server)
        self.env.invalidate_all()
        return values

    def _values(self, eml, server):
        """Return the form's values for a mail; the caller rolls everything back."""
        preview, outcome, answers = Preview(), Outcome(), HeldMails()
        incoming = IncomingMail(outcome, preview=preview)
        context = {"lang": self.env.context.get("lang"), INCOMING_KEY: incoming, HELD_KEY: answers}
        if server:
            context |= {"fetchmail_cron_running": True, "default_fetchmail_server_id": server.id}
        # as the scheduled fetch does it, without what the administrator's own session adds
        threads = self.with_user(SUPERUSER_ID).with_context(context).env["mail.thread"]  # pylint: disable=context-overridden
        problem = self._process(threads, server, eml)
        place = preview.place
        if not self._company_ids(preview, answers).issubset(self.env.user._get_company_ids()):
            return self._hidden_values()
        return {
            "company_id": (place and place.company_id) or False,
            "mail_domain_id": (place and place.domain_id) or False,
            "alias_names": ", ".join(route[4].display_name for route in preview.routes if route[4]),
            "result": "\n".join(self._result_lines(preview, outcome, answers, problem)),
            "trace": self._trace_html([*outcome.get("trace", ()), *self._core_trace(preview)]),
        }

    def _company_ids(self, preview, answers):
        """Return the ids of all companies that are named by what was found out, as superuser."""
        found = {preview.place.company_id} if preview.place else set()
        found.update(self.env["mail.routing"]._owner_companies(route[:2] for route in preview.routes).values())
        aliases = self.env["mail.alias"].union(*(route[4] for route in preview.routes if route[4]))
        found.update(aliases.sudo().mail_domain_id.company_id.ids)
        found.update(route.company_id for *_mail, route in answers if route)
        return found - {None, False}

    def _hidden_values(self):
        """Return what is shown where a company is concerned that its reader does not belong to."""
        sentence = _("It concerns a company that you do not belong to, so what becomes of it is not shown here.")
        nothing = dict.fromkeys(("company_id", "mail_domain_id", "alias_names", "trace"), False)
        return {**nothing, "result": sentence}

    def _process(self, threads, server, eml):
        """Let the mail come in, and return why that failed, or an empty text."""
        try:
            # an error in the database must not hide what was found out before
            with self.env.cr.savepoint():
                threads.message_process(server.sudo().object_id.model, eml)
        except Exception as error:  # pylint: disable=broad-except
            return self.env["mail.unrouted.message"]._reason_values({}, error)["error"]
        return ""

    def _result_lines(self, preview, outcome, answers, problem):
        """Return in sentences what would become of the mail, and who would be answered."""
        lines = [self._route_line(*route[:2]) for route in preview.routes]
        if problem:
            lines.append(_("Odoo cannot place it: %s", problem))
        elif not lines:
            lines.append(self._kind_line(outcome.get("kind")))
        return lines + [self._answer_line(*answer) for answer in answers]

    def _route_line(self, model, thread_id):
        """Return which record a route leads to."""
        label = self.env["ir.model"].sudo()._get(model).name
        if not thread_id:
            return _("New %s", label)
        record = self.env[model].browse(thread_id)
        is_seen = record.check_access_rights("read", False) and record._filter_access_rules("read")
        # with sudo, as its name may be made of what the reader does not see
        return f"{label}: {record.sudo().display_name if is_seen else '…'} ({model},{thread_id})"

    def _kind_line(self, kind):
        """Return why a mail becomes no record."""
        kinds = {
            "bounce": _("It reports that a mail could not be delivered."),
            "duplicate": _("Odoo already has a message with its Message-Id, and ignores it."),
            "loop": _("It looks like an endless exchange of automatic answers, so Odoo ignores it."),
            "own": _("Odoo sent it itself, and ignores it."),
        }
        return kinds.get(kind) or _("Odoo creates no record.")

    def _answer_line(self, email_from, email_to, subject, route):
        """Return the answer that would be sent, and how it would leave."""
        server = route and route.server_id and self.env["ir.mail_server"].sudo().browse(route.server_id).name
        line = _(
            'Would answer %(to)s as %(sender)s: "%(subject)s"',
            to=email_to,
            sender=(route and route.header_from) or email_from,
            subject=subject,
        )
        return f"{line} ({server})" if server else line

    def _core_trace(self, preview):
        """Return pairs of rule and reason for the decisions of Odoo itself."""
        for model, thread_id, _values, _user_id, alias in preview.routes:
            label = self.env["ir.model"].sudo()._get(model).name
            if thread_id and not (alias and alias.sudo().alias_force_thread_id == thread_id):
                yield "reply", _("It answers a message of that %s.", label)
            elif alias:
                yield "alias", _("%(alias)s receives it, for %(model)s.", alias=alias.display_name, model=label)
            else:
                yield "fallback", _("It matches no alias; the incoming server creates a %s.", label)

    def _trace_html(self, trace):
        """Return the reasons as a list, each behind its rule."""
        labels = {
            "alias": _("Alias"),
            "company": _("Company"),
            "fallback": _("Incoming Mail Server"),
            "group": _("Other Company"),
            "reply": _("Reply"),
        }
        if len(self.env.user._get_company_ids()) < self.env["res.company"].sudo().search_count([]):
            # it names the company that sent the mail
            trace = [line for line in trace if line[0] != "group"]
        items = Markup("").join(
            Markup("<li><b>%s</b>: %s</li>") % (labels.get(rule, rule), reason or "") for rule, reason in trace
        )
        return Markup("<ul>%s</ul>") % items if items else False
