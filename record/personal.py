"""Contact details: what no text of the record may hold (design, rule 8)."""

import re

# The mailbox of the secretariat that keeps the record, printed by the plan for its readers.
PUBLIC_ADDRESSES = {"gestionpublica@pcm.gob.pe"}

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+\s?(?:@|[\[(](?:at|arroba)[\])])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
_SEVEN_DIGITS = r"\d{3}[ .-]*\d{4}(?![\w-])"
# A bare row of digits may be an amount, a tax number or a norm: only what is written as a telephone counts.
_TELEPHONE = re.compile(
    "|".join(
        (
            r"\+\d{1,3}(?:[ ().-]*\d){7,12}",
            rf"(?<![\w-])\(?51[ -]?1\)?[ -]+{_SEVEN_DIGITS}",
            rf"(?<![\w-])\(511?\)[ -]*1?[ -]*{_SEVEN_DIGITS}",
            r"\(0\d{1,2}\)[ -]*\d{3}[ .-]?\d{3,4}(?![\w-])",
            rf"(?<![\w.-])01[ -]{_SEVEN_DIGITS}",
            r"\b(?:tel[eé]fonos?|telephones?|phones?|tele?f?|tlf|cel(?:ular(?:es)?)?|m[oó]vil(?:es)?|mobile|fax"
            r"|whats\s?app)\b[\s.:()#N°º-]{1,8}(?!(?:19|20)\d\d\b)\d(?:[ ().-]*\d){5,11}(?!\w)",
        )
    ),
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def find_contact_details(text):
    """Return the e-mail addresses and telephone numbers that stand in a text, as they are written.

    Numbers inside links are not looked at: they name pages.
    """
    addresses = [found.group() for found in _EMAIL.finditer(text)]
    numbers = [found.group() for found in _TELEPHONE.finditer(_LINK.sub(" ", text))]
    return [address for address in addresses if address.lower() not in PUBLIC_ADDRESSES] + numbers
