"""Speaks Personio's API and turns its wire into employees.

`client.Personio` reads an account and has the face of a `sources.base.Source`; `v1` and `v2` hold
what differs between the versions of the API, the modules beside them what is the same for both.
`account.Account` says which account, `errors` what may come of it.
"""
