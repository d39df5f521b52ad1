import random
import re

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...dev.strict_server import Account
from ...routing import address
from ..common import mailboxes
from ..outgoing.test_companies import MUTED
from ..thorough import THOROUGH
from .test_preview import PreviewCase

SETUPS, MAILS = 25 if THOROUGH else 3, 40
POLICIES = ("auto", "keep", "on_behalf", "username")
OPTIONS = (
    "mail_catchall_supported",
    "mail_from_by_company",
    "mail_reply_to_by_company",
    "mail_restrict_username",
    "mail_server_by_alias_domain",
    "mail_server_by_reply_to",
)
DOMAINS = ("a.example", "b.example", "c.example", "d.example", "s.example")
HEADERS = ("From", "Sender", "Reply-To", "Return-Path")
_TOKEN = re.compile(r"\+[^+@]+(?=@)")


@tagged("post_install", "-at_install")
class TestPreviewAgrees(PreviewCase):
    """Whatever I set up and whoever writes, a mail leaves as the preview said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_d = cls.env["res.company"].create({"name": "D Trading"})
        cls.companies = cls.company_a + cls.company_b + cls.company_d
        cls.user_admin.company_ids += cls.company_d
        cls.zy.company_ids += cls.company_d
        cls.zy.groups_id += cls.env.ref("mail.group_mail_template_editor")
        cls.as_admin = cls.env(user=cls.user_admin, context={"allowed_company_ids": cls.companies.ids})
        cls.recipients = cls.env["res.partner"].create(
            [{"name": f"R{n}", "email": f"r{n}@elsewhere.example"} for n in range(MAILS)]
        )
        cls.record_none = cls.customer.create({"name": "Everybody's", "email": "x@elsewhere.example"})
        cls.record_d = cls.customer.create({"name": "Customer D", "company_id": cls.company_d.id})
        cls.domain_d = cls.env["mail.routing.domain"].create({"name": "d.example", "company_id": cls.company_d.id})
        cls.domain_s = cls.env["mail.routing.domain"].create({"name": "s.example"})
        cls.domains = cls.domain_a + cls.domain_b + cls.domain_c + cls.domain_d + cls.domain_s
        cls.logins = [f"box{n}@{domain}" for n, domain in enumerate((*DOMAINS, "e.example", "f.example"))]
        cls.accounts = [Account(login, "secret", wording="open") for login in cls.logins]

    # -- what is drawn

    def draw_set_up(self, draw):
        """Draw companies' options, domains, servers, mailboxes, identities and templates."""
        for company in self.companies:
            mine = self.domains.filtered(lambda domain, c=company: domain.company_id in (c, c.browse()))
            company.write(
                {
                    "mail_reply_to_prefix": draw.choice(("info", "service")),
                    "mail_domain_id": draw.choice((mine[:1].id, mine[:1].id, mine[-1:].id, False)),
                    **{option: draw.random() < 0.4 for option in OPTIONS},
                }
            )
        self.servers_drawn = self.env["ir.mail_server"]
        for login in draw.sample(self.logins, draw.randint(1, 6)):
            company = draw.choice((*self.companies, self.companies.browse()))
            self.servers_drawn += self.create_server(
                self.strict,
                login,
                company_id=company.id,
                from_filter=draw.choice((False, False, login, draw.choice(DOMAINS))),
                sequence=draw.randint(1, 3),
                sender_policy=draw.choice(POLICIES),
            )
        for name in draw.sample(self.logins, draw.randint(0, 3)):
            company = draw.choice((*self.companies, self.companies.browse()))
            self.fetched_mailbox(name, company_id=company.id, reply_token=draw.random() < 0.3)
        for domain in self.domains:
            fitting = self.servers_drawn.filtered(lambda s, c=domain.company_id: s.company_id in (c, c.browse()))
            targets = self.domains.filtered(lambda d, c=domain.company_id: d.company_id in (c, c.browse())) - domain
            domain.write(
                {
                    "default_from": draw.choice((False, "office", "notifications")),
                    "mail_server_id": draw.choice((False, fitting[:1].id)),
                    "reply_to_domain_id": draw.choice((False, False, targets[:1].id)),
                }
            )
        if draw.random() < 0.3:
            (self.identity_a + self.identity_c).unlink()
        self.zy.email = draw.choice(("zy@a.example", "zy@gmail.example", "zy@b.example", "zy@d.example"))
        self.zy.name = draw.choice(("ZY", "陈 志, Sales", 'Z "Y" O\'Neil'))
        self.templates = [
            self.template(
                draw.choice((False, "shop@b.example", '"Shop" <shop@a.example>', "{{ object.email }}")),
                reply_to=draw.choice((False, False, "orders@s.example")),
                mail_server_id=draw.choice((False, False, draw.choice(self.servers_drawn.ids))),
            )
            for _number in range(3)
        ]

    def draw_mail(self, draw, number):
        """Return what a preview is asked, drawn at random."""
        records = (self.record_a, self.record_b, self.record_d, self.record_none)
        record = draw.choice((*records, *records, None))
        template = draw.choice(self.templates) if record and draw.random() < 0.4 else None
        return {
            "record": record,
            "company_id": draw.choice(self.companies).id,
            "user_id": draw.choice((self.zy, self.zy, self.user_admin, self.boss)).id,
            "email_from": draw.choice(
                (False, False, False, '"Free" <free@b.example>', "sales@gmail.example", "catchall@a.example")
            ),
            "email_to": self.recipients[number].email,
            "template_id": template and template.id,
            "mail_server_id": draw.choice(self.servers_drawn.ids) if draw.random() < 0.15 else False,
        }

    # -- what is compared

    def write_for_real(self, number, record, company_id, user_id, email_from, email_to, template_id, mail_server_id):
        """Write the mail as a person or as code does, and return it, or what Odoo refused with."""
        companies = [company_id, *(c for c in self.env["res.users"].browse(user_id).company_ids.ids if c != company_id)]
        env = self.env(user=user_id, context={"allowed_company_ids": companies, "mail_notify_force_send": False})
        partner = self.recipients[number]
        given = {
            **({"email_from": email_from} if email_from else {}),
            **({"mail_server_id": mail_server_id} if mail_server_id else {}),
        }
        try:
            with self.env.cr.savepoint():
                if template_id:
                    template = env["mail.template"].browse(template_id)
                    to = {"email_to": False, "email_cc": False, "recipient_ids": [Command.link(partner.id)], **given}
                    return env["mail.mail"].sudo().browse(template.send_mail(record.id, email_values=to))
                # as the composer has it; core would take the author of another address for somebody else
                given["author_id"] = env.user.partner_id.id
                threads = env["mail.thread"]
                post = threads.message_notify
                if record:
                    post = record.with_env(env).with_context(mail_create_nosubscribe=True).message_post
                    given |= {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
                message = post(body="Hi", partner_ids=partner.ids, **given)
                return env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        except (AccessError, UserError) as error:
            return str(error)

    def shown(self, wizard):
        """Return what the preview shows, addresses in one form."""
        fields = ("header_from", "sender", "reply_to", "return_path")
        headers = (self.normal(address.parse(wizard[name] or "")) for name in fields)
        return (wizard.server_name, wizard.envelope_from, *headers)

    def on_wire(self, stored):
        """Return the same of a mail that the strict server received."""
        headers = (self.normal(mailboxes(stored, name)) if name in stored.message else [] for name in HEADERS)
        return (f"Strict {stored.login}", stored.mail_from, *headers)

    def normal(self, entries):
        """Return pairs of name and address; a token of the mail itself is left out."""
        return [(" ".join(name.split()), _TOKEN.sub("+token", email)) for name, email in entries]

    def compare(self, asked, wizard, mail):
        """Check one mail that was previewed and then sent."""
        arrived = [stored for stored in self.strict.mails if asked["email_to"] in stored.rcpt_tos]
        if isinstance(mail, str):
            sentence = mail if mail.startswith("You cannot send as") else "Odoo would tell"
            self.assertIn(sentence, wizard.problems or "", asked)
        elif arrived:
            self.assertEqual(
                [self.shown(wizard)], [self.on_wire(stored) for stored in arrived], (asked, mail.route_trace)
            )
            self.assertFalse(wizard.problems, asked)
        else:
            self.assertFalse(wizard.header_from, (asked, mail.failure_reason))
            self.assertIn(mail.failure_reason, wizard.problems, asked)

    def test_preview_and_wire_agree_in_random_draws(self):
        draw = random.Random(16)
        counts = {"left": 0, "failed": 0, "refused": 0}
        for _number in range(SETUPS):
            with self.strict_accounts(*self.accounts), self.env.cr.savepoint() as savepoint, mute_logger(*MUTED):
                self.draw_set_up(draw)
                drawn = [self.draw_mail(draw, number) for number in range(MAILS)]
                wizards = [self.wizard(**asked) for asked in drawn]
                mails = [self.write_for_real(number, **asked) for number, asked in enumerate(drawn)]
                written = [mail for mail in mails if not isinstance(mail, str)]
                self.env["mail.mail"].browse(mail.id for mail in written).write({"auto_delete": False})
                self.env["mail.mail"].browse(mail.id for mail in written).send()
                for asked, wizard, mail in zip(drawn, wizards, mails, strict=True):
                    self.compare(asked, wizard, mail)
                counts["left"] += len(self.strict.mails)
                counts["refused"] += len(mails) - len(written)
                counts["failed"] += len(written) - len(self.strict.mails)
                savepoint.rollback()
            self.env["mail.routing"].clear_caches()
        self.assertEqual(sum(counts.values()), SETUPS * MAILS)
        # a draw that says nothing about one of them would be a poor one
        self.assertTrue(all(count > SETUPS * MAILS / 20 for count in counts.values()), counts)
