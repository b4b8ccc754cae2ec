"""Sends messages over HTTP/1.1 as fast as they are answered: many kept connections, one request on each at a time.

    python http_sender.py kannel|anning PORT COUNT CONNECTIONS USER SECRET FROM FIRST PEOPLE

One message a request, each text another. Prints one JSON object: how many were taken, answers by status, seconds from
the first request to the last answer, and the median and 99th percentile of the time to an answer in milliseconds. Sockets
and selectors and nothing more, because a client library would cost more than the relay that is measured.
"""

import base64
import json
import selectors
import socket
import sys
import time
import urllib.parse

TEXTS = (
    "【云栖百货】您的验证码是{n:06}，5分钟内有效，请勿告诉他人。",
    "【云栖百货】您的订单{n:08}已发货，预计明天送达，请保持电话畅通。",
    "【云栖百货】今晚八点全场五折，满300减50，抢券下单{n:06}，拒收请回复R",
)
# Of ten messages: two codes, three notices, five offers, as in the benchmark of the gateway.
KINDS = (0, 1, 2, 2, 1, 0, 2, 1, 2, 2)


def kannel(port, user, secret, sender, to, text):
    query = urllib.parse.urlencode({"username": user, "password": secret, "from": sender, "to": to, "text": text,
                                    "coding": 2, "charset": "UTF-8", "dlr-mask": 3})
    return f"GET /cgi-bin/sendsms?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()


def anning(port, user, secret, sender, to, text):
    proof = base64.b64encode(f"{user}:{secret}".encode()).decode()
    body = json.dumps({"from": sender, "to": to, "text": text}, ensure_ascii=False).encode()
    head = (f"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Basic {proof}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


def status(answer):
    """The status of a whole answer, none while some of it is missing."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = answer[:end].lower()
    at = head.find(b"content-length:")
    length = int(head[at + 15:].split(b"\r", 1)[0]) if at >= 0 else 0
    return int(head[9:12]) if len(answer) >= end + 4 + length else None


class Line:
    """One connection and what it waits for."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer, self.sent_at = b"", 0.0

    def ask(self, request):
        self.answer, self.sent_at = b"", time.perf_counter()
        self.socket.sendall(request)


def main(which, port, count, connections, user, secret, sender, first, people):
    form, port, count, people = {"kannel": kannel, "anning": anning}[which], int(port), int(count), int(people)
    requests = (form(port, user, secret, sender, str(int(first) + n % people), TEXTS[KINDS[n % 10]].format(n=n))
                for n in range(count))
    selector, statuses, delays, open_ = selectors.DefaultSelector(), {}, [], 0
    began = time.perf_counter()
    for request in (next(requests, None) for _ in range(int(connections))):
        if request:
            line = Line(port)
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.ask(request)
            open_ += 1
    while open_:
        for key, _ in selector.select(30) or sys.exit("no answer in 30 s"):
            line = key.data
            some = line.socket.recv(65536) or sys.exit("the relay broke a connection")
            line.answer += some
            code = status(line.answer)
            if code is None:
                continue
            delays.append(time.perf_counter() - line.sent_at)
            statuses[code] = statuses.get(code, 0) + 1
            request = next(requests, None)
            if request:
                line.ask(request)
            else:
                open_ -= 1
    seconds = time.perf_counter() - began
    delays.sort()
    at = lambda share: round(delays[min(len(delays) - 1, int(len(delays) * share))] * 1000, 2)  # noqa: E731
    print(json.dumps({"taken": statuses.get(202, 0), "codes": statuses, "seconds": seconds, "p50": at(.5), "p99": at(.99)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
