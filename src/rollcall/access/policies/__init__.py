"""Conditional access: who may come in where, from where, and with which factors."""
