"""Live pages: what changes reaches the browsers of those who may see it, as server-sent events."""
