from odoo.tests import tagged

from ..common import USERNAME, StrictMailCase, mailboxes, raw_header

# (author as Odoo has it, display name on the wire)
AUTHORS = [
    ('"陈志" <zhi@corp.example>', "陈志"),
    ('"作者 0, Co." <zhi@corp.example>', "作者 0, Co."),
    ('"Zhi \\"Boss\\" Chen" <zhi@corp.example>', 'Zhi "Boss" Chen'),
    ('"Chen, Zhi; Ltd." <zhi@corp.example>', "Chen, Zhi; Ltd."),
    ('"Zhi 😀🎉" <zhi@corp.example>', "Zhi 😀🎉"),
    (f'"{"陈" * 300}" <zhi@corp.example>', "陈" * 300),
    (f'"{"Zhi, " * 60}" <zhi@corp.example>', ("Zhi, " * 60).strip()),
    ('"A" <a@corp.example>, "B" <b@corp.example>', "A"),
    ('"Zhi" <zhi@例子.cn>', "Zhi"),
    ('"zhi@corp.example" <zhi@corp.example>', "zhi"),
    ("zhi@corp.example", "zhi"),
    ('"Zhi (zhi@corp.example)" <zhi@corp.example>', "Zhi"),
    ("Warehouse", "Warehouse"),
    (False, ""),
]


@tagged("post_install", "-at_install")
class TestAuthorNames(StrictMailCase):
    """My colleagues have names of all kinds, and customers should read them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.mail_restrict_username = True

    def test_each_author_arrives_by_name(self):
        with self.strict_server("header"):
            for author, name in AUTHORS:
                with self.subTest(author=author):
                    self.create_mail(author).send()
                    self.assert_only_own_sender(self.last_mail())
                    self.assertEqual(mailboxes(self.last_mail(), "From"), [(name, USERNAME)])

    def test_headers_fold_legally(self):
        with self.strict_server("header"):
            for author, _name in AUTHORS:
                self.create_mail(author).send()
        for stored in self.strict.mails:
            lines = f"From: {raw_header(stored, 'From')}".splitlines()
            self.assertLessEqual(max(map(len, lines)), 78)
            self.assertTrue(all(line.startswith(" ") for line in lines[1:]))
            self.assertTrue(all(line.isascii() for line in lines))

    def test_on_behalf_names_arrive_whole_too(self):
        """CPython would make one mailbox of each part of the name."""
        with self.strict_server("postfix"):
            self.server.sender_policy = "on_behalf"
            for author, mailbox in (
                (f'"{"Zhi, " * 60}" <zhi@corp.example>', ("Zhi, " * 60, "zhi@corp.example")),
                ('"Zhi" <zhi@例子.cn>', ("Zhi", "zhi@xn--fsqu00a.cn")),
                ("=?utf-8?b?5L2c6ICFIDAsIENvLg==?= <zhi@corp.example>", ("作者 0, Co.", "zhi@corp.example")),
            ):
                with self.subTest(author=author):
                    self.create_mail(author).send()
                    self.assertEqual(mailboxes(self.last_mail(), "From"), [mailbox])

    def test_an_author_without_any_address_anywhere_still_sends(self):
        """No author, and no default sender in the system parameters either."""
        self.env["ir.config_parameter"].set_param("mail.default.from", False)
        with self.strict_server():
            self.create_mail(False).send()
        self.assert_only_own_sender(self.last_mail())
        self.assertEqual(self.last_mail().message["From"], USERNAME)
