"""Asks the database."""


def rows(cr, query, values=None):
    """Return the rows of a query as dicts."""
    cr.execute(query, values)
    names = [column[0] for column in cr.description]
    return [dict(zip(names, row, strict=True)) for row in cr.fetchall()]


def exists(cr, table, *columns):
    """Tell whether a table is there, with all these columns."""
    query = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND NOT attisdropped"
    cr.execute(query, [f'"{table}"'])
    found = {name for (name,) in cr.fetchall()}
    return bool(found) and found.issuperset(columns)
