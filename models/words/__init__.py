from . import mail_routing_words
from . import mail_routing_words_delivery
from . import mail_routing_words_dns
from . import mail_routing_words_health
from . import mail_routing_words_probe
from . import mail_routing_words_route
