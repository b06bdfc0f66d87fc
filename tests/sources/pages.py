"""Two pages of the OGP's site: the member page of Peru, and the IRM's Implementation Report of plan III."""

import re
from dataclasses import dataclass

from . import document, fold

PLAN_OF_YEAR = {"2012": 1, "2015": 2, "2017": 3, "2019": 4}
STAR = "Starred commitment "
LEVELS = {"limited": "limited", "substantial": "substantial", "completed": "complete"}


@dataclass
class Line:
    item: int
    ogp_id: str
    title: str
    plan: int
    policy_areas: list
    is_starred: bool


def read_commitments():
    """Return the lines of the member page's list of commitments, in its order."""
    pattern = r"(?m)^ +(\d+)\. (.+)\n\s*\n +(PE\d{4}), (\d{4}),(.*)$"
    return [
        Line(
            item=int(item),
            ogp_id=ogp_id,
            title=title.removeprefix(STAR),
            plan=PLAN_OF_YEAR[year],
            policy_areas=[area.strip() for area in areas.split(",") if area.strip()],
            is_starred=title.startswith(STAR),
        )
        for item, title, ogp_id, year, areas in re.findall(pattern, document("ogp-member-page"))
    ]


def read_stars():
    """Return {plan: number of starred commitments} of the performance table; None where it is blank."""
    text = document("ogp-member-page")
    table = text[text.index("\nStarred Commitments\n") : text.index("\nGlobal\n")]
    plans = re.split(r"Action Plan (\d)", table)[1:]
    numbers = {int(plan): cells.split() for plan, cells in zip(plans[::2], plans[1::2], strict=True)}
    return {plan: int(cells[-1]) if cells else None for plan, cells in numbers.items()}


@dataclass
class Noteworthy:
    number: int
    text: str
    level: str
    status: str


def read_noteworthy():
    """Return the three commitments of the IRM page's Table 2: what they are, and the text of their status."""
    text = document("irm-implementation-page-2017-2019")
    table = text[
        text.index("Status at the end of the implementation cycle") : text.index("Recommendations\n")
    ]
    parts = re.split(r"(?m)^(\d+)\. ", table)[1:]
    found = []
    for number, part in zip(parts[::2], parts[1::2], strict=True):
        status = re.search(r"(?:Completion of this|The) commitment was (\w+).*", part, flags=re.DOTALL)
        words = fold(part[: status.start()]), LEVELS[status.group(1)], fold(status.group())
        found.append(Noteworthy(int(number), *words))
    return found


def read_at_a_glance():
    """Return {label: value} of the IRM page's Table 1."""
    text = document("irm-implementation-page-2017-2019")
    return dict(re.findall(r"(?m)^([^:\n]+): (.+)$", text[text.index("Table 1.") : text.index("Overview")]))


@dataclass
class Resource:
    item: int
    title: str
    year: str
    kind: str
    listed_as: str


def read_resources():
    """Return the works that the member page lists as its resources, in its order."""
    text = document("ogp-member-page")
    pattern = r"(?m)^ +(\d+)\. (.+)\n\s*\n +((\d{4}), ([^,\n]+),.*)$"
    lines = re.findall(pattern, text[text.index("\nResources\n") :])
    return [
        Resource(int(item), fold(title), year, kind, fold(listed_as))
        for item, title, listed_as, year, kind in lines
    ]


def read_recommendations():
    """Return the recommendations of the IRM's page, in its order."""
    text = document("irm-implementation-page-2017-2019")
    lines = re.findall(r"(?m)^(\d+)\. (.+)$", text[text.index("\nRecommendations\n") :])
    assert [int(item) for item, _ in lines] == list(range(1, len(lines) + 1))
    return [fold(words) for _, words in lines]
