"""The rules of the office, as plain functions: no web, no database, no clock. `today` is always an argument."""
