"""What does an e-mail say? The messages are made here."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Reading, Refusal, RefusalReason
from index.readers import ReadingLimits
from index.readers.files import RawFile
from index.readers.mail import read_mail

BODY = "The roof of the mill leaks.\n\nPlease send somebody before the 4th of May."


def message(body: str = BODY, **fields) -> EmailMessage:
    made = EmailMessage()
    fields = {"Subject": "The roof", "From": "Office of Mills <mills@example.org>"} | fields
    for name, value in fields.items():
        made[name] = value
    made.set_content(body)
    return made


@pytest.fixture
def read(tmp_path):
    """Read a message, or bytes."""

    def read_one(mail, **limits):
        data = mail if isinstance(mail, bytes) else mail.as_bytes()
        return read_mail(RawFile(tmp_path / "roof.eml", data, ReadingLimits(**limits)))

    return read_one


def text_of(reading) -> str:
    return reading.documents[0].text


def test_fields_and_body_are_read(read):
    """Subject, sender, date and body are found as a person sees them."""
    mail = message(To="council@example.org", Date="Mon, 04 May 2026 10:00:00 +0200")
    document = read(mail).documents[0]
    assert document.title == "The roof"
    assert document.source == "Office of Mills"
    assert document.published == "2026-05-04"
    assert "To: council@example.org" in document.text
    assert "Please send somebody before the 4th of May." in document.text


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "koi8-r"])
def test_any_charset_and_encoding_is_read(read, charset):
    """Letters beyond English come through whatever the message does to carry them."""
    words = {"koi8-r": "мельница у реки"}.get(charset, "die Mühle am Fluß")
    mail = message()
    mail.set_content(words, charset=charset, cte="base64")
    assert words in text_of(read(mail))


def test_of_two_forms_the_plain_one_is_read_once(read):
    """A message in text and HTML is read once."""
    mail = message("The wheel turns.")
    mail.add_alternative("<p>The wheel <b>turns</b>.</p>", subtype="html")
    assert text_of(read(mail)).count("turns") == 1


def test_a_message_of_html_alone_is_read(read):
    """HTML is read as a page: words, no tags."""
    mail = message()
    mail.set_content("<html><body><p>The wheel turns.</p></body></html>", subtype="html")
    assert "The wheel turns." in text_of(read(mail))
    assert "<p>" not in text_of(read(mail))


def test_an_attached_message_is_a_section(read):
    """A forwarded message is read under its own subject."""
    mail = message()
    mail.add_attachment(message("The wheel is broken.", Subject="The wheel"))
    document = read(mail).documents[0]
    [block] = [b for b in document.blocks if "broken" in document.text[b.start : b.end]]
    assert block.section == "The wheel"


def test_attachments_are_named(read):
    """What was not read is told by name."""
    mail = message()
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="offer.pdf")
    assert "offer.pdf" in read(mail).remarks[0]


def test_an_encrypted_message_is_told(read):
    """A PGP message is refused as encrypted, not indexed as letters."""
    mail = message("-----BEGIN PGP MESSAGE-----\n\nhQEMA1\n-----END PGP MESSAGE-----\n")
    assert read(mail).reason is RefusalReason.ENCRYPTED


def test_a_message_without_words_is_refused(read):
    """A subject alone is no text."""
    assert read(message("")).reason is RefusalReason.NO_TEXT


def test_parts_without_end_are_refused(read):
    """A message nested beyond all reason is refused and costs no more than others."""
    data = b"Subject: a\n"
    for depth in range(3000):
        data += f'Content-Type: multipart/mixed; boundary="b{depth}"\n\n--b{depth}\n'.encode()
    assert isinstance(read(data + b"\n\nwords"), Refusal | Reading)
    mail = message()
    for _ in range(40):
        outer = message("around")
        outer.add_attachment(mail)
        mail = outer
    assert read(mail).reason is RefusalReason.HOSTILE


WHOLE = message(To="a", Date="Mon, 04 May 2026 10:00:00 +0200").as_bytes()


@given(
    st.binary(max_size=200)
    | st.tuples(st.integers(0, len(WHOLE)), st.binary(max_size=8), st.integers(0, 20)).map(
        lambda cut: WHOLE[: cut[0]] + cut[1] + WHOLE[cut[0] + cut[2] :]
    )
)
def test_any_bytes_end_in_a_reading_or_a_refusal(tmp_path_factory, data):
    """Whatever stands in a message, it is read or refused."""
    result = read_mail(RawFile(tmp_path_factory.getbasetemp() / "a.eml", data))
    assert isinstance(result, Reading | Refusal)
    for document in result.documents if isinstance(result, Reading) else ():
        document.text.encode()
