"""Real servers for tests. Import the fixtures where they are wanted: `from tests.servers import postgres`."""

from tests.servers.postgres import DATABASE, PostgresServer, postgres, postgres_database
from tests.servers.process import free_port

__all__ = ["DATABASE", "PostgresServer", "free_port", "postgres", "postgres_database"]
