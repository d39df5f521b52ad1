"""What a mail server's answer means."""
