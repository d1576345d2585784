"""Every way by which people reach the service: one contract, one folder per platform."""
