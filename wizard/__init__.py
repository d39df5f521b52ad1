from . import mail_compose_message
from . import mail_incoming_preview
from . import mail_routing_preview
from . import mail_routing_preview_buttons
from . import mail_routing_preview_mail
from . import mail_routing_preview_send
from . import mail_routing_preview_words
from . import mail_unrouted_place
