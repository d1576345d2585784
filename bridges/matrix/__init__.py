"""Matrix through an application service: transactions in, intents out."""
