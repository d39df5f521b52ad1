import gc
from contextlib import contextmanager
from types import SimpleNamespace


@contextmanager
def counted_queries(env):
    """Count the queries of the block, which begins with cold record caches; ``count`` of what it yields is set then.

    Odoo reuses an environment that is still in memory, which knows its user's company without a query. So whatever
    nobody uses any more is collected first, and nothing in between: the count must not depend on the moment.
    """
    counted = SimpleNamespace(count=None)
    # the cursor of a test that commits wraps the one that counts
    cr = getattr(env.cr, "_cursor", env.cr)
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    gc.disable()
    try:
        before = cr.sql_log_count
        yield counted
        env.flush_all()
        counted.count = cr.sql_log_count - before
    finally:
        gc.enable()
