from unittest.mock import patch

from odoo.tests import Form, new_test_user, tagged

from ...models.outgoing.mail_thread_recipients import MailThread as MailThreadRecipients
from ..common import CUSTOMER, StrictMailCase
from ..common_contacts import ContactsCase
from ..overrides import without_the_addon
from ..queries import counted_queries

# Addresses of the group, none of them a person's, and the company that is written to there.
OURS = {
    "desk@a.example": "a",
    "desk@b.example": "b",
    "desk@c.example": "b",
    "sales@b.example": "b",
    "catchall@a.example": "a",
    "catchall@c.example": "b",
    "bounce@b.example": "b",
    "service@b.example": "b",
    "box@a.example": "a",
    "box@b.example": "b",
    "Box+abcdefghijklmnopqrstu@b.example": "b",
}
# Addresses that only look like one of them.
PEOPLE = (
    "sales@a.example",
    "service@a.example",
    "notifications@b.example",
    "desk@elsewhere.example",
    "box@elsewhere.example",
    "zy+shopping@a.example",
)


class OwnAddressesCase(ContactsCase):
    """Each company has an alias of its own, a catchall, a bounce address, and a mailbox; B has a prefix as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zy.groups_id += cls.env.ref("base.group_partner_manager")
        cls.env["fetchmail.server"].search([]).active = False
        cls.alias(cls)
        cls.alias(cls, "sales", mail_domain_id=cls.domain_b.id)
        cls.box_a = cls.fetched_mailbox(cls, "box@a.example", company_id=cls.company_a.id)
        cls.box_b = cls.fetched_mailbox(cls, "box@b.example", company_id=cls.company_b.id, reply_token=True)
        cls.company_b.write({"mail_reply_to_by_company": True, "mail_reply_to_prefix": "service"})
        cls.domain_b.default_from = "notifications"
        cls.records = {"a": cls.record_a, "b": cls.record_b}

    def at(self, name):
        """Return the environment of ZY who works in this company."""
        company = {"a": self.company_a, "b": self.company_b}[name]
        return self.env(user=self.zy, context={"allowed_company_ids": company.ids})

    def find(self, name, emails, **options):
        return self.at(name)["mail.thread"].sudo()._mail_find_partner_from_emails(emails, **options)

    def suggested(self, name, **recipient):
        """Return the recipients that a record of this company suggests, when a model adds one."""
        record = self.records[name].with_env(self.at(name))
        return record._message_add_suggested_recipient({record.id: []}, **recipient)[record.id]

    def contact(self, email, **values):
        return self.env["res.partner"].create({"name": email, "email": email, **values})

    def post(self, name, *partners, **values):
        """Let ZY write to partners from the chatter of a record of this company; return the recipients of the mails."""
        before = len(self.strict.mails)
        message = (
            self.records[name]
            .with_env(self.at(name))
            .message_post(
                body="Offer",
                partner_ids=[partner.id for partner in partners],
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                **values,
            )
        )
        message.sudo().mail_ids.filtered(lambda mail: mail.state == "outgoing").send()
        # an earlier 16.0 names a recipient twice whose name is the address
        return sorted({email.lower() for stored in self.strict.mails[before:] for email in stored.rcpt_tos})


@tagged("post_install", "-at_install")
class TestNoContactOfOurs(OwnAddressesCase):
    """An address of the group becomes no contact by itself, and nobody is asked to write to it."""

    def test_none_is_created(self):
        before = self.env["res.partner"].search_count([])
        for name in "ab":
            for email in OURS:
                with self.subTest(name, email=email):
                    self.assertEqual(self.find(name, [f"Desk <{email}>"], force_create=True), [self.env["res.partner"]])
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_other_addresses_are(self):
        for email in PEOPLE:
            with self.subTest(email):
                self.assertEqual(self.find("b", [email], force_create=True)[0].email, email)

    def test_the_order_stays(self):
        emails = ["desk@b.example", CUSTOMER, "box@b.example", "new@elsewhere.example", "catchall@a.example"]
        partners = self.find("b", emails, force_create=True, records=self.record_b)
        expected = [False, CUSTOMER, False, "new@elsewhere.example", False]
        self.assertEqual([partner.email for partner in partners], expected)
        self.assertEqual(partners[1], self.record_b)

    def test_a_contact_that_is_there_is_not_found(self):
        """As in core with an alias; only a real mailbox makes its author known."""
        for email in OURS:
            contact = self.contact(email)
            for name in "ab":
                with self.subTest(name, email=email):
                    is_mailbox = email.startswith("box@")
                    self.assertEqual(self.find(name, [email]), [contact if is_mailbox else self.env["res.partner"]])
                    self.assertEqual(self.find(name, [email], force_create=True)[0].id, is_mailbox and contact.id)

    def test_a_user_whose_mailbox_is_fetched_is_found(self):
        kevin = new_test_user(self.env, "kevin", email="box@b.example")
        self.assertEqual(self.find("b", ["Kevin <box@b.example>"]), [kevin.partner_id])

    def test_none_is_suggested(self):
        for name in "ab":
            for email in OURS:
                with self.subTest(name, email=email):
                    self.assertEqual(self.suggested(name, email=email), [])

    def test_other_addresses_are_suggested(self):
        for email in PEOPLE:
            with self.subTest(email):
                self.assertEqual(self.suggested("b", email=email), [(False, email, None, "")])

    def test_a_contact_is_suggested_to_the_other_company_only(self):
        for email, owner in OURS.items():
            contact = self.contact(email)
            for name in "ab":
                with self.subTest(name, email=email):
                    suggested = [row[0] for row in self.suggested(name, partner=contact)]
                    self.assertEqual(suggested, [] if name == owner else [contact.id])

    def test_whom_the_customer_wrote_to_besides_is_suggested(self):
        """The composer of a ticket offers those in Cc, as sales and projects do."""
        if "mail.test.cc" not in self.env:
            self.skipTest("test_mail is not installed")
        copies = "desk@b.example, Chen <chen@elsewhere.example>, catchall@a.example, box@b.example"
        ticket = self.at("b")["mail.test.cc"].sudo().create({"name": "Ticket", "email_cc": copies})
        suggested = ticket._message_get_suggested_recipients()[ticket.id]
        self.assertEqual([row[1] for row in suggested], ['"Chen" <chen@elsewhere.example>'])

    def test_what_a_template_says_becomes_no_contact_of_the_own_company(self):
        template = self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "email_to": f"{CUSTOMER}, desk@b.example",
                "email_cc": "Box <box@b.example>, desk@a.example, x@elsewhere.example",
            }
        )
        composer = self.at("b")["mail.compose.message"].with_context(
            default_model="res.partner", default_res_id=self.record_b.id, default_template_id=template.id
        )
        emails = Form(composer).save().partner_ids.mapped("email")
        self.assertEqual(sorted(emails), [CUSTOMER, "desk@a.example", "x@elsewhere.example"])


@tagged("post_install", "-at_install")
class TestNotificationsToOurs(OwnAddressesCase):
    """A contact with an address of the group gets mails about another company's records, but not its own."""

    def test_an_answer_to_all_with_the_alias_in_copy(self):
        """The customer answers to all, a model makes contacts of all recipients, and ZY writes the next mail."""
        with self.servers(a="open", b="open"):
            for name, record in self.records.items():
                message = record.with_env(self.at(name)).message_post(body="Offer")
                alias = f"desk@{name}.example"
                self.receive(
                    f"catchall@{name}.example", CUSTOMER, References=message.message_id, Cc=f"{alias}, x@y.example"
                )
                self.assertEqual(record.message_ids[0].email_from, CUSTOMER)
                found = self.find(name, [CUSTOMER, alias, "x@y.example"], records=record, force_create=True)
                record.message_subscribe([partner.id for partner in found if partner])
                self.assertEqual(self.post(name), [CUSTOMER, "x@y.example"])

    def test_a_contact_is_left_out_by_its_own_company(self):
        with self.servers(a="open", b="open"):
            for email, owner in OURS.items():
                contact = self.contact(email)
                for name in "ab":
                    with self.subTest(name, email=email):
                        expected = [CUSTOMER] if name == owner else [CUSTOMER, email]
                        self.assertEqual(self.post(name, self.records[name], contact), sorted(map(str.lower, expected)))

    def test_a_follower_is_left_out(self):
        follower = self.contact("desk@b.example")
        self.record_b.message_subscribe(follower.ids)
        with self.servers(a="open", b="open"):
            self.assertEqual(self.post("b"), [])
        self.assertFalse(self.env["mail.notification"].search([("res_partner_id", "=", follower.id)]))

    def test_who_works_there_is_still_reached(self):
        """People with an address that only looks like ours, or that only sends mails."""
        contacts = [self.contact(email) for email in PEOPLE]
        with self.servers(a="open", b="open"):
            self.assertEqual(self.post("b", *contacts), sorted(PEOPLE))

    def test_a_user_whose_mailbox_is_fetched_is_still_reached(self):
        kevin = new_test_user(self.env, "kevin", email="box@b.example", company_id=self.company_b.id)
        portal = new_test_user(self.env, "portal_box", groups="base.group_portal", email="box@b.example")
        with self.servers(a="open", b="open"):
            self.assertEqual(self.post("b", kevin.partner_id, portal.partner_id), ["box@b.example"])
            self.assertEqual([row[0] for row in self.suggested("b", partner=kevin.partner_id)], [kevin.partner_id.id])

    def test_a_user_at_an_alias_is_left_out_but_in_the_inbox(self):
        user = new_test_user(self.env, "desk", email="desk@b.example")
        with self.servers(a="open", b="open"):
            self.assertEqual(self.post("b", user.partner_id), [])
            user.notification_type = "inbox"
            self.post("b", user.partner_id)
        notification = self.env["mail.notification"].search([("res_partner_id", "=", user.partner_id.id)])
        self.assertEqual(notification.notification_type, "inbox")

    def test_a_contact_with_a_second_address_is_still_reached(self):
        contact = self.contact("desk@b.example, chen@elsewhere.example")
        with self.servers(a="open", b="open"):
            self.assertIn("chen@elsewhere.example", self.post("b", contact))

    def test_a_domain_of_all_companies(self):
        self.env["mail.routing.domain"].create({"name": "shared.example"})
        contact = self.contact("catchall@shared.example")
        with self.servers(a="open", b="open"):
            self.assertEqual([self.post(name, contact) for name in "ab"], [[], []])

    def test_the_domain_of_the_parameters_is_that_of_companies_without_one(self):
        self.env["ir.config_parameter"].set_param("mail.catchall.domain", "old.example")
        contact = self.contact("desk@old.example")
        with self.servers(a="open", b="open"):
            self.assertEqual([self.post(name, contact) for name in "ab"], [[], []])
            self.env["res.company"].create({"name": "New"})
            self.assertEqual(self.post("b", contact), ["desk@old.example"])
            self.company_b.mail_domain_id = False
            self.assertEqual(self.post("b", contact), [])

    def test_the_company_that_was_active_where_the_record_has_none(self):
        contact = self.contact("desk@b.example")
        self.record_a.company_id = self.record_b.company_id = False
        with self.servers(a="open", b="open"):
            self.assertEqual(self.post("a", contact), ["desk@b.example"])
            self.assertEqual(self.post("b", contact), [])

    def test_who_wrote_is_not_told(self):
        """B answers A from its mailbox; A must not send B's words back to B, and so on for ever."""
        contact = self.contact("sales@b.example")
        self.record_a.message_subscribe(contact.ids)
        with self.servers(a="open", b="open"):
            order = self.record_a.with_env(self.at("a"))
            message = order.message_post(body="Order", subtype_xmlid="mail.mt_comment")
            self.receive("catchall@a.example", "ZY <sales@b.example>", References=message.message_id)
            self.assertEqual(self.record_a.message_ids[0].email_from, '"ZY" <sales@b.example>')
        self.assertNotIn(contact, self.record_a.message_ids[0].notification_ids.res_partner_id)

    def test_in_a_channel(self):
        channel = self.env["mail.channel"].with_env(self.at("b")).create({"name": "Desk"})
        contact = self.contact("desk@b.example")
        self.records = {"b": channel}
        with self.servers(a="open", b="open"):
            self.assertEqual(self.post("b", contact, self.record_b), [CUSTOMER])


@tagged("post_install", "-at_install")
class TestQueriesOfOwnAddresses(OwnAddressesCase):
    """Aliases are looked up for all addresses at once, and only where an address is in a domain of the group."""

    def added(self, emails):
        """Return how many more queries than stock Odoo it takes to find the contacts of addresses."""
        with without_the_addon(self.registry), counted_queries(self.env) as stock:
            self.find("b", emails)
        with counted_queries(self.env) as queries:
            self.find("b", emails)
        return queries.count - stock.count

    def test_no_address_of_the_group(self):
        self.find("b", [CUSTOMER])
        self.assertEqual(self.added([CUSTOMER, "x@elsewhere.example"]), 0)

    def test_many_addresses_of_the_group(self):
        self.find("b", [CUSTOMER])
        for count in (1, 100):
            self.assertLessEqual(self.added([f"zy{n}@{'abc'[n % 3]}.example" for n in range(count)]), 1)

    def queries_of_a_notification(self, contacts):
        """Return how many more queries it takes to notify so many contacts than with core alone."""
        as_core = patch.object(MailThreadRecipients, "_without_own", lambda _self, _message, recipients: recipients)
        message = self.record_b.message_post(body="Offer")
        recipients = self.env["mail.followers"]._get_recipient_data(None, "comment", False, pids=contacts.ids)[0]

        def count():
            with counted_queries(self.env) as queries:
                self.record_b._notify_thread_by_email(message, list(recipients.values()), resend_existing=True)
            return queries.count

        with self.servers(a="open", b="open"):
            # what is remembered from mail to mail
            count()
            with as_core:
                stock = count()
            return count() - stock

    def test_a_notification(self):
        """The contacts are read before core does so; what remains is one query for the aliases."""
        for domain, queries in (("elsewhere.example", 0), ("b.example", 1)):
            people = self.env["res.partner"].concat(*(self.contact(f"zy{n}@{domain}") for n in range(40)))
            for count in (1, 40):
                with self.subTest(domain, count=count):
                    self.assertLessEqual(self.queries_of_a_notification(people[:count]), queries)


@tagged("post_install", "-at_install")
class TestOwnAddressesUntouched(StrictMailCase):
    """I set nothing up: who is found, suggested and written to is as in stock Odoo."""

    EMAILS = ("desk@test.com", "catchall@test.com", "desk@elsewhere.example", "box@strict.example", "New <n@x.example>")

    def outcome(self):
        """Return the contact that Odoo makes of each address, and the recipients it writes to."""
        found = self.env["mail.thread"]._mail_find_partner_from_emails(self.EMAILS)
        result = {self.customer.id: []}
        for email in self.EMAILS:
            self.customer._message_add_suggested_recipient(result, email=email)
        before = len(self.strict.mails)
        self.customer.message_post(body="Hi", partner_ids=self.contacts.ids)
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        return found, result, sorted(mail.rcpt_tos for mail in self.strict.mails[before:])

    def test_as_odoo_does_it(self):
        self.fetched_mailbox("box@strict.example")
        model_id = self.env["ir.model"]._get_id("res.partner")
        self.env["mail.alias"].create({"alias_name": "desk", "alias_model_id": model_id})
        self.contacts = self.env["res.partner"].create([{"name": e, "email": e} for e in self.EMAILS[:4]])
        with self.strict_server("open"):
            with without_the_addon(self.registry):
                stock = self.outcome()
            self.assertEqual(self.outcome(), stock)
        self.assertEqual(len(stock[2]), len(self.contacts))
