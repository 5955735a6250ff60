"""Speaks Personio's API and turns its wire into employees.

`kind.KIND` is Personio as a kind of source, `account.Account` says which account, `client.Personio`
reads one. `v1` and `v2` hold what differs between the versions of the API, the modules beside them
what is the same for both.
"""
