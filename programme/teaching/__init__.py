"""The course for new leaders: five lessons of a few words, each with a question that one digit answers.

    starting ──► a course, for somebody who leads below
        ──► going_on: the next lesson, a day after the last one was answered; one reminder, and then silence
        ──► answers: what they chose, and why it is right or not
        ──► standing: who has finished, unit by unit

All that waits is in the database; `escalator.teaching` does what is due of it.
"""
