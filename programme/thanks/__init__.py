"""Thanks: how content residents are with their leaders, and what those above make of leaders' work."""
