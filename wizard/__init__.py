from . import mail_compose_message
from . import mail_incoming_preview
from . import mail_unrouted_place
from . import mail_server_probe
from . import mail_server_probe_addresses
from . import mail_server_probe_mails
from . import mail_server_probe_proposal
from . import ir_mail_server_probe
