"""What people are told after a cycle: topics that fall due, and the weekly report, wherever it is wanted."""
