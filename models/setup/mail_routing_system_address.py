from odoo import api, models

from ...routing import address
from ...routing.system_address import MAILBOX, alias_names, find_system_address


class MailRouting(models.AbstractModel):
    """Tells which addresses are our own, with no person behind them."""

    _inherit = "mail.routing"

    @api.model
    def _system_addresses(self, contacts):
        """Return the addresses that are ours, in one query at most, without a query if none is in a domain of ours.

        :param contacts: addresses, perhaps with names; if a text has several, the first counts, as in core
        :return dict: :class:`SystemAddress` by contact; empty if nothing is set up
        """
        table = self._routing_table()
        if table.is_idle:
            return {}
        emails = {contact: address.first(contact) for contact in contacts}
        aliases = self._aliases_named(alias_names(table, emails.values()))
        found = {contact: find_system_address(table, email, aliases) for contact, email in emails.items() if email}
        return {contact: own for contact, own in found.items() if own}

    @api.model
    def _system_partners(self, partners):
        """Return the contacts that only have addresses of ours, so that Odoo would write to itself.

        An internal user whose own mailbox is also fetched is not among them: that person reads the mails that Odoo
        skips as its own. A user at an alias, a catchall, a bounce address or a prefix is: no person reads mail there.

        :return dict: :class:`SystemAddress` of their first address by the id of the contact
        """
        if self._routing_table().is_idle:
            return {}
        emails = {partner: [entry.email for entry in address.parse(partner.email)] for partner in partners.sudo()}
        ours = self._system_addresses({email for found in emails.values() for email in found})
        return {
            partner.id: ours[found[0]]
            for partner, found in emails.items()
            if found
            and all(email in ours for email in found)
            and (partner.partner_share or ours[found[0]].kind != MAILBOX)
        }

    @api.model
    def _aliases_named(self, names):
        """Return (name, domain id or None) of the aliases with these names; by SQL, as a search may hide some."""
        if not names:
            return frozenset()
        self.env["mail.alias"].flush_model(["alias_name", "mail_domain_id"])
        self.env.cr.execute("SELECT alias_name, mail_domain_id FROM mail_alias WHERE alias_name IN %s", [tuple(names)])
        return frozenset(self.env.cr.fetchall())
