"""The tests run on a database that the migrations made, and say so.

DATABASE_URL must name it: no default, so that no test can pass on a database that nobody provisioned.
"""
import os

import pytest
from sqlalchemy import text

from app.db import make_engine, make_sessions

DATABASE_URL = os.environ["DATABASE_URL"]


def pytest_sessionstart(session):
    """Opens the evidence: which revision the database is at before the first test."""
    engine = make_engine()
    with engine.connect() as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    session.config.stash_revision = revision
    print(f"evidence: database at revision {revision}")


def pytest_sessionfinish(session, exitstatus):
    """Closes the evidence: how the tests ended."""
    print(f"\nevidence: exit status {int(exitstatus)}, database at revision {session.config.stash_revision}")


@pytest.fixture(scope="session")
def engine():
    engine = make_engine()
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine):
    """A session whose work is rolled back when the test ends."""
    with engine.connect() as connection:
        outer = connection.begin()
        with make_sessions(engine)(bind=connection) as session:
            yield session
        outer.rollback()
