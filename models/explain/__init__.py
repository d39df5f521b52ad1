from . import ir_mail_server
from . import mail_mail_failure
from . import mail_mail_route
from . import mail_notification
from . import mail_routing_delivery
from . import mail_routing_failure
