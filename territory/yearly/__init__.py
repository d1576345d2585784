"""The yearly audit of a roster: a county freezes its numbers, signs them off, and has them on paper."""
