"""Whether mail works, company by company, and what is inconsistent before a mail fails."""
