"""What a mail server does with senders, and what a mailbox receives: asked, read, and turned into a proposal."""
