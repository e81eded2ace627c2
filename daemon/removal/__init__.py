"""What is taken away again: from the calendars, about a person, or because it is old."""
