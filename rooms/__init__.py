"""Which room a unit has, how an issue is shown in it, and what leaders can say there."""
