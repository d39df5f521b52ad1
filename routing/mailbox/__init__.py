"""How mail is taken out of a mailbox, by IMAP or POP, without loss."""
