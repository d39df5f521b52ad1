# extends core before all others: a message that does not leave passes them all
from . import mail_mail_dry
from . import base
from . import ir_mail_server_oca
from . import ir_mail_server
from . import ir_mail_server_session
from . import mail_mail
from . import mail_message
from . import mail_routing
from . import mail_routing_origin
from . import mail_render_mixin
from . import mail_sender_identity_check
from . import mail_template
from . import mail_template_recipients
from . import mail_thread_recipients
from . import mail_thread_answer
