# The order matters where several files extend one method: what comes later is asked first.
from . import words
from . import setup
from . import outgoing
from . import delivery
from . import incoming
from . import mailbox
from . import explain
