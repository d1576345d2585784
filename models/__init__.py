"""The tables and nothing else: no rule of the programme, no call to the outside.

Deadlines are columns and effects are rows, so that the database alone tells what is due
(DESIGN, section 3).
"""

from models.administration import AdminAction, AuditHead, BridgeOff
from models.api import ApiAnswer, ApiToken
from models.borders import Border, Origin
from models.care import (
    CareCheck,
    CareKind,
    CareRecord,
    CareRhythm,
    CareRound,
    CareState,
    CareVisit,
    CareWay,
)
from models.desk import Attempt, Look, Session, StatusNote, Ticket, Way
from models.doors import (
    Campaign,
    CampaignBlock,
    CampaignState,
    Door,
    DoorState,
    DoorTally,
    DoorVisit,
)
from models.encouraging import Concern, Step, StepKind
from models.homeservers import Reading
from models.honours import HonourBallot, HonourCandidate, HonourNomination, HonourRound, HonourState
from models.imports import Import, ImportPiece, ImportState
from models.intake import Flood, FloodState, Inbox, InboxState
from models.issues import Action, History, Issue, Message, Question, QuestionKind, State, Voice
from models.notices import (
    Notice,
    NoticePerson,
    NoticePhase,
    NoticePost,
    NoticeState,
    NoticeTally,
    PostState,
    Reached,
    SecretAnswer,
)
from models.opinions import Opinion
from models.outbox import Outbox, OutboxState
from models.people import Address, FormerAccount, Invitation, Person, Portrait
from models.projections import (
    Change,
    ChangeKind,
    Level,
    Projected,
    ProjectionState,
    Tally,
    UnitLoad,
)
from models.reconciling import Agreement, Dispute
from models.rooms import (
    BotRoom,
    DirectRoom,
    Knock,
    Outcast,
    Room,
    RoomBridge,
    RoomBridgeState,
    RoomEvent,
    RoomEventKind,
    RoomKind,
    Upload,
)
from models.routines import Routine
from models.surveys import Survey, SurveyBlock, SurveyPerson, SurveyState, SurveyWord
from models.tasks import Allowance, Entry, Help, HelpState, Task, TaskState
from models.teaching import Course
from models.territory import Absence, Chosen, Household, Leadership, Place, Role, Unit
from models.ties import TiedChat, Twin
from models.webhooks import WebhookTarget
from models.workers import Worker
from models.yearly import YearlyCount

__all__ = [
    "Absence",
    "Action",
    "Address",
    "AdminAction",
    "Agreement",
    "Allowance",
    "ApiAnswer",
    "ApiToken",
    "Attempt",
    "AuditHead",
    "Border",
    "BotRoom",
    "BridgeOff",
    "Campaign",
    "CampaignBlock",
    "CampaignState",
    "CareCheck",
    "CareKind",
    "CareRecord",
    "CareRhythm",
    "CareRound",
    "CareState",
    "CareVisit",
    "CareWay",
    "Change",
    "ChangeKind",
    "Chosen",
    "Concern",
    "Course",
    "DirectRoom",
    "Dispute",
    "Door",
    "DoorState",
    "DoorTally",
    "DoorVisit",
    "Entry",
    "Flood",
    "FloodState",
    "FormerAccount",
    "Help",
    "HelpState",
    "History",
    "HonourBallot",
    "HonourCandidate",
    "HonourNomination",
    "HonourRound",
    "HonourState",
    "Household",
    "Import",
    "ImportPiece",
    "ImportState",
    "Inbox",
    "InboxState",
    "Invitation",
    "Issue",
    "Knock",
    "Leadership",
    "Level",
    "Look",
    "Message",
    "Notice",
    "NoticePerson",
    "NoticePhase",
    "NoticePost",
    "NoticeState",
    "NoticeTally",
    "Opinion",
    "Origin",
    "Outbox",
    "OutboxState",
    "Outcast",
    "Person",
    "Place",
    "Portrait",
    "PostState",
    "Projected",
    "ProjectionState",
    "Question",
    "QuestionKind",
    "Reached",
    "Reading",
    "Role",
    "Room",
    "RoomBridge",
    "RoomBridgeState",
    "RoomEvent",
    "RoomEventKind",
    "RoomKind",
    "Routine",
    "SecretAnswer",
    "Session",
    "State",
    "StatusNote",
    "Step",
    "StepKind",
    "Survey",
    "SurveyBlock",
    "SurveyPerson",
    "SurveyState",
    "SurveyWord",
    "Tally",
    "Task",
    "TaskState",
    "Ticket",
    "TiedChat",
    "Twin",
    "Unit",
    "UnitLoad",
    "Upload",
    "Voice",
    "Way",
    "WebhookTarget",
    "Worker",
    "YearlyCount",
]
