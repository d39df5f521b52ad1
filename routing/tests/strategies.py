"""Hypothesis strategies shared by the property tests."""

from hypothesis import strategies as st

from ..address import Address

# Whatever a user can type as a name: several scripts, quotes, commas, emoji, no control characters.
names = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300)
local_parts = st.from_regex(r"[a-z0-9]{1,12}([.+_-][a-z0-9]{1,8})?", fullmatch=True)
domains = st.sampled_from(["a.com", "b.com", "mail.example.org", "xn--fsqu00a.cn", "qq.com"])
emails = st.builds("{}@{}".format, local_parts, domains)
authors = st.builds(Address, names, emails)
