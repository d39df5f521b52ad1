from itertools import product

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import CUSTOMER
from .test_companies import CompaniesCase


class WritersCase(CompaniesCase):
    """Ann works for A alone, may change contacts, and knows the ids of B's records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(
            cls.env,
            "ann",
            groups="base.group_user,base.group_partner_manager,mail.group_mail_template_editor",
            name="Ann",
            email="ann@a.example",
            company_id=cls.company_a.id,
        )
        cls.free = cls.customer.create({"name": "Customer", "email": CUSTOMER, "company_id": False})
        cls.zy.groups_id += cls.env.ref("base.group_partner_manager")
        cls.as_ann = cls.env(user=cls.ann, context={"allowed_company_ids": cls.company_a.ids})
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "email_to": CUSTOMER,
                "subject": "Welcome",
                "body_html": "<p>Welcome</p>",
                "auto_delete": False,
            }
        )

    def left_as(self, count=1):
        """Return (login, domain of From) of the mails that arrived, after the queue ran."""
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        left = [(row[0], row[1].partition("@")[2]) for row in self.sent(count)]
        self.strict.mails.clear()
        return left

    def post(self, record, env=None, **values):
        """Post as Ann, to be sent by the queue."""
        record = (env or self.as_ann)[record._name].browse(record.id).with_context(mail_notify_force_send=False)
        return record.message_post(body="Hi", partner_ids=record.ids, **values)


AS_A = [("box@a.example", "a.example")]
AS_B = [("box@b.example", "b.example")]


@tagged("post_install", "-at_install")
class TestNobodySendsAsACompanyOfOthers(WritersCase):
    """I work for A; whatever values I hand over, nothing of mine leaves as B."""

    def test_values_of_a_template(self):
        """Core hands them on as superuser."""
        attacks = (
            {"record_company_id": self.company_b.id, "model": False, "res_id": False},
            {"res_id": self.record_b.id},
            {"record_company_id": self.company_b.id},
            {"res_id": self.record_b.id, "email_from": "x@b.example"},
        )
        with self.servers(a="open", b="open"):
            for values in attacks:
                with self.subTest(values):
                    self.template.with_env(self.as_ann).send_mail(self.free.id, email_values=dict(values))
                    self.assertEqual(self.left_as(), AS_A)

    def test_a_message_of_somebody_else_with_words_of_mine(self):
        message = self.record_b.message_post(body="Hi")
        values = {"mail_message_id": message.id, "body_html": "Pay to me"}
        with self.assertRaises(AccessError):
            self.template.with_env(self.as_ann).send_mail(self.free.id, email_values=values)

    def test_how_a_mail_left(self):
        for values in ({"route_company_id": self.company_b.id}, {"delivery_done": "[]"}):
            with self.subTest(values), self.assertRaises(AccessError):
                self.template.with_env(self.as_ann).send_mail(self.free.id, email_values=values)

    def test_a_company_in_the_context(self):
        """As superuser, Odoo takes any company that a context names."""
        values = {"body_html": "Hi", "email_to": CUSTOMER, "email_from": "ann@a.example"}
        with self.servers(a="open", b="open"):
            for context in (
                {"allowed_company_ids": self.company_b.ids},
                {"default_record_company_id": self.company_b.id},
                {"default_permitted_company_id": self.company_b.id, "default_writer_id": 1},
            ):
                with self.subTest(context):
                    self.as_ann["mail.mail"].sudo().with_context(**context).create(dict(values))
                    self.assertEqual(self.left_as(), AS_A)

    def test_a_post(self):
        with self.servers(a="open", b="open"):
            for values in (
                {"record_company_id": self.company_b.id},
                {"permitted_company_id": self.company_b.id, "writer_id": 1},
            ):
                with self.subTest(values):
                    self.post(self.free, **values)
                    self.assertEqual(self.left_as(), AS_A)

    def test_a_message_moved_to_another_record(self):
        with self.servers(a="open", b="open"):
            for creator, mover in product((self.as_ann, self.env), (self.as_ann, self.as_ann(su=True))):
                with self.subTest(creator=creator.uid, su=mover.su):
                    message = self.post(self.free, creator, author_id=self.ann.partner_id.id)
                    message.with_env(mover).write({"res_id": self.record_b.id})
                    self.assertEqual(self.left_as(), AS_A)

    def test_words_of_mine_in_a_message_of_odoo(self):
        """I was told of it, so I may change it."""
        with self.servers(a="open", b="open"):
            message = self.post(self.record_b, self.env, author_id=self.ann.partner_id.id)
            message.with_env(self.as_ann).write({"subject": "Pay to me"})
            self.assertEqual(self.left_as(), AS_A)

    def test_what_code_alone_writes(self):
        message = self.post(self.free)
        for values in (
            {"record_company_id": self.company_b.id},
            {"permitted_company_id": self.company_b.id},
            {"writer_id": 1},
            {"sender_company_id": self.company_a.id},
            {"answer_to": "evil@evil.example"},
        ):
            with self.subTest(values):
                for env in (self.as_ann, self.as_ann(su=True)):
                    with self.assertRaises(AccessError):
                        message.with_env(env).write(values)
                created = self.as_ann["mail.message"].create({"model": "res.partner", "res_id": self.free.id, **values})
                name, value = next(iter(values.items()))
                self.assertNotEqual(self.field_value(created, name), value)
                defaults = {f"default_{name}": value for name, value in values.items()}
                created = self.as_ann["mail.message"].with_context(**defaults).create({"body": "Hi"})
                self.assertNotEqual(self.field_value(created, name), value)

    def field_value(self, message, name):
        return message.sudo().read([name], load=None)[0][name]

    def test_code_without_a_mail(self):
        """Another addon sends for me, as superuser and in whatever company my context names."""
        with self.servers(a="open", b="open"):
            servers = self.as_ann["ir.mail_server"].sudo().with_context(allowed_company_ids=self.company_b.ids)
            servers.send_email(servers.build_email("ann@a.example", [CUSTOMER], "Direct", "Body"))
        self.assertEqual(self.last_mail().login, "box@a.example")

    def test_a_domain_of_a_colleague_in_both(self):
        """ZY is in both companies; with ZY as the author, Ann's mail does not follow ZY's address into B."""
        self.company_a.mail_server_by_alias_domain = True
        with self.servers(a="open", b="open"):
            self.post(self.free, author_id=self.zy.partner_id.id, email_from="zy@b.example")
            self.assertEqual(self.left_as(), AS_A)


@tagged("post_install", "-at_install")
class TestWhoSendsAsARecordsCompany(WritersCase):
    """What was right stays right."""

    def test_a_member(self):
        self.company_b.mail_from_by_company = True
        with self.servers(a="open", b="open"):
            self.post(self.record_b, self.env(user=self.zy, context={"allowed_company_ids": self.zy.company_ids.ids}))
            self.assertEqual(self.left_as(), AS_B)

    def test_whoever_left_the_company_after_writing(self):
        self.company_b.mail_from_by_company = True
        with self.servers(a="open", b="open"):
            self.post(self.record_b, self.env(user=self.zy, context={"allowed_company_ids": self.zy.company_ids.ids}))
            self.zy.company_ids = self.company_a
            self.assertEqual(self.left_as(), AS_B)

    def test_whoever_may_change_the_record(self):
        """My database shares its contacts among all companies."""
        self.env.ref("base.res_partner_rule").active = False
        self.company_b.mail_from_by_company = True
        with self.servers(a="open", b="open"):
            self.post(self.record_b)
            self.template.with_env(self.as_ann).send_mail(self.record_b.id)
            self.assertEqual(self.left_as(2), AS_B * 2)

    def test_odoo_itself(self):
        self.company_b.mail_from_by_company = True
        with self.servers(a="open", b="open"):
            self.post(self.record_b, self.env, author_id=self.ann.partner_id.id, email_from="ann@a.example")
            self.assertEqual(self.left_as(), AS_B)

    def test_a_portal_user(self):
        portal = new_test_user(self.env, "portal.pia", groups="base.group_portal", email="pia@elsewhere.example")
        with self.servers(a="open", b="open"):
            self.post(self.record_b, self.env(user=portal, su=True))
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
            self.assertEqual([row[0] for row in self.sent()], ["box@b.example"])

    def test_a_portal_user_moves_no_message(self):
        portal = new_test_user(self.env, "portal.pia", groups="base.group_portal", email="pia@elsewhere.example")
        message = self.post(self.free, self.env(user=portal, su=True))
        with self.assertRaises(AccessError):
            message.with_env(self.env(user=portal)).write({"res_id": self.record_b.id})

    def test_what_decides_is_read_together(self):
        """Ten writers cost no more queries than one."""
        users = [
            new_test_user(self.env, f"w{n}", groups="base.group_user", company_id=self.company_a.id) for n in range(10)
        ]
        mails = self.env["mail.mail"]
        for user in users:
            values = {"body_html": "Hi", "email_to": CUSTOMER, "model": "res.partner", "res_id": self.record_b.id}
            mails += self.env(user=user, su=True)["mail.mail"].create(values).with_env(self.env)
        counts = []
        for batch in (mails[:1], mails):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            routes = self.env["mail.routing"]._decide(batch)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual({route.mail_company_id for route in routes.values()}, {self.company_a.id})
        self.assertEqual(counts[0], counts[1])
