"""One module for each command; all run inside the environment that `dev.launch` made."""
