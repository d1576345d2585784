"""The figures: the page, its files, the printed report of a month."""

from linzhang.words import Text

HEAD = Text("Figures of {unit}")
CRUMBS = Text("Units above")

PERIOD = Text("Time")
THIS_WEEK = Text("This week")
FOUR_WEEKS = Text("Last 4 weeks")
THIRTEEN_WEEKS = Text("Last 13 weeks")
A_YEAR = Text("Last 52 weeks")
OTHER_TIME = Text("A month or other days")
MONTH = Text("Month")
FROM_DAY = Text("From")
TO_DAY = Text("To")
SHOW = Text("Show")
PRINT_MONTH = Text("Print the month's report (PDF)")
NOT_OVER = Text("This time is not over yet: its numbers still grow.")
SAVE = Text("Save as a file")
UNITS_CSV = Text("By unit (CSV)")
WEEKS_CSV = Text("By week (CSV)")
XLSX = Text("All of it (XLSX)")

KEY_FIGURES = Text("Key figures")
NO_CHANGE = Text("as in the time before")
UP = Text("{change} more than in the time before")
DOWN = Text("{change} less than in the time before")
UP_POINTS = Text("{change} percentage points more than in the time before")
DOWN_POINTS = Text("{change} percentage points less than in the time before")
LONGER = Text("{change} longer than in the time before")
SHORTER = Text("{change} shorter than in the time before")
NOTHING = Text("–")

RECEIVED = Text("Received")
ANSWERED_IN_TIME = Text("Answered in time")
CLOSED = Text("Closed")
CLOSING_RATE = Text("Closing rate")
UNFINISHED = Text("Not closed yet")
MEDIAN_TO_ANSWER = Text("Time to answer")
P90_TO_ANSWER = Text("Time to answer, 9 of 10")
MEDIAN_TO_CLOSE = Text("Time to close")
P90_TO_CLOSE = Text("Time to close, 9 of 10")
ESCALATIONS = Text("Went up")
REOPENED = Text("Not solved after all")
SATISFACTION = Text("Satisfaction")
RATINGS = Text("Marks given")
IN_TIME = Text("Answered in time, number")
LATE = Text("Answered too late or not at all")

RECEIVED_MEANS = Text("Issues that residents reported.")
ANSWERED_IN_TIME_MEANS = Text("A leader answered before the window had passed.")
CLOSED_MEANS = Text("The resident agreed, or said nothing more.")
CLOSING_RATE_MEANS = Text("Closed, of all that were to be closed.")
UNFINISHED_MEANS = Text("Somebody still has to do something, or the resident to agree.")
MEDIAN_TO_ANSWER_MEANS = Text("One half was answered within this time.")
MEDIAN_TO_CLOSE_MEANS = Text("One half was closed within this time.")
ESCALATIONS_MEANS = Text("How often an issue went to the tier above.")
REOPENED_MEANS = Text("How often a resident said that it was not solved.")
SATISFACTION_MEANS = Text("What residents gave, from 1 to 5.")

OF = Text("{part} of {whole}")
NINE_OF_TEN = Text("9 of 10 within {time}")
TO_TIER = Text("to {tier}: {count}")
RATED_BY = Text("{count} of {closed} closed ones have a mark")

DAYS = Text("{days} d")
DAYS_AND_HOURS = Text("{days} d {hours} h")

BY_WEEK = Text("By week")
WEEK_FROM = Text("Week from")
PLOT_LOAD = Text("Received and closed")
PLOT_SHARES = Text("Answered in time and closed, in percent")
PLOT_ANSWER_TIMES = Text("Time to answer, in hours")
PLOT_CLOSE_TIMES = Text("Time to close, in hours")
HALF = Text("One half of them")
NINE = Text("9 of 10")
AS_TABLE = Text("These numbers as a table")
BY_UNIT = Text("By unit below")
UNIT = Text("Unit")
CODE = Text("Code")
PLOT_UNITS = Text("{measure} by unit")
SORT_HINT = Text("A column's heading sorts the table and the plot by it. A unit's name leads to its figures.")
UNITS_SCROLL = Text("Figures of the units below, to be scrolled sideways")

EMPTY = Text("Nothing was received here in this time.")
EMPTY_HINT = Text("Choose another time, or a unit above.")
DEPARTMENT = Text(
    "Issues count at the place that they are about. What a department was given stands in the figures of "
    "those places."
)

MEANING = Text("What the figures mean")
MEANING_COHORT = Text(
    "An issue counts in the week in which it was received, whatever happens to it later, at its place and at "
    "all units above. So the latest weeks still change: their issues are not finished."
)
MEANING_MONTH = Text("Weeks go from Monday to Sunday. A month has the weeks of which it has the Thursday.")
MEANING_IN_TIME = Text(
    "In time: a leader answered before the first window had passed ({window}, or {urgent} where a life is in "
    "danger). What still waits within its window does not count yet."
)
MEANING_CLOSING = Text(
    "Closing rate: closed, of all but those that were withdrawn or are part of others. The programme has "
    "published 96.6 % of 14,800 as an example."
)
MEANING_TIMES = Text(
    "Times count from the report, day and night, to a leader's first answer and to the closing."
)
MEANING_UP = Text(
    "Went up: because a window had passed, or by a leader's or a resident's word. One issue may go up "
    "several times."
)

REPORT_TITLE = Text("{unit}: report of {month}")
REPORT_DAYS = Text("Issues received {days}, as they stood on {day} at {time}.")
REPORT_WEEKS = Text("Received and closed, by the week of the report")
REPORT_FASTEST = Text("Answered soonest, three units")
REPORT_SLOWEST = Text("Answered last, three units")
REPORT_RANKED = Text(
    "Soonest and last: by the time within which one half was answered, of units with at least {least} "
    "answered issues."
)
REPORT_EMPTY = Text("Nothing was received in this month.")
NO_LETTERS = Text(
    "The report cannot be printed: this machine has no letters for it. Please tell your operators to install "
    "fontconfig and letters for your languages."
)

FILE_UNITS = Text("figures-by-unit")
FILE_WEEKS = Text("figures-by-week")
FILE_ALL = Text("figures")
FILE_REPORT = Text("report")
