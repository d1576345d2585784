"""What happens by itself: deadlines, the outbox, the inbox, and the arq worker that wakes for them."""
