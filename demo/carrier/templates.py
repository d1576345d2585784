"""Content templates: texts that WhatsApp takes at any time, with variables in them.

After Twilio's 'Content API' (ContentSid and ContentVariables of the Message resource). It must never
know a template that the settings do not.
"""

import json
import re
from collections.abc import Mapping

from demo.carrier.errors import CarrierError


def fill(templates: Mapping[str, str], sid: str, variables: str) -> str:
    """The text of a template.

    Args:
        templates: Texts by sid.
        sid: Which one.
        variables: A JSON object with a text for each {{name}}.

    Raises:
        CarrierError: 21655, there is no such template; 21656, the variables are no such object, or
            one is missing.
    """
    if sid not in templates:
        raise CarrierError(21655, sid)
    try:
        given = json.loads(variables or "{}")
    except ValueError as error:
        raise CarrierError(21656) from error
    wanted = set(re.findall(r"\{\{(\w+)\}\}", templates[sid]))
    if not isinstance(given, dict) or not wanted <= given.keys():
        raise CarrierError(21656)
    return re.sub(r"\{\{(\w+)\}\}", lambda match: str(given[match[1]]), templates[sid])
