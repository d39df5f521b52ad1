"""What the DNS says about the domains that mails come from, beside the servers that send them."""
