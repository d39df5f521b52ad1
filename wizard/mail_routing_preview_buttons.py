"""The buttons *Preview a Mail*: each fills in what its form knows."""

from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def action_preview_mail(self):
        """Preview a mail of this company."""
        self.ensure_one()
        return self.env["mail.routing.preview"]._open({"company_id": self.id})


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_preview_mail(self):
        """Preview a mail that this user writes."""
        self.ensure_one()
        mine = self.company_id if self.company_id in self.env.companies else self.company_ids & self.env.companies
        return self.env["mail.routing.preview"]._open(
            {"user_id": self.id, **({"company_id": mine[:1].id} if mine else {})}
        )


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def action_preview_mail(self):
        """Preview a mail that is set to leave through this server."""
        self.ensure_one()
        company = self.company_id or self.env.company
        return self.env["mail.routing.preview"]._open({"mail_server_id": self.id, "company_id": company.id})


class MailRoutingDomain(models.Model):
    _inherit = "mail.routing.domain"

    def action_preview_mail(self):
        """Preview a mail from this domain: the current user's address there, else its default sender."""
        self.ensure_one()
        company = self.company_id or self.env.company
        own = self.env.user.mail_identity_ids.filtered(lambda identity: identity.company_id == company)
        row = self._routing_row()
        mine = [identity.email for identity in own if identity._routing_row().email.endswith(f"@{row.name}")]
        email_from = next(iter(mine), "") or row.default_email or row.email(self.env.user.login.split("@")[0])
        return self.env["mail.routing.preview"]._open({"company_id": company.id, "email_from": email_from})


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def action_preview_mail(self):
        """Preview a mail that this template makes of one of its records."""
        self.ensure_one()
        previews = self.env["mail.routing.preview"]
        return previews._open({"template_id": self.id, "resource_ref": previews._sample(self.sudo().model)})
