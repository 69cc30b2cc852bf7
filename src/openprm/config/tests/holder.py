"""A process that uses an embedded server until its standard input ends: `python -m openprm.config.tests.holder ROOT [durable]`."""

import sys

import psycopg

from openprm.config.embedded.server import EmbeddedPostgres

server = EmbeddedPostgres(sys.argv[1], test="durable" not in sys.argv)
server.lease()
with psycopg.connect(**server.parameters()) as connection:
    connection.execute("select 1")
sys.stdout.write("ready\n")
sys.stdout.flush()
sys.stdin.read()
