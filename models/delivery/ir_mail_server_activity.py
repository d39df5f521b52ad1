from markupsafe import Markup

from odoo import _, fields, models


class IrMailServer(models.Model):
    """The administrators of a company hear once that its server is in trouble, and that it is well again."""

    _name = "ir.mail_server"
    _inherit = ["ir.mail_server", "mail.activity.mixin"]

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Do nothing: core subscribes whoever gets an activity, and a mail server has no followers."""
        return True

    def _tell_administrators(self):
        """Tell that no mail leaves."""
        kind = self.env["mail.activity"].sudo()._default_activity_type_for_model(self._name)
        self._give_activities(kind, "_trouble_summary", "delivery_info")

    def _tell_of_refusal(self):
        """Tell that mails leave under the username, and why."""
        self._give_activities(self._refusal_kind(), "_refusal_summary", "sender_refusal_info")

    def _refusal_kind(self):
        """Return another kind of activity than that of a server in trouble, which closes by itself."""
        kinds = self.env["mail.activity.type"].sudo()
        return self.env.ref("mail.mail_activity_data_email", raise_if_not_found=False) or kinds

    def _given(self, kind):
        """Return the activities of a kind that administrators have because of these servers."""
        return self.activity_ids.filtered(lambda one: one.automated and one.activity_type_id == kind)

    def _give_activities(self, kind, summary, note):
        """Give each administrator of the company one activity of a kind, if it has none.

        :param str summary: name of the method that returns it
        :param str note: name of the field that has it
        """
        for server in self:
            informed = server._given(kind).user_id
            model_id = self.env["ir.model"]._get_id(self._name)
            self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
                [
                    {
                        "activity_type_id": kind.id,
                        "automated": True,
                        "date_deadline": fields.Date.today(),
                        # a note is HTML, and what a mail server said is none
                        "note": Markup("<p>%s</p>") % server.with_context(lang=user.lang, tz=user.tz)[note],
                        "res_id": server.id,
                        "res_model_id": model_id,
                        "summary": getattr(server.with_context(lang=user.lang), summary)(),
                        "user_id": user.id,
                    }
                    for user in server._administrators() - informed
                ]
            )

    def _trouble_summary(self):
        return _("No mail leaves through %s", self.name)

    def _refusal_summary(self):
        return _("Mails leave under the username of %s", self.name)

    def _administrators(self):
        """Return the administrators of the server's company, of all companies where it has none."""
        users = self.env.ref("base.group_system").sudo().users.filtered(lambda user: user.active and not user.share)
        return users.filtered(lambda user: not self.company_id or self.company_id in user.company_ids)

    def _close_activities(self):
        """Mark the activities as done by themselves: mails leave again."""
        (self.activity_ids.filtered("automated") - self._given(self._refusal_kind())).sudo().unlink()

    def _forget_refusal(self):
        """Close what was told about the refusal, too."""
        self._given(self._refusal_kind()).sudo().unlink()
        return super()._forget_refusal()
