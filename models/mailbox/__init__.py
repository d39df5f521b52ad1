from . import fetchmail_server
from . import fetchmail_server_reply
from . import fetchmail_server_fetch
from . import fetchmail_server_login
from . import fetchmail_server_process
from . import fetchmail_server_poison
from . import fetchmail_server_count
