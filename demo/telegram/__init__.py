"""Telegram as far as the service knows it: a server that speaks the Bot API, for tests and the demo."""
