"""What can go wrong when the CRM is told something."""

from __future__ import annotations

from uuid import UUID

from isp_lifecycle.foundation.errors import NeedsPerson, Refused, Unreachable
from isp_lifecycle.foundation.texts import say


class CrmUnreachable(Unreachable):
    """The CRM, or the folder it reads, does not answer now."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            say("The CRM at {where} cannot be told now: {why}.", where=where, why=why), field="crm", value=where
        )
        self.where = where
        self.why = why


class CrmRefused(Refused):
    """The CRM read the message and does not accept it; the same message would be refused again."""

    default_remedy = say("Compare the message with what the CRM's answer asks for; the mapping of fields is at fault.")

    def __init__(self, where: str, status: int, answer: str) -> None:
        super().__init__(
            say(
                "The CRM at {where} refused the message ({status}): {answer}", where=where, status=status, answer=answer
            ),
            field="crm",
            value=where,
        )
        self.where = where
        self.status = status
        self.answer = answer


class CrmNeedsCare(NeedsPerson):
    """The CRM's address, certificate or sign-in is not right; no repeat can mend that."""

    default_remedy = say("Correct the CRM's address, certificate or token in the settings, then press Retry.")

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            say("The CRM at {where} cannot be told: {why}.", where=where, why=why), field="crm", value=where
        )
        self.where = where
        self.why = why


class CrmAddressUnsafe(Refused):
    """A webhook address that is no web address, or that would carry the token over the network in the clear."""

    default_remedy = say("Set ISP_CRM__URL to an https:// address; http:// is for this machine only.")

    def __init__(self, url: str) -> None:
        super().__init__(
            say("{url} is not an address that the CRM may be told at.", url=repr(url)), field="ISP_CRM__URL", value=url
        )


class MessageDiffers(Refused):
    """A message was dropped before under the same id with other content."""

    default_remedy = say("A message's id is for one content for ever; look at what made the second one.")

    def __init__(self, message_id: UUID, where: str) -> None:
        super().__init__(
            say("{where} holds another message with the id {message_id}.", where=where, message_id=message_id),
            field="id",
            value=message_id,
        )
        self.message_id = message_id
