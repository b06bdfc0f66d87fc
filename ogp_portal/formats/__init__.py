"""How dates are typed in each language: ISO, or the day first and the year in full; never the month first."""
