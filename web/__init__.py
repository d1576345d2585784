"""The FastAPI application: the bridges' webhooks, health, the desk and the public API."""
