from . import ir_rule
from . import mail_mail_route
from . import mail_routing_delivery
from . import mail_routing_failure
from . import mail_routing_health
from . import mail_health_facts
from . import mail_health
