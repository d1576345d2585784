"""What pages read that is more than one row: which issues stand on the board, and how one went."""
