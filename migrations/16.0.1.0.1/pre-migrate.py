from odoo.tools import sql

# Columns that were renamed with their fields: table, old name, new name.
RENAMED = (
    ("fetchmail_server", "handled_uids", "processed_uids"),
    ("mail_unrouted_message", "handled_by_id", "settled_by_id"),
    ("mail_unrouted_message", "handled_date", "settled_date"),
)


def migrate(cr, version):
    """Keep which messages are processed but not yet flagged, and who settled which unrouted mail."""
    for table, old, new in RENAMED:
        if sql.column_exists(cr, table, old) and not sql.column_exists(cr, table, new):
            sql.rename_column(cr, table, old, new)
