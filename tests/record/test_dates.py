from datetime import UTC, date, datetime

from django.utils import translation

from record.dates import local_date, semester


def test_local_date_when_it_is_already_tomorrow_in_utc_is_that_of_lima():
    assert local_date(datetime(2024, 1, 1, 3, 0, tzinfo=UTC)) == date(2023, 12, 31)


def test_semester_says_the_half_year_of_a_date():
    with translation.override("en"):
        assert semester(date(2023, 6, 30)) == "first half of 2023"
        assert semester(date(2023, 7, 1)) == "second half of 2023"
        assert semester(None) == ""
