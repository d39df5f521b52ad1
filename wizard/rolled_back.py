"""Find out what would happen, and leave nothing of it behind."""

from contextlib import contextmanager, suppress


class _RollBack(Exception):
    """Leaves a savepoint without its changes."""


@contextmanager
def rolled_back(cr):
    """Take back all that happens in the block, in the database; records in memory are the caller's to invalidate."""
    with suppress(_RollBack), cr.savepoint():
        yield
        raise _RollBack
