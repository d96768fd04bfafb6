"""What the service must be told before it can start."""
import os


def database_url():
    """The database's address; there is no default on purpose."""
    return os.environ["DATABASE_URL"]


def listen_port():
    return int(os.environ.get("PORT", "8080"))
