"""How spreadsheets name their columns and ranges."""

from .limits import damaged

_MOST_COLUMN = 16_384


def column_number(letters):
    """Return the number of a column from its letters: 1 for A, 28 for AB."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z" or number > _MOST_COLUMN:
            raise damaged()
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= _MOST_COLUMN:
        raise damaged()
    return number


def column_letters(number):
    """Return the letters of a column: A for 1, AB for 28."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def corners(text):
    """Return the corners of a range, `A5:B7`, as two pairs of column and row; of one cell twice the same."""
    first, _colon, last = text.partition(":")
    return _corner(first), _corner(last or first)


def _corner(text):
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not digits or len(digits) > 7:
        raise damaged()
    return column_number(letters), int(digits)
