from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.words.mail_routing_words_route import REASONS, RULES
from ...routing import address
from ...routing.reason import Reason
from ..outgoing.test_companies import MUTED, CompaniesCase


@tagged("post_install", "-at_install")
class TestRoute(CompaniesCase):
    """I open a mail and see how it left, and why."""

    def test_a_sent_mail_tells_what_was_on_the_wire(self):
        self.company_b.write({"mail_restrict_username": True, "mail_server_by_alias_domain": True})
        with self.servers(b="tencent"):
            mail = self.mail(self.record_b)
            mail.send()
        [(_login, header_from, _sender, envelope, reply_to)] = self.sent()
        self.assertEqual(mail.route_server_id, self.server_of["b"])
        self.assertEqual(mail.route_from, f"ZY <{header_from}>")
        self.assertEqual((mail.route_envelope_from, address.first(mail.route_reply_to)), (envelope, reply_to))
        self.assertIn("Company: the company of the record", mail.route_trace)
        self.assertIn("Sender policy: only the username, because the company restricts it", mail.route_trace)
        self.assertEqual(len(mail.route_trace.splitlines()), len(RULES))

    def test_the_trace_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        with self.servers(b="open"):
            mail = self.mail(self.record_b)
            mail.send()
        english, chinese = mail.route_trace, mail.with_context(lang="zh_CN").route_trace
        self.assertEqual(len(chinese.splitlines()), len(RULES))
        self.assertFalse(set(english.replace("\n", " ").split()) & set(chinese.replace("\n", " ").split()))

    def test_where_odoos_own_sender_stays_it_is_shown_as_well(self):
        with self.servers(b="open"):
            mail = self.mail(self.record_b, "zy@b.example")
            mail.send()
        [(_login, header_from, _sender, envelope, _reply_to)] = self.sent()
        self.assertEqual((mail.route_from, mail.route_envelope_from), (header_from, envelope))

    def test_a_default_sender_in_the_authors_place_is_explained(self):
        """The server may send as anybody, so Odoo puts its default sender into From, although the policy says keep."""
        self.domain_b.default_from = "office"
        with self.servers(b="open"):
            mails = self.mail(self.record_b, '"ZY" <zy@gmail.example>') + self.mail(self.record_b, "zy@b.example")
            mails.send()
        words = "Sender policy: the default sender, because the mail server may not send as the author"
        self.assertEqual([words in mail.route_trace for mail in mails], [True, False])
        self.assertIn("<office@b.example>", mails[0].route_from)

    def test_a_mail_without_a_server_tells_how_far_it_came(self):
        with self.servers(b="open"), mute_logger(*MUTED):
            mail = self.mail(self.record_a)
            mail.send()
        self.assertEqual((mail.state, mail.route_server_id.id), ("exception", False))
        self.assertIn("Company: the company of the record", mail.route_trace)

    def test_a_refused_mail_tells_its_route(self):
        with self.servers(b="tencent"), mute_logger(*MUTED):
            self.server_of["b"].sender_policy = "keep"
            mail = self.mail(self.record_b)
            mail.send()
        self.assertEqual((mail.state, mail.route_server_id), ("exception", self.server_of["b"]))
        self.assertEqual(mail.route_envelope_from, "bounce@b.example")

    def test_a_server_that_was_set_on_the_mail_is_told_from_odoos_choice(self):
        self.company_a.mail_restrict_username = True
        with self.servers(shared="open"):
            forced = self.mail(self.record_a, mail_server_id=self.server_of["shared"].id)
            chosen = self.mail(self.record_a)
            (forced + chosen).send()
        self.assertIn("Mail server: set on the mail or its template", forced.route_trace)
        self.assertIn("Mail server: Odoo chose it", chosen.route_trace)

    def test_a_mail_that_is_deleted_when_sent_needs_none(self):
        with self.servers(b="open"):
            mail = self.mail(self.record_b, auto_delete=True)
            mail.send()
        self.assertEqual(len(self.sent()), 1)
        self.assertFalse(mail.exists())

    def test_every_reason_has_words(self):
        self.assertEqual(set(REASONS), set(Reason))
