"""Where prepd keeps what it knows: one TinyDB document, written whole and never in place."""
