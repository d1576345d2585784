"""What a report is: intake, the lifecycle, and what residents and leaders are told."""
