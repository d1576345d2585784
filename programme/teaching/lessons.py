"""What the course teaches: in each lesson one thing, and what its question's right answer is."""

from dataclasses import dataclass

from linzhang.words import Text
from programme import texts


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson.

    Attributes:
        words: What is taught, and the question, with what '1' and '2' mean.
        right: The digit that is right.
        why: Why it is.
    """

    words: Text
    right: str
    why: Text


LESSONS = (
    Lesson(texts.LESSON_ANSWER, "1", texts.WHY_ANSWER),
    Lesson(texts.LESSON_UP, "2", texts.WHY_UP),
    Lesson(texts.LESSON_URGENT, "1", texts.WHY_URGENT),
    Lesson(texts.LESSON_SECRET, "2", texts.WHY_SECRET),
    Lesson(texts.LESSON_DONE, "1", texts.WHY_DONE),
)

#: What an answer can be.
DIGITS = ("1", "2")
