"""Hands e-mails to a mail relay over SMTP, with TLS verified where it is set."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path

from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.notices.errors import AddressRefused, MailInDoubt, MailNeedsCare, MailUnreachable
from isp_lifecycle.notices.mailbox import message_ids
from isp_lifecycle.notices.model import LINK_MARK, Email, checked_address


@dataclass(frozen=True)
class Mailer:
    """One relay and the address that mail comes from.

    ``timeout`` is in seconds, for each answer of the relay; ``patience`` as well, once a mail is handed over.
    ``trust`` is a file of certificates to trust instead of the usual authorities. ``kept_in`` is the folder in which a
    relay on this machine keeps what it has taken (the demo's); only such a one can be asked afterwards.
    """

    host: str
    port: int
    sender: str
    sender_name: str = ""
    starttls: bool = False
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 10.0
    patience: float = 60.0
    trust: str | None = None
    kept_in: Path | None = None

    @property
    def relay(self) -> str:
        """The relay as people may see it."""
        return f"{self.host}:{self.port}"

    def send(self, email: Email) -> None:
        """Hand one e-mail to the relay; when this returns, the relay has taken it.

        The Message-ID is the e-mail's own, so a receiver knows a repeat. Raises MailUnreachable (no answer, or 4xx),
        its kind MailInDoubt (broken off while the mail was handed over), AddressRefused (5xx for the recipient) and
        MailNeedsCare (5xx otherwise, sign-in, encryption).
        """
        message = self._message(email)
        if self.username and not self.starttls:
            raise MailNeedsCare(self.relay, say("a password is set but not STARTTLS, it would be sent in the clear"))
        offered = False
        try:
            client = self._connected()
            try:
                offered = True
                self._wait_longer(client)
                client.send_message(message, from_addr=self.sender, to_addrs=[email.to])
                self._leave(client)
            finally:
                client.close()
        except (smtplib.SMTPException, OSError) as error:
            meaning = self._meaning(error, email)
            if offered and not _is_answer(error):
                raise MailInDoubt(self.relay, _why(error)) from error
            raise meaning from (None if email.link else error)

    def has(self, email: Email) -> bool | None:
        """Whether the relay has taken this e-mail; None when it cannot be asked, as SMTP itself cannot."""
        if self.kept_in is None:
            return None
        return any(message_id == email.message_id for _at, message_id in message_ids(self.kept_in))

    def _connected(self) -> smtplib.SMTP:
        own_name = self.sender.rpartition("@")[2]
        client = smtplib.SMTP(self.host, self.port, local_hostname=own_name, timeout=self.timeout)
        try:
            if self.starttls:
                client.starttls(context=ssl.create_default_context(cafile=self.trust))
            if self.username:
                client.login(self.username, self.password)
        except BaseException:
            client.close()
            raise
        return client

    def _wait_longer(self, client: smtplib.SMTP) -> None:
        """A relay may look for viruses before it takes a mail; who gives up sends it twice (RFC 5321, 4.5.3.2.6)."""
        if client.sock is not None:
            client.sock.settimeout(max(self.timeout, self.patience))

    def _leave(self, client: smtplib.SMTP) -> None:
        """Say good-bye; the mail is taken by then, so what the relay answers cannot undo that."""
        try:
            client.quit()
        except (smtplib.SMTPException, OSError) as error:
            log(__name__).info("the relay took the mail and broke off", relay=self.relay, why=str(error))

    def _message(self, email: Email) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = formataddr((self.sender_name, checked_address(self.sender)))
        message["To"] = checked_address(email.to)
        message["Subject"] = email.subject
        message["Date"] = format_datetime(email.created_at)
        message["Message-ID"] = email.message_id
        # RFC 3834: no holiday reply should come back.
        message["Auto-Submitted"] = "auto-generated"
        link = email.link or LINK_MARK
        message.set_content(email.body_text.replace(LINK_MARK, link))
        message.add_alternative(email.body_html.replace(LINK_MARK, link), subtype="html")
        return message

    def _meaning(self, error: OSError, email: Email) -> LifecycleError:
        """The kind of what smtplib raised (its exceptions are all OSError)."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, answer = error.recipients[email.to]
            if code >= 500:
                return AddressRefused(email.to, code, _words(answer, email))
            return MailUnreachable(self.relay, f"{code} {_words(answer, email)}")
        if isinstance(error, smtplib.SMTPResponseException):
            said = f"{error.smtp_code} {_words(error.smtp_error, email)}"
            # A relay that is busy says 4xx; smtplib has codes of -1 for answers that were no SMTP.
            if error.smtp_code >= 500:
                return MailNeedsCare(self.relay, said)
            return MailUnreachable(self.relay, said)
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return MailNeedsCare(self.relay, say("it does not offer what is needed ({error})", error=error))
        if isinstance(error, ssl.SSLCertVerificationError):
            return MailNeedsCare(self.relay, say("its certificate is not valid ({error})", error=error.verify_message))
        return MailUnreachable(self.relay, _why(error))


def _why(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _is_answer(error: OSError) -> bool:
    """Whether the relay itself said no; smtplib has a code of -1 for what was no SMTP."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code > 0
    return isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPNotSupportedError)


def _words(answer: bytes | str, email: Email) -> str:
    """What a relay answered, unless the mail has a link that opens an account: filters quote the links they dislike."""
    if email.link:
        return "(its words are left out, since they may quote the link)"
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300]
