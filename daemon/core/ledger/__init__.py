"""What became of each 1:1: what was recorded joined with what is observed, and the user's own word."""
