from . import mail_routing_source
from . import base
from . import base_alias
from . import fetchmail_server
from . import fetchmail_server_reply
from . import fetchmail_server_fetch
from . import fetchmail_server_login
from . import fetchmail_server_process
from . import fetchmail_server_deadly
from . import ir_config_parameter
from . import ir_mail_server_oca
from . import ir_mail_server
from . import ir_mail_server_answer
from . import ir_mail_server_check
from . import mail_alias
from . import mail_alias_domain
from . import mail_mail
from . import mail_mail_route
from . import mail_message
from . import mail_render_mixin
from . import mail_message_reply
from . import mail_notification
from . import mail_routing
from . import mail_routing_check
from . import mail_routing_failure
from . import mail_routing_hook
from . import mail_routing_domain
from . import mail_sender_identity
from . import mail_sender_identity_check
from . import mail_template
from . import mail_thread

# each is outside of the ones before it and of mail_thread: own mail is told first, then a bounce, then a reply
from . import mail_thread_reply
from . import mail_thread_bounce
from . import mail_thread_own
from . import mail_thread_preview
from . import mail_thread_forced
from . import mail_thread_noted

# outermost, as mail_thread goes on as superuser
from . import mail_thread_sender_check
from . import mail_unrouted_message
from . import mail_unrouted_message_buttons
from . import res_company
from . import res_config_settings
from . import res_users
