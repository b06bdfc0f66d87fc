"""Writing a report: its opening, the board of its cards, the page of one card, the check list."""
