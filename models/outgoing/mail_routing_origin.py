from collections import defaultdict

from odoo import SUPERUSER_ID, api, models

from ...routing import address
from ...routing.outgoing.company import Origin, Person, company_of_person

_READ_USERS = """
    SELECT users.partner_id, users.id, users.company_id, partner.email, array_agg(membership.cid)
      FROM res_users AS users
      JOIN res_partner AS partner ON partner.id = users.partner_id
      JOIN res_company_users_rel AS membership ON membership.user_id = users.id
     WHERE (users.partner_id IN %s OR users.id IN %s)
       AND users.share IS NOT TRUE
       AND users.id != %s
  GROUP BY users.id, partner.email
  ORDER BY users.login
"""
_READ_EMAILS = """
    SELECT users.id, partner.email
      FROM res_users AS users
      JOIN res_partner AS partner ON partner.id = users.partner_id
     WHERE users.share IS NOT TRUE
       AND (lower(partner.email) IN %s OR partner.email !~* %s)
"""
# Other e-mails, such as two addresses in one field, are read by Python.
_PLAIN_ADDRESS = r"^[a-z0-9._+-]+@[a-z0-9.-]*[a-z0-9]$"
_READ_RECIPIENTS = "SELECT mail_mail_id, res_partner_id FROM mail_mail_res_partner_rel WHERE mail_mail_id IN %s"


class MailRouting(models.AbstractModel):
    """Finds out who wrote mails, for whom, and about what: all that says which company they are of."""

    _inherit = "mail.routing"

    @api.model
    def _origins(self, rows):
        """Return where mails come from, in a number of queries that does not grow with them.

        :param dict rows: columns of ``mail_message`` by mail id
        :return tuple: :class:`Origin` by mail id, and the author's :class:`Person` by the id of the partner
        """
        owners = self._owner_companies((row["model"], row["res_id"]) for row in rows.values())
        mailings = self._responsibles_of_mailings(rows)
        by_partner, by_user = self._people(
            (row["author_id"] for row in rows.values()),
            (*(row["writer_id"] for row in rows.values()), *mailings.values()),
        )
        persons = {mail_id: by_partner.get(row["author_id"]) for mail_id, row in rows.items()}
        persons.update({mail_id: by_user.get(user_id) for mail_id, user_id in mailings.items()})
        unknown = {
            mail_id: row
            for mail_id, row in rows.items()
            if not persons[mail_id] and _is_odoo(row) and (row["model"], row["res_id"]) not in owners
        }
        persons.update(self._persons_written_for(unknown))
        # messages from before the addon have no company; to read the user's costs a query
        active_id = None if all(row["record_company_id"] for row in rows.values()) else self.env.company.id
        return {
            mail_id: Origin(
                active_id=active_id,
                owner_id=owners.get((row["model"], row["res_id"])),
                written_id=row["record_company_id"],
                is_named=bool(row["permitted_company_id"]) and row["permitted_company_id"] == row["record_company_id"],
                permitted_id=row["permitted_company_id"],
                writer=by_user.get(row["writer_id"]),
                is_odoo=_is_odoo(row),
                is_mailing=mail_id in mailings,
                person=persons[mail_id],
                email=address.first(row["email_from"]),
            )
            for mail_id, row in rows.items()
        }, by_partner

    @api.model
    def _people(self, partner_ids, user_ids):
        """Return internal users by their partners and by themselves, in one query, without OdooBot.

        :return tuple: :class:`Person` by the id of the partner, and by the id of the user
        """
        partner_ids, user_ids = (tuple(set(filter(None, ids))) or (0,) for ids in (partner_ids, user_ids))
        self.env["res.users"].flush_model(["company_id", "company_ids", "login", "partner_id", "share"])
        self.env["res.partner"].flush_model(["email"])
        self.env.cr.execute(_READ_USERS, [partner_ids, user_ids, SUPERUSER_ID])
        found = [
            (partner_id, Person(user_id, company_id, email or "", tuple(company_ids)))
            for partner_id, user_id, company_id, email, company_ids in self.env.cr.fetchall()
        ]
        return dict(found), {person.user_id: person for _partner_id, person in found}

    @api.model
    def _users_with_email(self, emails):
        """Return the internal users, archived ones as well, who have these addresses as their e-mail, in one query.

        :param emails: addresses in the form of :func:`address.key`
        :return dict: ids of users by address, without addresses that no user has
        """
        if not emails:
            return {}
        self.env["res.users"].flush_model(["partner_id", "share"])
        self.env["res.partner"].flush_model(["email"])
        self.env.cr.execute(_READ_EMAILS, [tuple(emails), _PLAIN_ADDRESS])
        found = defaultdict(set)
        for user_id, email in self.env.cr.fetchall():
            for entry in address.parse(email):
                found[address.key(entry.email)].add(user_id)
        return {email: frozenset(found[email]) for email in emails if email in found}

    @api.model
    def _responsibles_of_mailings(self, rows):
        """Return the id of the user who answers for the mailing that a mail is part of, by mail id."""
        ids = {mail_id: row["mailing_id"] for mail_id, row in rows.items() if row["mailing_id"]}
        mailings = self.env["mailing.mailing"].sudo().browse(set(ids.values())) if ids else ()
        users = {mailing.id: mailing.user_id.id or mailing.create_uid.id for mailing in mailings}
        return {mail_id: users[mailing_id] for mail_id, mailing_id in ids.items()}

    @api.model
    def _companies_of_mailings(self, mailings):
        """Return the company that each mailing would leave as, its id by mailing."""
        owners = {mailing: mailing.user_id or mailing.create_uid for mailing in mailings.sudo()}
        _by_partner, by_user = self._people((), (user.id for user in owners.values()))
        table, active_id = self._routing_table(), self.env["mail.message"]._writing_company_id()
        return {
            mailing: company_of_person(table, by_user[user.id], address.first(mailing.email_from))
            if user.id in by_user
            else active_id
            for mailing, user in owners.items()
        }

    @api.model
    def _persons_written_for(self, rows):
        """Return the persons for whom Odoo itself writes: the sender, else the record's responsible, else who gets it.

        :param dict rows: columns of ``mail_message`` by mail id
        :return dict: :class:`Person` by mail id, without those of nobody
        """
        if not rows or len(self._routing_table().companies) < 2:
            return {}
        senders = {mail_id: address.key(address.first(row["email_from"])) for mail_id, row in rows.items()}
        owners = self._users_with_email(set(filter(None, senders.values())))
        known = {email: users - {SUPERUSER_ID} for email, users in owners.items()}
        found = {id_: min(known[email]) for id_, email in senders.items() if known.get(email)}
        found = self._responsibles_of_records(rows) | found
        recipients = self._recipients(rows)
        by_partner, by_user = self._people(set().union(*recipients.values()), found.values())
        persons = {mail_id: _only_company([by_partner.get(id_) for id_ in ids]) for mail_id, ids in recipients.items()}
        persons.update({mail_id: by_user[user_id] for mail_id, user_id in found.items() if user_id in by_user})
        return {mail_id: person for mail_id, person in persons.items() if person}

    @api.model
    def _responsibles_of_records(self, rows):
        """Return the id of the user who is responsible for the record of a mail, by mail id, a query for each model."""
        ids_by_model = defaultdict(set)
        for row in rows.values():
            field = self.env[row["model"]]._fields.get("user_id") if row["model"] in self.env else None
            if row["res_id"] and field and field.store and field.comodel_name == "res.users":
                ids_by_model[row["model"]].add(row["res_id"])
        found = {
            (model, record.id): record.user_id.id
            for model, ids in ids_by_model.items()
            for record in self.env[model].sudo().browse(ids).exists()
            if record.user_id
        }
        places = {mail_id: (row["model"], row["res_id"]) for mail_id, row in rows.items()}
        return {mail_id: found[place] for mail_id, place in places.items() if place in found}

    @api.model
    def _recipients(self, rows):
        """Return the ids of the partners who get a mail, by mail id; of addresses, those of users who have them."""
        mails = self.env["mail.mail"].sudo().browse(rows)
        mails.flush_recordset(["recipient_ids"])
        self.env.cr.execute(_READ_RECIPIENTS, [tuple(mails.ids)])
        found = defaultdict(set)
        for mail_id, partner_id in self.env.cr.fetchall():
            found[mail_id].add(partner_id)
        emails = {mail.id: {address.key(entry.email) for entry in address.parse(mail.email_to)} for mail in mails}
        owners = self._users_with_email(set().union(*emails.values()))
        users = self.env["res.users"].sudo().browse({min(ids) for ids in owners.values()})
        partners = {user.id: user.partner_id.id for user in users}
        for mail_id, addressed in emails.items():
            found[mail_id].update(partners[min(owners[email])] if email in owners else None for email in addressed)
        return found


def _is_odoo(row):
    """Tell whether Odoo itself wrote a message."""
    return row["writer_id"] in (None, SUPERUSER_ID)


def _only_company(persons):
    """Return the first of these persons if all have the same default company, else None; None stands for outsiders."""
    is_one = None not in persons and len({person.company_id for person in persons}) == 1
    return persons[0] if is_one else None
