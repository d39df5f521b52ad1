from contextlib import contextmanager

from odoo import SUPERUSER_ID, api


@contextmanager
def committed(registry):
    """Open an environment on a cursor of its own, which is committed at the end."""
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
