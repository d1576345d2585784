"""What the page is started with: a JSON file that the demo's supervisor writes.

Values and what follows from them alone. It must never look at the traffic.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from linzhang.quiet import Quiet


class Resident(BaseModel):
    """Somebody with a simple phone.

    Attributes:
        name: What the page calls them.
        number: Their phone's number in E.164.
        language: In which language they write, such as 'zh-Hans' or 'en'.
        block: Where they live, in words; 'Chinese / English' where both are given.
        about: A few words about them, in the same form.
        known: Whether the service knows the number.
        unit_code: Code of their block; without it the block is found by its name.
        phrases: Texts to click; without them the page offers its own.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    number: str
    language: str = "zh-Hans"
    block: str = ""
    about: str = ""
    known: bool = True
    unit_code: str = ""
    phrases: tuple[str, ...] = ()


class Leader(BaseModel):
    """Somebody who answers for a unit, in Matrix.

    Attributes:
        name: What the page calls them.
        user_id: Their Matrix id.
        password: Their password at the demo's homeserver; shown on the page on purpose.
        title: 'Chinese / English'.
        tier: Key of the unit's tier.
        unit: The unit's name.
        unit_code: The unit's code.
        parent_code: Code of the unit above; without it, the longest other code that this one
            begins with.
        window: Seconds of programme time in which the unit has to answer.
        homeserver_url: Where their account is; without it, where everybody's is.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    user_id: str
    password: str
    title: str = ""
    tier: str = ""
    unit: str
    unit_code: str
    parent_code: str = ""
    window: float = Field(default=4 * 3600, gt=0)
    homeserver_url: str = ""


class Neighbour(BaseModel):
    """A resident with a Matrix account, who speaks in the room of their block.

    Attributes:
        name: What the page calls them.
        user_id: Their Matrix id.
        password: Their password at the demo's homeserver; shown on the page on purpose.
        title: 'Chinese / English'.
        unit: The block's name.
        homeserver_url: Where their account is; without it, where everybody's is.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    user_id: str
    password: str
    title: str = "居民 / resident"
    unit: str
    homeserver_url: str = ""


class Office(BaseModel):
    """Somebody of an office, who works at the desk and is in no column of the page.

    Attributes:
        name: What the page calls them.
        user_id: Their Matrix id.
        password: Their password at the demo's homeserver; shown on the page on purpose.
        title: 'Chinese / English'.
        unit: The unit's name.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    user_id: str
    password: str
    title: str = ""
    unit: str


class PageConfig(BaseModel):
    """The whole file.

    Attributes:
        carrier_url: Where the carrier's control API is.
        homeserver_url: Where Matrix clients log in.
        server_name: The homeserver's name.
        service_number: The number that residents write to.
        service_users: The service's own Matrix ids; without any, 'linzhang' at the homeserver.
        clock_file: The file through which all processes share the programme's clock.
        timezone: IANA name of the zone in which the page tells times.
        quiet: The hours in which what can wait is not texted.
        residents: Whose phones there are, the first one shown first.
        leaders: Who logs in, from the block upwards.
        neighbours: Which residents log in.
        desk_url: Where the desk is; empty: there is none.
        offices: Who works at it beside the leaders.
    """

    model_config = ConfigDict(frozen=True)

    carrier_url: str
    homeserver_url: str
    server_name: str
    service_number: str
    service_users: tuple[str, ...] = ()
    clock_file: Path
    timezone: str = "Asia/Shanghai"
    quiet: Quiet = Quiet()
    residents: tuple[Resident, ...] = Field(min_length=1)
    leaders: tuple[Leader, ...] = Field(min_length=1)
    neighbours: tuple[Neighbour, ...] = ()
    desk_url: str = ""
    offices: tuple[Office, ...] = ()

    @property
    def bots(self) -> tuple[str, ...]:
        """The service's own Matrix ids."""
        return self.service_users or (f"@linzhang:{self.server_name}",)

    @property
    def people(self) -> tuple[Leader | Neighbour, ...]:
        """Everybody who logs in."""
        return (*self.leaders, *self.neighbours)

    def parent_of(self, leader: Leader) -> str:
        """Code of the unit above a leader's; '' at the top of what the page shows."""
        if leader.parent_code:
            return leader.parent_code
        codes = {other.unit_code for other in self.leaders} - {leader.unit_code}
        return max((code for code in codes if leader.unit_code.startswith(code)), key=len, default="")

    def unit_of(self, resident: Resident) -> str:
        """Code of the block in which a resident lives; '' where it is not known."""
        if resident.unit_code or not resident.known:
            return resident.unit_code
        return next((leader.unit_code for leader in self.leaders if leader.unit == resident.block), "")
