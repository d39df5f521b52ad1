"""What an incoming mail is: whose it is, what it answers, and whether a machine wrote it."""
