from . import mail_mail_route
from . import mail_routing_delivery
from . import mail_routing_failure
from . import mail_routing_probe
from . import mail_routing_domain_check
from . import mail_routing_domain_senders
