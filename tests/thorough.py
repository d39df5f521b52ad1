"""What takes minutes and proves once: CI does all of it (``make test ALL=1``), an ordinary run a part."""

import os

THOROUGH = bool(os.environ.get("MCR_ALL"))
