"""Who has come in, and what they may see: shared by the desk's pages and the API."""
