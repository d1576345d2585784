"""SMS through Twilio: signed webhooks in, messages out, receipts."""
