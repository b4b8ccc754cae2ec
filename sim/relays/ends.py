"""The two ends of every measurement: `anning wire simulate carrier` and a sender over SMPP or HTTP; and one measurement."""

import dataclasses
import json
import pathlib
import signal
import subprocess
import sys
import threading
import time

import ground


@dataclasses.dataclass
class Plan:
    """What is the same for every relay."""

    anning: pathlib.Path
    # Numbers would break Jasmin's receipts, and SMPP has room for 8 characters of a secret.
    login: str = "sender"
    secret: str = "bench"
    source: str = "1069000101"
    # Recipients, and 8 connections of window 16 over SMPP, are those of the benchmark of the gateway.
    first: int = 13_800_000_000
    people: int = 20_000
    connections: int = 8
    sender_window: int = 16
    # Over HTTP a connection has one request at a time: as many connections as the others have submits.
    http_connections: int = 128
    # Towards the carrier.
    links: int = 4
    window: int = 64
    # Seconds until a report, as on a real network. One that comes at once is unknown to Jasmin, which looks again after 10 s.
    report_after: float = 2.0


class Carrier:
    """Counts what it takes, and when, by the lines of its log."""

    def __init__(self, plan):
        self.port, self.log = ground.free(), ground.folder("carrier") / "taken.jsonl"
        command = [str(plan.anning), "wire", "simulate", "carrier", "--protocol", "smpp", "--listen", f"127.0.0.1:{self.port}",
                   "--login", plan.login, "--secret", plan.secret, "--log", str(self.log),
                   "--report-after", str(int(plan.report_after * 1000))]
        self.program = ground.Program("carrier", command)
        ground.listening(self.program, self.port, "the carrier")
        self.taken, self.first, self.last, self.over = 0, None, None, False
        self.reader = threading.Thread(target=self._count, daemon=True)
        self.reader.start()

    def _count(self):
        # Many times a second and not line by line, which would take more of a core than some relays.
        ground.until(self.log.exists, "the carrier has a log", 60)
        with open(self.log, "rb") as log:
            while not self.over:
                lines, now = log.read().count(b"\n"), time.monotonic()
                self.taken += lines
                if lines and not self.first:
                    self.first = (now, self.taken)
                if lines:
                    self.last = now
                time.sleep(0.01)

    def rate(self):
        """Messages a second from the first that it took to the last."""
        if not self.first or self.last <= self.first[0]:
            return 0.0
        return (self.taken - self.first[1]) / (self.last - self.first[0])

    def end(self):
        """What it says it took and told at the end."""
        self.over = True
        if self.program.process.poll() is None:
            self.program.process.send_signal(signal.SIGINT)
        try:
            self.program.process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        self.program.end(5)
        return json.loads(next((line for line in reversed(self.program.lines) if line.startswith("{")), "{}"))


def sending(plan, way, port, count, patience):
    """The command of a sender: over SMPP it also waits for all reports."""
    if way == "smpp":
        return [str(plan.anning), "wire", "simulate", "sender", "--protocol", "smpp", "--to", f"127.0.0.1:{port}",
                "--login", plan.login, "--secret", plan.secret, "--count", str(count), "--source", plan.source,
                "--connections", str(plan.connections), "--window", str(plan.sender_window),
                "--recipients", f"{plan.first}+{plan.people}", "--mix", "code=20,service=30,campaign=50,long=0",
                "--linger", str(patience)]
    words = [way, port, count, plan.http_connections, plan.login, plan.secret, plan.source, plan.first, plan.people]
    return [sys.executable, str(ground.HERE / "http_sender.py"), *map(str, words)]


def send(plan, way, port, count, patience):
    """Runs it to its end, or ends it; what it counted."""
    sender = ground.Program("sender", sending(plan, way, port, count, patience))
    try:
        sender.process.wait(patience)
    except subprocess.TimeoutExpired:
        pass
    finally:
        ended = time.monotonic()
        sender.end(5)
    return json.loads(next((line for line in reversed(sender.lines) if line.startswith("{")), "{}")), ended


def measure(plan, start, count, patience):
    """One run: `start(carrier)` gives a relay, or none for the bare pair."""
    carrier, relay = Carrier(plan), None
    try:
        relay = start(carrier.port)
        parts = relay.parts() if relay else {}
        programs = [program for some in parts.values() for program in some]
        load, neighbours = ground.os.getloadavg()[0], ground.Neighbours([*programs, carrier.program])
        before = {part: ground.cpu(*some) for part, some in parts.items()}
        way, port = (relay.way, relay.port) if relay else ("smpp", carrier.port)
        sent, ended = send(plan, way, port, count, patience)
        # Relays that answer first and hand over later have more to do.
        end = time.monotonic() + patience
        while carrier.taken < count and time.monotonic() < end and time.monotonic() - (carrier.last or ended) < 15:
            time.sleep(0.01)
        share = neighbours.share()
        ground.quiet(programs, 30)
        spent = {part: ground.cpu(*some) - before[part] for part, some in parts.items()}
    finally:
        if relay:
            relay.end()
        said = carrier.end()
    taken = carrier.taken
    reported = sent.get("reports", {}).get("matched")
    whole = carrier.first and reported == count
    return {
        "messages": count, "taken_by_carrier": taken, "per_second": carrier.rate(),
        "answered": sent.get("taken", 0), "reported": reported, "reports_told_by_carrier": said.get("told"),
        "reported_per_second": count / (ended - carrier.first[0] - plan.report_after) if whole else None,
        "answer_ms": sent.get("latency", {}).get("campaign") or {name: sent.get(name) for name in ("p50", "p99")},
        "twice": said.get("duplicates"), "cpu_micros": {part: cost * 1e6 / max(taken, 1) for part, cost in spent.items()},
        "load": load, "neighbours": share,
    }
