from . import mail_compose_message
from . import mail_incoming_preview
from . import mail_resend_message
from . import mail_unrouted_place
