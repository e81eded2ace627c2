"""prepd: a background service that looks after a person's 1:1 meetings."""
