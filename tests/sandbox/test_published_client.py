"""A published client of Personio's API works against the stand-in as it does against Personio."""

from __future__ import annotations

import pytest
from personio_py import Personio
from personio_py.errors import PersonioApiError

from rollcall.sandbox.company import Company

from .world import account


def test_it_reads_everybody_of_a_page_and_one_by_id() -> None:
    company = Company(40)
    with account(company) as caller:
        client = Personio(base_url=f"{caller.http.base_url}/v1/", **caller.pair)
        try:
            everybody = client.get_employees()
            one = client.get_employee(4_710_003)
        finally:
            client.session.close()
    assert [person.email for person in everybody] == [person.email for person in company]
    expected = company.person(3)
    assert (one.first_name, one.last_name) == (expected.first_name, expected.last_name)
    assert str(one.hire_date)[:10] == expected.hired.isoformat()
    assert one.department.name == expected.department.name


def test_it_meets_the_refusal_it_expects() -> None:
    with account(Company(3)) as caller:
        client = Personio(base_url=f"{caller.http.base_url}/v1/", client_id="a", client_secret="b")
        try:
            with pytest.raises(PersonioApiError, match="Wrong credentials"):
                client.authenticate()
        finally:
            client.session.close()
