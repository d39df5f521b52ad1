from odoo.tests import TransactionCase, tagged

from ...upgrade.to_17.__main__ import check_database


@tagged("post_install", "-at_install")
class TestCommand(TransactionCase):
    """I run a step on the wrong database: it says so, and changes nothing."""

    def refusal(self, step):
        with self.assertRaises(SystemExit) as refused:
            check_database(self.cr, step)
        return str(refused.exception)

    def become(self, version):
        self.cr.execute("UPDATE ir_module_module SET latest_version = %s WHERE name = 'mail'", [version])

    def test_a_step_of_odoo_17_in_odoo_16(self):
        for step in ("migrate", "load"):
            self.assertRegex(self.refusal(step), r"for a database of Odoo 17; this one is 16\.0\.")

    def test_preparing_in_odoo_17(self):
        self.become("17.0.1.15")
        self.assertRegex(self.refusal("prepare"), r"for a database of Odoo 16; this one is 17\.0\.1\.15")

    def test_preparing_without_the_addon(self):
        self.cr.execute("ALTER TABLE mail_routing_domain RENAME TO gone")
        self.assertIn("is not installed", self.refusal("prepare"))

    def test_migrating_what_was_not_prepared(self):
        self.cr.execute("ALTER TABLE mail_routing_domain RENAME TO gone")
        self.become("17.0.1.15")
        self.assertIn("prepare was not run", self.refusal("migrate"))

    def test_the_right_database(self):
        check_database(self.cr, "prepare")
        self.become("17.0.1.15")
        check_database(self.cr, "load")
