"""Speaks Personio's API and turns its wire into employees.

`client.Personio` reads an account over version 1; `source.Source` is the face that it has, and that
another version would have. `settings.Account` says which account, `errors` what may come of it.
"""
