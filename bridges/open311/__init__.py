"""Open311: civic apps that report issues for residents, and look how these stand."""
