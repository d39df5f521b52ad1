"""How much the plain tests try: `make test` takes some of it, `make test ALL=1` all, as CI does."""

import os

from hypothesis import settings

THOROUGH = bool(os.environ.get("MCR_ALL"))

# Without a deadline: a busy machine is no fault, and test_linear watches over the time that reading takes.
settings.register_profile("ordinary", max_examples=100, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
# `make mutants` compares scores, so that each run draws the same.
settings.register_profile("mutants", max_examples=100, deadline=None, derandomize=True, database=None)
settings.load_profile("mutants" if os.environ.get("MCR_MUTANTS") else "thorough" if THOROUGH else "ordinary")
