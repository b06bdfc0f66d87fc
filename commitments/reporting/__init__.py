"""The page on which progress is reported: eight fields, two buttons, nothing else to be opened."""
