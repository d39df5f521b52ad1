"""What a database consists of, and holds, so that two can be compared."""

import psycopg2

# Whatever an addon can leave in a database, each as a text.
PARTS = (
    "SELECT 'table ' || table_name FROM information_schema.tables WHERE table_schema = 'public'",
    "SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND contype != 'n'",
    "SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "SELECT 'parameter ' || key FROM ir_config_parameter",
    "SELECT 'cron ' || cron_name::text FROM ir_cron",
    "SELECT 'model ' || model FROM ir_model",
    "SELECT 'field ' || model || '.' || name FROM ir_model_fields",
    "SELECT 'choice ' || f.model || '.' || f.name || ' ' || s.value FROM ir_model_fields_selection s"
    " JOIN ir_model_fields f ON f.id = s.field_id",
    "SELECT 'view ' || model || ' ' || name::text FROM ir_ui_view WHERE model IS NOT NULL",
    "SELECT 'menu ' || id FROM ir_ui_menu",
    "SELECT 'action ' || id FROM ir_actions",
    "SELECT 'rule ' || name FROM ir_rule",
    "SELECT 'access ' || name FROM ir_model_access",
    "SELECT 'asset ' || path FROM ir_asset",
    "SELECT 'xml id ' || module || '.' || name FROM ir_model_data WHERE module NOT LIKE '\\_\\_%'",
    "SELECT 'activity ' || res_model FROM mail_activity",
    "SELECT 'attachment of ' || res_model FROM ir_attachment WHERE res_model IS NOT NULL",
    "SELECT 'message about ' || model FROM mail_message WHERE model IS NOT NULL",
    "SELECT 'default ' || field_id FROM ir_default",
    "SELECT 'property ' || name FROM ir_property",
)
TABLES = ("ir_mail_server", "fetchmail_server", "mail_alias", "mail_mail", "mail_message", "res_company", "res_users")
# When a row was last written, and by whom, is no content of it.
WRITTEN = ("write_date", "write_uid", "login_date")


def schema(name: str) -> set[str]:
    """Return what a database consists of."""
    return {text for query in PARTS for (text,) in _rows(name, query) if text}


def left_behind(before: set[str], after: set[str]) -> tuple[set[str], set[str]]:
    """Return what is gone, and what is new."""
    return before - after, after - before


def contents(name: str) -> dict[str, list[str]]:
    """Return the rows of the tables that a mail addon touches, each as a text, and the parameters."""
    columns = "SELECT to_jsonb(t) - %s::text[] FROM {} t ORDER BY id"
    rows = {table: [str(row) for (row,) in _rows(name, columns.format(table), [list(WRITTEN)])] for table in TABLES}
    parameters = "SELECT key || '=' || value FROM ir_config_parameter WHERE key NOT LIKE 'database.%%' ORDER BY key"
    return {**rows, "ir_config_parameter": [row for (row,) in _rows(name, parameters, [])]}


def _rows(name: str, query: str, values=None) -> list[tuple]:
    connection = psycopg2.connect(dbname=name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()
    finally:
        connection.close()
