"""Reconciling neighbours: an issue with two parties, kept private, and words that both agree to.

disputing ──► who the other party is; the issue is private from then on
──► words that both are asked to agree to, each on their own phone
──► answers: both say yes: it is closed; one says no: the mediator hears, and tries again
"""
