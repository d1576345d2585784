"""Everything that stands in for the outside world: homeserver, Redis, carrier, example territory."""
