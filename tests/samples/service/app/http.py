"""GET /orders and POST /orders, as a WSGI application."""
import json
from wsgiref.simple_server import make_server

from app import orders
from app.config import listen_port
from app.db import make_engine, make_sessions


def make_application(sessions):
    def application(environ, start_response):
        def answer(status, body):
            start_response(status, [("Content-Type", "application/json")])
            return [json.dumps(body).encode("utf-8")]

        if environ["PATH_INFO"] != "/orders":
            return answer("404 Not Found", {"error": "no such page"})
        if environ["REQUEST_METHOD"] == "GET":
            with sessions() as session:
                return answer("200 OK", orders.list_open(session))
        if environ["REQUEST_METHOD"] == "POST":
            asked = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
            try:
                with sessions.begin() as session:
                    order = orders.place(session, asked["customer"], asked["items"])
                    return answer("201 Created", {"id": order.id})
            except orders.OutOfStock as short:
                return answer("409 Conflict", {"error": f"not enough of {short}"})
        return answer("405 Method Not Allowed", {"error": "GET or POST"})

    return application


def main():
    with make_server("127.0.0.1", listen_port(), make_application(make_sessions(make_engine()))) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
