"""How much each property of the plain tests tries; `make test ALL=1`, as in CI, tries more where that says more."""

import os

from hypothesis import settings

# Without a deadline: a busy machine is no fault, and test_linear watches over the time that reading takes.
settings.register_profile("ordinary", max_examples=100, deadline=None)
# `make mutants` compares scores, so that each run draws the same.
settings.register_profile("mutants", max_examples=100, deadline=None, derandomize=True, database=None)
settings.load_profile("mutants" if os.environ.get("MCR_MUTANTS") else "ordinary")
