"""How a mail leaves: the ladder from the author to the server and the headers, and the headers themselves."""
