"""What a mail that came in is: whose it is, what it answers, and whether a machine wrote it."""
