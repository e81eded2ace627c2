"""What a 1:1 is, what became of it, and what should be done about it: pure values and functions.

Nothing here reads a clock, a file or a network; time enters as `now`.
"""
