from contextlib import suppress

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...routing import address
from ..common import CUSTOMER, raw_header
from ..optional import need
from .test_companies import MUTED
from .test_writers import WritersCase

EXAMPLES = 80
# An address in a From header, as Odoo, a mail program or an attacker spells it.
SPELLINGS = (
    "{0}",
    '"Somebody" <{0}>',
    '"{0}" <ann@a.example>',
    "{0}.",
    '"{1}"@{2}',
    "=?utf-8?q?{1}=40{2}?= <ann@a.example>",
    "ann@a.example, {0}",
)
SENDERS = ("ann@a.example", "ceo@a.example", "boss@home.example", "ann@b.example", "ceo@gmail.example", "zy@b.example")
OPTIONS = ("mail_from_by_company", "mail_server_by_alias_domain", "mail_server_by_reply_to")
WAYS = ("post", "template", "mail", "compose", "notify", "write")


@tagged("post_install", "-at_install")
class TestCompaniesDrawn(WritersCase):
    """Whoever writes what in whatever way: nothing leaves as a company of others, or as somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env, "boss", groups="base.group_user,base.group_partner_manager", company_id=cls.company_a.id
        )
        cls.boss.write({"name": "Boss", "email": "boss@home.example"})
        cls.env["mail.sender.identity"].create(
            {"user_id": cls.boss.id, "company_id": cls.company_a.id, "email": "ceo@a.example"}
        )
        cls.portal = new_test_user(cls.env, "portal.pia", groups="base.group_portal", email="pia@elsewhere.example")
        cls.odoobot = cls.env.ref("base.user_root")
        cls.writers = (cls.ann, cls.ann, cls.ann, cls.zy, cls.boss, cls.portal, cls.odoobot)
        cls.records = (cls.record_a, cls.record_b, cls.free)
        cls.both = cls.company_a + cls.company_b

    def strategy(self, st):
        """Return what is drawn: who writes how about what, what the caller hands over, and what is written later."""
        flag = st.booleans()
        record = st.sampled_from(self.records)
        company = st.sampled_from(self.both)
        handed = {
            "record_company_id": company.map(lambda c: c.id),
            "permitted_company_id": company.map(lambda c: c.id),
            "writer_id": st.sampled_from([self.odoobot.id, self.zy.id]),
            "res_id": record.map(lambda r: r.id),
            "model": st.sampled_from(["res.partner", False]),
            "author_id": st.sampled_from([user.partner_id.id for user in (self.ann, self.boss, self.zy)]),
            "email_from": st.builds(
                lambda how, email: how.format(email, address.local(email), address.domain(email)),
                st.sampled_from(SPELLINGS),
                st.sampled_from(SENDERS),
            ),
            "mail_server_id": st.sampled_from("ab").map(lambda name: self.server_of[name].id),
        }
        words = st.fixed_dictionaries({}, optional=handed)
        context = {f"default_{name}": values for name, values in handed.items()}
        context["allowed_company_ids"] = st.permutations(self.both.ids)
        return {
            "writer": st.sampled_from(self.writers),
            "way": st.sampled_from(WAYS),
            "record": record,
            "words": words,
            "context": st.fixed_dictionaries({}, optional=context),
            "later": words,
            "options": st.tuples(flag, flag, flag),
            "own_email": st.sampled_from(["ann@a.example", "ann@gmail.example", *SENDERS]),
        }

    def write_mail(self, env, way, record, words, context):
        """Write a mail as a user may over RPC; return its message."""
        env = env(context={**env.context, "mail_notify_force_send": False, **context})
        record = record.with_env(env)
        if way == "post":
            words = {name: value for name, value in words.items() if name not in ("model", "res_id")}
            return record.message_post(body="Hi", partner_ids=record.ids, **words)
        if way == "notify":
            values = {"model": "res.partner", "res_id": record.id, **words}
            return env["mail.thread"].message_notify(body="Hi", partner_ids=self.free.ids, **values)
        if way == "template":
            mail_id = self.template.with_env(env).send_mail(record.id, email_values=dict(words))
            return env["mail.mail"].sudo().browse(mail_id).mail_message_id.with_env(env)
        if way == "mail":
            # as code does for a user
            values = {"email_to": CUSTOMER, "body_html": "Hi", "model": "res.partner", "res_id": record.id, **words}
            return env["mail.mail"].sudo().create(values).mail_message_id.with_env(env)
        values = {"model": "res.partner", "res_id": record.id, "body": "Hi", "subject": "Hi", **words}
        if way == "compose":
            known = env["mail.compose.message"]._fields
            values = {name: value for name, value in values.items() if name in known}
            composer = env["mail.compose.message"].create({**values, "composition_mode": "mass_mail"})
            mails, _messages = composer.with_context(active_ids=record.ids)._action_send_mail()
            return mails.mail_message_id.with_env(env)
        message = env["mail.message"].create({**values, "partner_ids": [(4, self.free.id)]})
        record._notify_thread(message)
        return message

    def check_wire(self, writer, record, stored):
        """Check one mail that arrived."""
        headers = " ".join(raw_header(stored, name) or "" for name in ("From", "Sender"))
        emails = address.mentioned(headers) | {stored.mail_from.lower()}
        if writer not in (self.boss, self.odoobot):
            self.assertFalse(emails & {"ceo@a.example", "boss@home.example"}, headers)
        if writer in (self.portal, self.odoobot):
            return
        allowed = writer.company_ids
        companies = {"box@a.example": self.company_a, "box@b.example": self.company_b}
        self.assertIn(companies[stored.login], allowed)
        domains = self.domain_a + self.domain_b + self.domain_c
        owners = {domain.name: domain.company_id for domain in domains}
        for email in emails:
            self.assertIn(owners.get(address.domain(email), allowed[:1]), allowed, (email, headers))

    def test_no_mail_leaves_as_anothers_company_or_person(self):
        hypothesis = need("hypothesis")
        seen = []
        with self.servers(a="open", b="open"), mute_logger(*MUTED, "odoo.addons.mail.models.mail_thread"):

            @hypothesis.settings(
                max_examples=EXAMPLES,
                deadline=None,
                phases=[hypothesis.Phase.generate],
                suppress_health_check=list(hypothesis.HealthCheck),
            )
            @hypothesis.given(**self.strategy(hypothesis.strategies))
            def check(writer, way, record, words, context, later, options, own_email):
                self.strict.mails.clear()
                with self.env.cr.savepoint() as savepoint:
                    self.both.write(dict(zip(OPTIONS, options, strict=True)))
                    try:
                        self.ann.with_user(self.ann).email = own_email
                    except ValidationError:
                        self.assertIn(own_email, ("ceo@a.example", "boss@home.example", "zy@a.example"))
                    env = self.env(user=writer, context={"allowed_company_ids": writer.company_ids.ids})
                    # KeyError: core itself fails at a record without a model
                    with suppress(AccessError, KeyError, UserError):
                        with self.env.cr.savepoint():
                            message = self.write_mail(env, way, record, words, context)
                        with self.env.cr.savepoint():
                            message.write(later)
                    mails = self.env["mail.mail"].search([("state", "=", "outgoing")])
                    mails.with_context(allowed_company_ids=self.company_a.ids).send()
                    for stored in self.strict.mails:
                        seen.append((writer, stored.login))
                        self.check_wire(writer, record, stored)
                    savepoint.rollback()
                self.env["mail.routing"].clear_caches()

            check()
        # draws of which nothing leaves would say nothing
        self.assertGreater(len(seen), EXAMPLES / 4)
        self.assertEqual({login for _writer, login in seen}, {"box@a.example", "box@b.example"})
