"""The carrier: a server on the loopback interface that speaks Twilio's HTTP on the wire.

The demo and the end-to-end tests use it in Twilio's place; the application is pointed at it by
configuration and cannot tell the difference. It must never import the application, and never reach
an address beyond the loopback interface.
"""
