"""Starts the portal from nothing: virtual environment, packages, PostgreSQL, web server and worker.

Standard library only, because it runs before any package is there.
The Makefile calls it as `python3 site/launcher COMMAND`.
"""
