"""How easy our own Spanish texts are to read: `readability.py` prints the INFLESZ and the 25 hardest texts.

INFLESZ is the formula of Szigriszt-Pazos, 206.835 - 62.3 x syllables / words - words / sentences, on the
scale of Barrio-Cantalejo: 55 and more is "normal", 65 and more "quite easy". Our own texts are the interface
of the public pages, from four words on, and the sentences that the portal itself writes in the glossary: its
definitions, and its translations. What a document says, or how an institution is called, is not ours to mend.
"""

import html
import re
from dataclasses import dataclass
from pathlib import Path

import polib
import yaml

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/es/LC_MESSAGES/django.po"
GLOSSARY = ROOT / "fixtures/71-glossary.yaml"
OWN_MARK = "(Definición de este portal.)"
FEWEST_WORDS = 4
# Code whose texts stand on public pages; the models', the admin's and the desk's are for editors.
STAFF_CODE = re.compile(
    r"(^accounts|/admin|admin\.py|/desk|/models|/management|/development|/importing|/sheets|/cards|/reporting"
    r"|/reminding|/api|apps|resources|publishing|starting|norms|making|submissions|serializers|actions|open_data)"
)
# Templates that only staff see.
STAFF_TEMPLATES = re.compile(r"/(admin|accounts|development|cards|reporting)/")

VOWELS = "aeiouáéíóúü"
SYLLABLE = r"(?:[bcfgp][lr]|[dt]r|ch|ll|[^aeiou])?[aeiou]{1,2}[dlmnrstxz]?"
# The names of these letters have two syllables: efe, hache, jota, equis.
LONG_LETTERS = set("fhjlmnñrsxz")


@dataclass(frozen=True)
class Text:
    """A text of ours, and where it comes from."""

    origin: str
    words: str

    @property
    def counts(self):
        """The text's numbers of syllables, words and sentences."""
        found = words(self.words)
        sentences = [part for part in re.split(r"[.!?…]+(?=\W|$)", plain(self.words)) if words(part)]
        return sum(map(syllables, found)), len(found), len(sentences)

    @property
    def score(self):
        syllable_count, word_count, sentence_count = self.counts
        return 206.835 - 62.3 * syllable_count / word_count - word_count / sentence_count


def plain(text):
    """Return a text without its tags; a placeholder becomes a word of two syllables."""
    text = re.sub(r"%\(\w+\)[sd]|\{\w+\}", "dato", text.replace("%%", "%"))
    return html.unescape(re.sub(r"<[^>]*>", " ", text))


def words(text):
    """Return the words and numbers of a text."""
    return re.findall(r"[^\W\d_]+|\d+", plain(text))


def syllables(word):
    """Return how many syllables a Spanish word, a number or an acronym is read with."""
    if word.isdigit():
        return min(2 * len(word), 6)  # cinco, veinte y más, dos mil diecisiete
    lower = word.lower()
    if word.isupper() and len(word) > 1:
        if re.fullmatch("[ivx]+", lower):
            return 2  # a Roman number
        if not re.fullmatch(f"(?:{SYLLABLE})+", lower):
            return sum(2 if letter in LONG_LETTERS else 1 for letter in lower)
    lower = re.sub(r"(?<=q)u|(?<=g)u(?=[eéií])", "", lower)  # mute: que, guía
    lower = lower.replace("h", "")  # "prohibir" has the diphthong "oi"
    lower = re.sub(f"(?<=[{VOWELS}])y$|^y$", "i", lower)  # ley, y
    # Each strong or accented vowel is a syllable; i and u lean on it, or on each other where there is none.
    groups = re.findall(f"[{VOWELS}]+", lower)
    return sum(max(1, len(re.findall("[aeoáéíóú]", group))) for group in groups) or 1


def is_sentence(text):
    """Return whether a text ends like a sentence, not like a label or a name."""
    return plain(text).rstrip(" )”»").endswith((".", "!", "?"))


def of_interface():
    """Return the Spanish texts of the public pages, from FEWEST_WORDS on."""
    found = []
    for entry in polib.pofile(CATALOGUE):
        files = [file for file, _line in entry.occurrences]
        in_pages = any(file.startswith("templates/") and not STAFF_TEMPLATES.search(file) for file in files)
        in_code = any(file.endswith(".py") and not STAFF_CODE.search(file) for file in files)
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            if (in_pages or (in_code and is_sentence(text))) and len(words(text)) >= FEWEST_WORDS:
                found.append(Text(entry.msgid, text))
    return found


def of_glossary():
    """Return the Spanish definitions, whole sentences, that the portal wrote or translated."""
    rows = yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))["plans.term"]
    return [
        Text(f"glossary: {row['slug']}", row["definition_es"].replace(OWN_MARK, "").strip())
        for row in rows
        if is_sentence(row["definition_es"])
        and (not row["document"] or "definition_es" in row.get("unofficial", []))
    ]


def own_texts():
    return of_interface() + of_glossary()


def averages(texts):
    """Return the INFLESZ of some texts: weighted by their words, and with each text counting the same."""
    weights = [text.counts[1] for text in texts]
    weighted = sum(text.score * weight for text, weight in zip(texts, weights, strict=True)) / sum(weights)
    return weighted, sum(text.score for text in texts) / len(texts)


if __name__ == "__main__":
    for name, texts in (("interface", of_interface()), ("glossary", of_glossary()), ("all", own_texts())):
        weighted, mean = averages(texts)
        print(f"{name}: {len(texts)} texts, INFLESZ {weighted:.1f} by words, {mean:.1f} by texts")
    for text in sorted(own_texts(), key=lambda text: text.score)[:25]:
        print(f"{text.score:6.1f}  {text.words}\n        {text.origin}")
