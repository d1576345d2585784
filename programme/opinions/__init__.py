"""Notes of public opinion: what a leader hears that people think, filed up without making an issue of it."""
