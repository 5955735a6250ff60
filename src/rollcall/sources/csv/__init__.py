"""Reads a file of comma-separated values, from whichever HR system wrote it, into employees.

`kind.KIND` is such a file as a kind of source. `encoding` and `dialect` find out how it was
written, `columns` which column is which attribute, `parsing` turns a row into an employee.
"""
