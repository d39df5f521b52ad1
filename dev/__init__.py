"""The developer's commands: start, test, lint, strict mail server. The addon never imports them."""
