"""Letters over SMTP: the server's certificate is checked, and a password goes only where nobody can listen."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from contracts.errors import CchcError
from contracts.notices import Mail, NoticeSettings
from contracts.portal_settings import LOOPBACK
from contracts.secrets import secret
from flows.notices.refused import NotSent, of_connection, of_smtp
from flows.notices.trust import trust

NAME = "Báo cáo CCHC"
"""As whom letters come, before the address."""
_LET_IN = 235


def letter(mail: Mail, *, to: str, mark: str, subject: str, text: str, at: datetime) -> EmailMessage:
    """The same letter gives the same bytes. at: when it was written, aware."""
    made = EmailMessage(policy=SMTP)
    user, _, domain = mail.sender.rpartition("@")
    made["From"] = Address(NAME, username=user, domain=domain)
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = at
    made["Message-ID"] = mark
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers of people who are away
    made.set_content(text + "\n", charset="utf-8", cte="quoted-printable")
    made["Content-Language"] = "vi"
    return made


class Post:
    """One connection, used for several letters. Raises NotSent."""

    def __init__(self, mail: Mail, server: smtplib.SMTP) -> None:
        self._mail, self._server = mail, server

    def send(self, made: EmailMessage) -> None:
        try:
            self._server.send_message(made, from_addr=self._mail.sender)
        except smtplib.SMTPException as error:
            raise of_smtp(error) from None
        except OSError as error:
            raise NotSent(of_connection(error)) from None


@contextmanager
def post(settings: NoticeSettings) -> Iterator[Post]:
    """A connection that the server has let in. Raises NotSent where it does not answer, ConfigError and SecretError
    where the configuration is at fault."""
    mail = settings.file.mail
    assert mail is not None
    account = secret(mail.secret)
    try:
        server = _connected(mail, trust(settings.folder, mail.ca))
    except smtplib.SMTPException as error:
        raise NotSent(of_smtp(error).cause, is_down=True) from None
    except OSError as error:
        raise NotSent(of_connection(error), is_down=True) from None
    try:
        _enter(mail, server, account.text("user"), account.text("password"))
        yield Post(mail, server)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _connected(mail: Mail, context: ssl.SSLContext) -> smtplib.SMTP:
    """Named by its letters' domain: its own name would be asked of the name server, and is nobody's business."""
    own, wait = mail.domain, mail.timeout_seconds
    if mail.tls == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, local_hostname=own, timeout=wait, context=context)
    server = smtplib.SMTP(mail.host, mail.port, local_hostname=own, timeout=wait)
    if mail.tls == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _enter(mail: Mail, server: smtplib.SMTP, user: str, password: str) -> None:
    if not mail.secret:
        return
    if mail.tls == "none" and mail.host not in LOOPBACK:
        raise CchcError("không gửi mật khẩu khi đường truyền không mã hóa", advice='đặt tls = "starttls"')
    try:
        _log_in(server, user, password)
    except smtplib.SMTPException as error:
        raise NotSent(of_smtp(error).cause, is_down=True) from None
    except OSError as error:
        raise NotSent(of_connection(error), is_down=True) from None


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """smtplib's own login knows no letter beyond ASCII; both ways are UTF-8 (RFC 4616)."""
    server.ehlo_or_helo_if_needed()
    ways = server.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in ways:
        code, said = server.docmd("AUTH", f"PLAIN {_encoded(chr(0) + user + chr(0) + password)}")
    elif "LOGIN" in ways:
        server.docmd("AUTH", f"LOGIN {_encoded(user)}")
        code, said = server.docmd(_encoded(password))
    else:
        raise smtplib.SMTPNotSupportedError
    if code != _LET_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
