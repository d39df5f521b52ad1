from odoo import _, models
from odoo.exceptions import UserError

from ..routing import address
from ..routing.rows import AUTO, USERNAME
from .mail_routing_setup import NOTHING


class MailRoutingSetup(models.TransientModel):
    """Makes the servers and the domain of a company, or updates those that it has; never another company's."""

    _inherit = "mail.routing.setup"

    def _check_input(self):
        """Refuse what no mailbox could be.

        :raises UserError: it says what to fill in
        """
        self.env["mail.routing"]._check_address(self, "email")
        if not self.smtp_host or (self.incoming_type != NOTHING and not self.incoming_host):
            raise UserError(_("Fill in the names of the servers, e.g. smtp.example.com and imap.example.com."))

    def _make(self, password, oauth, is_active=True):
        """Make or update everything, or for OAuth (not active) the servers alone; return both servers.

        :param oauth: how core logs in without a password, or None
        """
        email = address.check(self.email)
        self._check_free("fetchmail.server", "user", email)
        self._check_free("ir.mail_server", "smtp_user", email)
        box = self.env["fetchmail.server"]
        if self.incoming_type != NOTHING:
            box = self._make_mailbox(email, password, oauth, is_active)
        server = self._make_server(email, password, oauth, is_active, box)
        if is_active:
            self._make_options(self._make_domain(), server)
        return server, box

    def _check_free(self, model, login_field, email):
        """Refuse a mailbox that serves others: its replies would come to the wrong company.

        :raises UserError: it does not name the other company, which is not the user's business
        """
        # that a mailbox is taken has to be known, whoever has it
        everybody = self.env[model].sudo().with_context(active_test=False)
        others = everybody.search([("id", "not in", self._own(model).ids)])
        taken = others.filtered(lambda server: address.same(server[login_field], email))
        if taken.company_id:
            raise UserError(
                _("Another company of this database uses the mailbox %s. Each company needs its own.", email)
            )
        if taken:
            raise UserError(
                _(
                    'The mailbox %(email)s already serves all companies, by the mail server "%(server)s". Set the '
                    "Company there, then press Try Again.",
                    email=email,
                    server=taken[0].name,
                )
            )

    def _make_mailbox(self, email, password, oauth, is_active):
        """Make or update the incoming server."""
        kind = oauth.authentication if oauth else self.incoming_type
        values = {
            "active": is_active,
            "company_id": self.company_id.id,
            "is_ssl": self.incoming_ssl,
            "port": self.incoming_port,
            "provider_id": self.provider_id.id,
            "reply_token": self.provider_id.sub_addresses,
            "server": self.incoming_host.strip(),
            "server_type": kind,
            "user": email,
        }
        if password or oauth:
            values["password"] = password
        return self._make_or_update(self._mailboxes(), "user", values)

    def _make_server(self, email, password, oauth, is_active, box):
        """Make or update the outgoing server, and pair it with the mailbox."""
        values = {
            "active": is_active,
            "company_id": self.company_id.id,
            "fetchmail_server_id": box.id,
            "provider_id": self.provider_id.id,
            "sender_policy": self.sender_policy,
            "smtp_authentication": oauth.authentication if oauth else "login",
            "smtp_encryption": self.smtp_encryption,
            "smtp_host": self.smtp_host.strip(),
            "smtp_port": self.smtp_port,
            "smtp_user": email,
        }
        if password or oauth:
            values["smtp_pass"] = password
        limits = self.env["ir.mail_server"]._provider_limits(self.provider_id)
        return self._make_or_update(self._servers(), "smtp_user", values, limits)

    def _made(self, existing, login_field):
        """Return that of the company's servers which logs in as this mailbox, perhaps none."""
        email = address.find(self.email)
        return existing.filtered(lambda server: address.same(server[login_field], email))[:1]

    def _make_or_update(self, existing, login_field, values, first_values=()):
        """Write on the server that has this login, or make one; what it is called stays.

        :param first_values: values for a new one only
        """
        found = self._made(existing, login_field)
        if found:
            if not values["active"]:
                # one that works goes on working until the new login is there
                values = {name: value for name, value in values.items() if name != "active"}
            found.write(values)
            return found
        name = f"{self.provider_id.name} {values[login_field]}" if self.provider_id else values[login_field]
        return existing.create({"name": name, **values, **dict(first_values)})

    def _make_domain(self):
        """Return the company's alias domain, made if need be; none for a domain that is not the company's."""
        domains = self.env["mail.routing.domain"]
        if not self.own_domain:
            return domains
        # it may be archived, or another company's
        found = domains.sudo().with_context(active_test=False).search([("name", "=", self._domain())])
        if found.company_id not in (self.company_id, self.env["res.company"]):
            raise UserError(
                _(
                    "The domain %s belongs to another company of this database. Untick The Domain Is Ours, or use "
                    "another address.",
                    found.display_name,
                )
            )
        if found:
            found.active = True
            return found.sudo(False)
        return domains.create({"name": self._domain(), "company_id": self.company_id.id})

    def _make_options(self, domain, server):
        """Set the company's options that this mailbox needs."""
        company = self.company_id
        if domain or not company.mail_domain_id:
            company.mail_catchall_supported = bool(domain) and self.catch_all
        if domain:
            company.mail_domain_id = domain
        if server.sender_policy == USERNAME and not self._stands_in_the_way():
            company.mail_restrict_username = True

    def _stands_in_the_way(self):
        """Tell whether a server follows the company whose own address is not known; the new one has its own policy."""
        servers = self.env["ir.mail_server"].sudo().search([("sender_policy", "=", AUTO)])
        return any(server._routing_row().lacks_sender(self.company_id.ids) for server in servers)
