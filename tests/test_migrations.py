from pathlib import Path

from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import sql

SCRIPT = Path(__file__).parents[1] / "migrations" / "16.0.1.0.1" / "pre-migrate.py"


@tagged("post_install", "-at_install")
class TestMigrations(TransactionCase):
    """Who updates loses nothing."""

    def test_renamed_columns_keep_their_values(self):
        script = load_script(str(SCRIPT), "pre-migrate")
        user = self.env.ref("base.user_admin")
        row = self.env["mail.unrouted.message"].create({"subject": "Old", "checksum": "1", "settled_by_id": user.id})
        server = self.env["fetchmail.server"].create({"name": "Old", "processed_uids": '["INBOX/7/1"]'})
        self.env.flush_all()
        for table, old, new in script.RENAMED:
            sql.rename_column(self.cr, table, new, old)
        script.migrate(self.cr, "16.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((row.settled_by_id, server.processed_uids), (user, '["INBOX/7/1"]'))
        # a second update finds nothing to do
        script.migrate(self.cr, "16.0.1.0.1")
