from odoo import SUPERUSER_ID, _, models
from odoo.exceptions import AccessError, UserError


class MailRoutingPreview(models.TransientModel):
    """Writes the mail as its author would, and finds out how it would leave; the caller rolls back, or sends it."""

    _inherit = "mail.routing.preview"

    def _values(self):
        """Return what the form shows of the mail; the caller rolls everything back."""
        problems = []
        try:
            mail = self._write_mail(problems)
            route = self.env["mail.routing"]._decide(mail)[mail.id]
            self._check_switched_on(route)
        except Exception as error:  # pylint: disable=broad-except
            # such as a template that cannot be rendered
            return self._result_values(None, None, [*problems, str(error) or type(error).__name__])
        problems += self._route_problems(route)
        prepared = None
        if not route.failure:
            prepared = mail._prepare_dry()
            if not prepared:
                problems.append(self._unprepared_message(mail))
        return self._result_values(route, prepared, problems, mail.email_from)

    def _write_mail(self, problems, email_to=None):
        """Create the mail as the author would; what Odoo would refuse the author is a problem, and no obstacle.

        :param list problems: gets the sentences
        """
        self._check_inputs()
        env = self._author_env()
        try:
            with self.env.cr.savepoint():
                self._check_author(env)
                return self._written_by(env, email_to)
        except (AccessError, UserError) as error:
            problems.append(_("Odoo would tell %(user)s: %(error)s", user=env.user.name, error=error))
        return self._written_by(env(su=True), email_to)

    def _check_inputs(self):
        """Refuse what the administrator may not see: a client may send any id.

        :raises AccessError: in core's words
        """
        for record in (self.company_id, self.user_id, self.template_id, self.mail_server_id, self.resource_ref):
            if record:
                record.check_access_rights("read")
                record.check_access_rule("read")
        if self.template_id and not self.resource_ref:
            raise UserError(_("Choose the record that the template is about."))
        if self.template_id and self.template_id.sudo().model != self.resource_ref._name:
            raise UserError(_("The template is not made for such a record. Choose another record or template."))

    def _check_switched_on(self, route):
        """Refuse to show a mail of a company that is not among those that are switched on.

        :raises AccessError: it says what to do
        """
        company_id = route.mail_company_id or route.company_id
        if company_id not in self.env.companies.ids:
            raise AccessError(_("The mail belongs to a company that you have not switched on. Switch it on first."))

    def _author_env(self):
        """Return the environment in which the author writes; Odoo itself does so as superuser."""
        user = self.user_id or self.env["res.users"].browse(SUPERUSER_ID)
        own = user.sudo().company_ids
        companies = self.company_id | (self.company_id & own and own)
        lang = user.sudo().lang or self.env.lang
        return self.env(
            user=user.id, context={"lang": lang, "tz": user.sudo().tz, "allowed_company_ids": companies.ids}
        )

    def _check_author(self, env):
        """Refuse what Odoo refuses an author who writes.

        :raises AccessError: in the words that the author would read
        """
        if env.su:
            return
        self.env["mail.routing"]._check_member(env.user, self.company_id)
        env["mail.sender.identity"]._check_sender(self.email_from or env.user.email_formatted, env.user.partner_id)
        if self.resource_ref:
            record = env[self.resource_ref._name].browse(self.resource_ref.id)
            operation = "read" if self.template_id else getattr(record, "_mail_post_access", "write")
            record.check_access_rights(operation)
            record.check_access_rule(operation)

    def _written_by(self, env, email_to=None):
        """Create the mail in an environment: with a template as code sends it, else as the chatter does.

        It stays after it left, until the caller has read it.
        """
        given = {
            "auto_delete": False,
            "email_cc": False,
            "email_to": email_to or self.email_to,
            "recipient_ids": [],
            "scheduled_date": False,
            **({"mail_server_id": self.mail_server_id.id} if self.mail_server_id else {}),
            **({"email_from": self.email_from} if self.email_from else {}),
        }
        if self.template_id:
            template = env["mail.template"].browse(self.template_id.id)
            return env["mail.mail"].sudo().browse(template.send_mail(self.resource_ref.id, email_values=given))
        about = self.resource_ref
        return (
            env["mail.mail"]
            .sudo()
            .create(
                {
                    "author_id": env.user.partner_id.id,
                    "body_html": _("<p>This mail was sent by Preview a Mail.</p>"),
                    "email_from": env.user.email_formatted,
                    "model": about and about._name,
                    "res_id": about and about.id,
                    "subject": _("Preview a Mail"),
                    **given,
                }
            )
        )
