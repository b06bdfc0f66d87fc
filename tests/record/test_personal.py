import time

import pytest

from record.personal import find_addresses, find_contact_details, find_numbers


@pytest.mark.parametrize(
    "text",
    [
        "Consultas: nombre.apellido@ministerio.gob.pe",
        "nombre (arroba) ministerio.gob.pe",
        "51-1-2345678",
        "51-1- 2345678",
        "(511) 234-5678",
        "(51-1) 2345678",
        "+51 1 234 5678",
        "+51 987654321",
        "(01) 234-5678",
        "(084) 234567",
        "01 234 5678",
        "Teléfono: 234-5678 anexo 12",
        "Telf.: 2345678",
        "cel. 987654321",
        "Celular N° 987-654-321",
        "WhatsApp: 987 654 321",
        "móvil: (51) 987 654 321",
        "+51 987 654 321",
        "+511 234 5678",
        "+1 202 555 0123",
        "Telephone\n\t234-5678",
    ],
)
def test_contact_details_are_found(text):
    assert find_contact_details(text)


def test_many_spaces_cost_no_more_than_they_are_long():
    """Each of two patterns side by side may take any of them: that would be minutes."""
    text = "(51)" + " " * 200_000

    began = time.monotonic()
    assert find_contact_details(text) == []
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        "Nº 022-2017-PCM",
        "Decreto Supremo N° 003-2015-PCM, Ley 27806",
        "Resolución Ministerial N° 176-2015-PCM",
        "01-2016-PCM/SGP",
        "0001-2017-2018",
        "RUC 20123456789",
        "S/ 234 567 800",
        "1 234 567 usuarios",
        "2015-2017",
        "31.12.2017",
        "telefonía móvil 2015-2016",
        "servicios móviles: 12 000 usuarios",
        "+10 000 000 de soles",
        "+1.250.000 beneficiarios",
        "celulares: 250 000 unidades entregadas",
        "Resolución 01-0002345",
        "Anexo 12",
        "5-4-7",
        "http://www.peru.gob.pe/?id=51-1-2345678",
        "[correo omitido] y [teléfono omitido]",
        "gestionpublica@pcm.gob.pe",
    ],
)
def test_other_numbers_and_the_public_mailbox_are_no_contact_details(text):
    assert find_contact_details(text) == []


def test_found_details_are_returned_as_written():
    assert find_contact_details("a@b.pe, cel. 987654321.") == ["a@b.pe", "cel. 987654321"]


def test_addresses_and_numbers_are_told_apart():
    text = "a@b.pe, gestionpublica@pcm.gob.pe, cel. 987654321"

    assert find_addresses(text) == ["a@b.pe"]
    assert find_numbers(text) == ["cel. 987654321"]
