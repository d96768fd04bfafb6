"""The engine and its sessions. The schema is the migrations' business: nothing here calls create_all."""
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from app.config import database_url


def make_engine():
    return create_engine(database_url(), pool_pre_ping=True, future=True)


def make_sessions(engine):
    return sessionmaker(bind=engine, expire_on_commit=False, future=True)
