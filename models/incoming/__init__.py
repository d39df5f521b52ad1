from . import ir_config_parameter_incoming
from . import ir_mail_server_answer
from . import mail_message_copy
from . import mail_message_reply
from . import mail_notification
from . import mail_thread

# each extends those before it, so the last one runs first: another company's mail, then own mail, bounces, replies
from . import mail_thread_reply
from . import mail_thread_bounce
from . import mail_thread_own
from . import mail_thread_copy_found
from . import mail_thread_copy
from . import mail_thread_preview
from . import mail_thread_forced
from . import mail_thread_recorded
from . import mail_thread_automatic

# runs before all others, because mail_thread goes on as superuser
from . import mail_thread_sender_check
from . import mail_unrouted_message
from . import mail_unrouted_message_reason
from . import mail_unrouted_message_buttons
