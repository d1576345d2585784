"""The bridge to Telegram: a bot of the Bot API, by webhook."""
