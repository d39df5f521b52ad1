"""How mail is fetched from a mailbox, over IMAP or POP, without loss."""
