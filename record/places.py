"""Where a fact stands in its document, said in the reader's language.

A place is written in the language of its document, in words of ours but for what stands in quotation marks,
which is printed there. So the words of ours can be turned, by this list, and a quotation stays as it is. A
place that has a word beside the list is not turned at all: half a translation would be worse than none.
"""

import re
from functools import cache, lru_cache

from .search import fold

# What stands in a place of an English document, and how we say it in Spanish.
SPANISH = {
    "and": "y",
    "autonomous government entity": "entidad autónoma del Gobierno",
    "beginning of the page": "comienzo de la página",
    "between table": "entre el cuadro",
    "brainstorming workshops": "talleres de lluvia de ideas",
    "card of commitment": "ficha del compromiso",
    "commitment": "compromiso",
    "commitment performance": "desempeño de los compromisos",
    "commitment proposals": "propuestas de compromisos",
    "commitments list": "lista de compromisos",
    "commitments sheet": "hoja de compromisos",
    "current action plan": "plan de acción vigente",
    "early results": "primeros resultados",
    "edition for public comment": "edición para comentarios del público",
    "education": "Educación",
    "environment": "Ambiente",
    "first": "primera",
    "fourth": "cuarta",
    "general recommendations": "recomendaciones generales",
    "good practices": "buenas prácticas",
    "health": "Salud",
    "implementation": "implementación",
    "imprint": "página de créditos",
    "introduction": "introducción",
    "item": "número",
    "items": "números",
    "lessons learned": "lecciones aprendidas",
    "list of commitments by subject": "lista de compromisos por asunto",
    "list of resources": "lista de recursos",
    "monitoring of implementation": "seguimiento de la implementación",
    "note": "nota",
    "open justice": "Justicia Abierta",
    "open parliament": "Parlamento Abierto",
    "overview of the action plan": "panorama del plan de acción",
    "page after the imprint": "página que sigue a la de créditos",
    "page heading": "encabezado de la página",
    "promising commitments": "compromisos prometedores",
    "public participation": "participación pública",
    "recommendations": "recomendaciones",
    "record": "ficha",
    "resources": "recursos",
    "roundtable on": "mesa de",
    "roundtables on": "mesas de",
    "row": "fila",
    "section": "sección",
    "stage": "etapa",
    "summary table": "cuadro resumen",
    "table": "cuadro",
    "table at a glance": "cuadro de un vistazo",
    "table of totals": "cuadro de totales",
    "tables": "cuadros",
    "text after table": "texto que sigue al cuadro",
    "the number of commitments": "el número de compromisos",
    "the overview": "el panorama",
    "title": "título",
    "title of the irm report": "título del informe del MRI",
    "title of the page": "título de la página",
    "title page": "portada",
    "titles of the reports": "títulos de los informes",
    "to": "a",
    "workshops on co-creation of commitments": "talleres de cocreación de compromisos",
    "workshops on problems discussion": "talleres de discusión de problemas",
}
# What stands in a place of a Spanish document, and how we say it in English.
ENGLISH = {
    "comienzo de la nota": "beginning of the news item",
    "comienzo del documento": "beginning of the document",
    "conclusion": "conclusion",
    "cuadro": "table",
    "cuadro comparativo": "comparative table",
    "cuadro de temas y niveles": "table of themes and levels",
    "e": "and",
    "el nombre en ingles": "the name in English",
    "el titulo del plan": "the title of the plan",
    "ficha del compromiso": "card of commitment",
    "fichas": "cards",
    "glosario": "glossary",
    "informe de medio termino": "mid-term report",
    "introduccion": "introduction",
    "la aprobacion del plan": "the approval of the plan",
    "lo que abarca el plan": "what the plan covers",
    "quien conduce el plan": "who leads the plan",
    "seccion": "section",
    "setiembre de": "September",
    "sintesis al final de las fichas": "summary after the cards",
    "sintesis del tema": "summary of theme",
    "tema": "theme",
    "titulo": "title",
    "titulo de la norma": "title of the norm",
    "titulo de la nota": "title of the news item",
    "titulo del plan en la norma": "title of the plan in the norm",
    "titulo y articulos": "title and articles",
    "y": "and",
}
INTO = {"es": SPANISH, "en": ENGLISH}

_QUOTED = re.compile(r'(["“][^"“”]*["”])')
# What both languages write alike: numbers, codes, Roman numbers, letters of a list, signs.
_OF_BOTH = re.compile(
    r"(?:N°\s?\d+|PE\d+|\d+(?:\.\d+)*|[IVX]+(?: PAGA)?|[A-Za-z](?=\))|[A-Z](?=$|[,;]))(?!\w)|[\s,;:()*]+"
)


@cache
def _phrases(language):
    """Return what finds a phrase of the list for a language, the longest first."""
    longest_first = sorted(INTO[language], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def parts_of(place):
    """Return a place, in its own language, as parts: (words, whether they are printed so)."""
    split = filter(None, _QUOTED.split(place))
    return [(some[1:-1], True) if _QUOTED.fullmatch(some) else (some, False) for some in split]


@lru_cache(maxsize=4096)
def place_in(language, place):
    """Return a place as `parts_of()` does, in a language that is not its own.

    None where a word of ours in it is not in the list.
    """
    parts = []
    for some, is_printed in parts_of(place):
        if is_printed:
            parts.append((some, True))
        elif (turned := _turned(language, some, is_first=not parts)) is not None:
            parts.append((turned, False))
        else:
            return None
    return tuple(parts)


def _turned(language, words, is_first):
    """Return some words of ours in another language, None where one of them is not in the list."""
    # Letter by letter, so that a place in the folded text is one in the text.
    folded = "".join(fold(letter)[:1] or letter for letter in words)
    said, at = [], 0
    while at < len(words):
        if same := _OF_BOTH.match(words, at):
            said.append(same[0])
            at = same.end()
        elif phrase := _phrases(language).match(folded, at):
            turned = INTO[language][phrase[0]]
            begins = is_first and not said and words[at].isupper()
            said.append(turned[0].upper() + turned[1:] if begins else turned)
            at = phrase.end()
        else:
            return None
    return "".join(said)
