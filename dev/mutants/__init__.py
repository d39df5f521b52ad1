"""Changes one thing in `routing/` after the other, and looks whether a test fails.

What is changed is what mutmut's operators change, each node by itself, and statements that are left out. The rest is
not mutmut's: it copies functions into one file and switches between them, so it leaves alone what is decorated and
all that stands outside of functions (half of `routing/` are tables, words and expressions), and takes all or what is
named, but no sample. Here a process is forked for each mutant, in which that one module has another source.
"""
