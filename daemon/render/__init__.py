"""What prepd shows: the weekly report in four forms, the JSON documents, and the words that all of them use."""
