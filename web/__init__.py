"""The FastAPI application: the bridges' webhooks, health and the public API."""
