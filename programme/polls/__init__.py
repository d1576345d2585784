"""Polls: a notice that asks something, with two to five answers to choose from.

reading ──► a question and its options, out of what a leader writes
    ──► `programme.notices`: who is asked, what it costs, a second pair of eyes, pace, night, sums
answers ──► a digit, a word, a button, a vote, a sign: the last one of each counts until the poll ends
secrets ──► where nobody is to learn what somebody answers, apart from who they are, until the poll ends
ending ──► closing where clients show it as a poll, and the results, told where it was asked
"""
