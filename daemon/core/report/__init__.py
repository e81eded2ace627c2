"""The weekly report, as values: how each 1:1 ended, the counts, the red flags."""
