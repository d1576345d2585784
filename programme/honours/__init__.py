"""Honours: the leader of the month or the year, nominated and chosen by those for whom they are there.

    opening ──► a round, and its announcement: a notice like any other
        ──► nominating: by text, in chat, on the desk; everybody the leader of their own block, with a reason
        ──► choosing: at most five of each village, however large their blocks are
        ──► sending: one ballot for each village, a secret poll: looked over by whoever opened the round
        ──► answers: one vote for each person, the last one; nobody for themselves
        ──► closing: counted block by block (`fairness`), told with the figures beside them, by whom forgotten

What waits is in the database; `escalator.honouring` does what is due of it.
"""
