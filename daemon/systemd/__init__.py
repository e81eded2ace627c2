"""The units of the service: filled in, put in place, asked after; and what the service tells systemd."""
