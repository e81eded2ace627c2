"""What tells that prepd is well, or not: alerts, the dead man's switch, metrics."""
