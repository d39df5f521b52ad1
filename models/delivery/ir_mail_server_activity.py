from odoo import _, fields, models


class IrMailServer(models.Model):
    """The administrators of a company hear once that its server is in trouble, and that it is well again."""

    _name = "ir.mail_server"
    _inherit = ["ir.mail_server", "mail.activity.mixin"]

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Do nothing: core subscribes whoever gets an activity, and a mail server has no followers."""
        return True

    def _tell_administrators(self):
        """Give each administrator of the company one activity, if it has none."""
        kind = self.env["mail.activity"].sudo()._default_activity_type_for_model(self._name)
        for server in self:
            told = server.activity_ids.filtered("automated").user_id
            model_id = self.env["ir.model"]._get_id(self._name)
            self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
                [
                    {
                        "activity_type_id": kind.id,
                        "automated": True,
                        "date_deadline": fields.Date.today(),
                        "note": server.with_context(lang=user.lang, tz=user.tz).delivery_info,
                        "res_id": server.id,
                        "res_model_id": model_id,
                        "summary": server.with_context(lang=user.lang)._trouble_summary(),
                        "user_id": user.id,
                    }
                    for user in server._administrators() - told
                ]
            )

    def _trouble_summary(self):
        return _("No mail leaves through %s", self.name)

    def _administrators(self):
        """Return the administrators of the server's company, of all companies where it has none."""
        users = self.env.ref("base.group_system").sudo().users.filtered(lambda user: user.active and not user.share)
        return users.filtered(lambda user: not self.company_id or self.company_id in user.company_ids)

    def _close_activities(self):
        """Mark the activities as done by themselves: mails leave again."""
        self.activity_ids.filtered("automated").sudo().unlink()
