"""Contact details: what no text of the record may hold (rule 8)."""

import re

# The mailbox of the secretariat that keeps the record, printed by the plan for its readers.
PUBLIC_ADDRESSES = {"gestionpublica@pcm.gob.pe"}

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+\s?(?:@|[\[(](?:at|arroba)[\])])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
# No number of Lima begins with 0 or 1.
_SEVEN_DIGITS = r"[2-9]\d{2}[ .-]*\d{4}(?![\w-])"
_LABEL_END = r"\b[\s.:()#N°º-]{1,8}"
# A bare row of digits may be an amount, a tax number or a norm: only what is written as a telephone counts.
_TELEPHONE = re.compile(
    "|".join(
        (
            # But no amount of millions: no telephone is written in three groups like +10 000 000.
            r"\+(?!\d{1,3}(?:[ .]\d{3}){2}(?![ .-]?\d))\d{1,3}(?:[ ().-]*\d){7,12}",
            rf"(?<![\w-])\(?51[ -]?1\)?[ -]+{_SEVEN_DIGITS}",
            rf"(?<![\w-])\(511?\)[ -]*(?:1[ -]*)?{_SEVEN_DIGITS}",
            r"\(0\d{1,2}\)[ -]*\d{3}[ .-]?\d{3,4}(?![\w-])",
            rf"(?<![\w.-])01[ -]{_SEVEN_DIGITS}",
            r"\b(?:tel[eé]fonos?|telephones?|phones?|tele?f?|tlf|fax)"
            rf"{_LABEL_END}(?!(?:19|20)\d\d\b)\d(?:[ ().-]*\d){{5,11}}(?!\w)",
            # Every mobile number of Peru has nine digits and begins with 9; with its + it is found above.
            r"\b(?:cel(?:ular(?:es)?)?|m[oó]vil(?:es)?|mobile|whats\s?app)"
            rf"{_LABEL_END}(?:51[ ()-]*)?9(?:[ ().-]*\d){{8}}(?!\w)",
        )
    ),
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def find_contact_details(text):
    """Return the e-mail addresses and telephone numbers that stand in a text, as they are written."""
    return find_addresses(text) + find_numbers(text)


def find_addresses(text):
    """Return the e-mail addresses that stand in a text, but for the public mailbox: none may ever stand."""
    addresses = [found.group() for found in _EMAIL.finditer(text)]
    return [address for address in addresses if address.lower() not in PUBLIC_ADDRESSES]


def find_numbers(text):
    """Return what looks like a telephone number in a text; a person may say that it is none, with a reason.

    Numbers inside links are not looked at: they name pages.
    """
    return [found.group() for found in _TELEPHONE.finditer(_LINK.sub(" ", text))]
