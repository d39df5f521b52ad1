from odoo.tests import tagged

from ...models.words.mail_routing_words_route import REASONS
from ...routing.reason import Reason
from .test_preview import PreviewCase


@tagged("post_install", "-at_install")
class TestPreviewReasons(PreviewCase):
    """Each rung of the ladder tells me its reason before I send anything.

    A reason has a method here, named after it, which sets up its case and returns the preview.
    """

    def setUp(self):
        super().setUp()
        self.server = self.server_for(self.company_b)
        self.domain_b.default_from = "office"

    def free(self, email_from="somebody@gmail.example", **values):
        """Preview a mail about a record of B from an address that is nobody's identity."""
        return self.wizard(self.record_b, **{"email_from": email_from, "user_id": self.user_admin.id, **values})

    def company_of_record(self):
        return self.free()

    def company_when_written(self):
        return self.wizard(company_id=self.company_b.id)

    def company_of_writer(self):
        self.zy.company_id, self.zy.company_ids = self.company_a, self.company_a
        return self.wizard(self.record_b)

    def author_is_identity(self):
        return self.wizard(self.record_b, email_from="zy@c.example")

    def author_gets_identity(self):
        return self.wizard(self.record_b)

    def author_in_own_domain(self):
        return self.free("somebody@b.example")

    def author_unchanged(self):
        return self.free()

    def author_moved(self):
        self.company_b.mail_from_by_company = True
        return self.free()

    def author_brought_home(self):
        return self.free("somebody@a.example")

    def author_as_server(self):
        self.domain_b.default_from = False
        return self.free("somebody@a.example", user_id=False)

    def author_default_from(self):
        self.company_b.mail_from_by_company = True
        return self.free("somebody@gmail.example", user_id=False)

    def author_without_default_from(self):
        self.company_b.mail_from_by_company = True
        self.domain_b.default_from = False
        return self.free("somebody@gmail.example", user_id=False)

    def server_forced(self):
        return self.free(mail_server_id=self.server.id)

    def server_as_odoo(self):
        self.server.company_id = False
        return self.free()

    def server_by_author(self):
        self.company_b.mail_server_by_alias_domain = True
        return self.free("somebody@b.example")

    def server_by_reply_to(self):
        self.company_b.mail_server_by_reply_to = True
        return self.free()

    def server_of_company(self):
        return self.free()

    def server_shared(self):
        self.server.company_id = self.company_a
        self.server_for(self.env["res.company"])
        return self.free()

    def policy_of_server(self):
        self.server.sender_policy = "on_behalf"
        return self.free()

    def policy_unrestricted(self):
        return self.free()

    def policy_without_login(self):
        self.server.smtp_user = False
        self.company_b.mail_restrict_username = True
        return self.free()

    def policy_restricted(self):
        self.company_b.mail_restrict_username = True
        return self.free()

    def policy_learned(self):
        self.server.sender_refusal = "501 mail from address must be same as authorization user"
        return self.free()

    def policy_default_sender(self):
        return self.free()

    def reply_on_purpose(self):
        template = self.template("shop@b.example", reply_to="orders@b.example")
        return self.free(False, template_id=template.id)

    def reply_by_company(self):
        self.company_b.write({"mail_reply_to_by_company": True, "mail_reply_to_prefix": "service"})
        return self.free()

    def reply_catchall(self):
        return self.free()

    def reply_as_odoo(self):
        self.domain_b.catchall_alias = False
        return self.free()

    def reply_comes_back(self):
        self.company_b.mail_catchall_supported = False
        self.fetched_mailbox("catchall@b.example", company_id=self.company_b.id)
        return self.free()

    def reply_mailbox(self):
        self.company_b.mail_catchall_supported = False
        self.fetched_mailbox("box@b.example", company_id=self.company_b.id)
        return self.free()

    def reply_author(self):
        self.company_b.mail_catchall_supported = False
        return self.free("somebody@b.example")

    def reply_server(self):
        self.company_b.mail_catchall_supported = False
        return self.free("catchall@b.example")

    def test_each_reason_is_read_in_the_preview(self):
        rules = {"company": "company", "author": "from", "server": "server", "policy": "from", "reply": "reply_to"}
        # a preview has a person who writes
        for reason in set(Reason) - {Reason.COMPANY_OF_PERSON, Reason.COMPANY_OF_MAILING}:
            with self.subTest(reason.name), self.env.cr.savepoint() as savepoint:
                wizard = getattr(self, reason.name.lower())()
                self.assertIn(str(REASONS[reason]), wizard[f"why_{rules[reason.name.lower().split('_')[0]]}"])
                savepoint.rollback()
            self.env["mail.routing"].clear_caches()
