"""What we say on the wire, read by Wireshark's dissectors: a capture of senders, two gateways in a row, and a carrier.

    smpplib ─SMPP─┐
                  ├─► near gateway ─CMPP 3.0─► far gateway ─SMPP─► npm's smpp
    cmppy  ─CMPP──┘
"""

import contextlib
import io
import signal
import subprocess

import cmppy

import world
from test_smpplib import Sender
from world import CMPP, LONG, OFFER, OUT, PORT, Program, fact, same, until

AGREED, OTHER, STRANGER = "13800000001", "13800000003", "13800000002"


@contextlib.contextmanager
def capture():
    """Everything that is said on this machine meanwhile."""
    path = OUT / "said.pcapng"
    listening = Program("dumpcap", ["dumpcap", "-q", "-i", "lo", "-f", "tcp", "-w", str(path)])
    try:
        until(lambda: listening.alive() and "File:" in listening.errors(), "dumpcap listens")
        yield path
        listening.process.send_signal(signal.SIGINT)
        listening.process.wait(10)
    finally:
        listening.end()


def talk(near, carrier):
    sender = Sender(near.smpp)
    for text, more in ((OFFER, {}), (LONG, {}), (LONG, {"payload": True})):
        answers = sender.send("86" + AGREED, text, **more)
        same([a.status for a in answers], [0] * len(answers), "statuses")
        for answer in answers:
            sender.report(answer.message_id)
    same(sender.send(STRANGER, OFFER)[0].status, 0x406, "status without consent")
    seen = "".join(one["text"] for one in carrier.events("submit"))
    same(seen, OFFER + LONG + LONG, "what the carrier saw behind two gateways")
    fact("SMPP in, CMPP 3.0 between two gateways, SMPP out: texts whole, reports back under the first one's ids")
    carrier.do("reply", **{"from": OTHER, "to": PORT, "text": "T"})
    sender.read(lambda: any(p.short_message == "T".encode("utf-16-be") for p in sender.told), "the refusal")
    same(sender.send(OTHER, OFFER)[0].status, 0x401, "status after the refusal")
    fact("T goes back over both, and both keep it")
    sender.leave()
    request = cmppy.SubmitReq("901234", OFFER, src_id=PORT, dest_terminal_id=[AGREED])
    with contextlib.redirect_stdout(io.StringIO()):
        same(cmppy.Cmppy("127.0.0.1", near.cmpp, "901234", "secret08").request(request).result, 0, "cmppy's Result")


def dissect(path, ports, shown, *words):
    """Our lines alone: others on this machine talk too."""
    command = ["tshark", "-r", str(path), "-Y", f"({' || '.join(f'tcp.port=={port}' for port in ports)}) && ({shown})"]
    for port, protocol in ports.items():
        command += ["-d", f"tcp.port=={port},{protocol}"]
    done = subprocess.run([*command, *words], capture_output=True, text=True, timeout=100)
    same(done.returncode, 0, f"tshark {shown}: {done.stderr[-500:]}")
    return done.stdout.split("\n")[:-1]


def judge(path, ports):
    def numbers(protocol, field):
        lines = dissect(path, ports, protocol, "-T", "fields", "-E", "separator=;", "-e", field)
        return {int(n, 0) for line in lines for n in line.split(",") if n}

    for protocol, field, wanted in (
            ("smpp", "smpp.command_id", {0x4, 0x5, 0x6, 0x9, 0x80000004, 0x80000005, 0x80000006, 0x80000009}),
            ("cmpp", "cmpp.Command_Id", {0x1, 0x2, 0x4, 0x5, 0x80000001, 0x80000002, 0x80000004, 0x80000005})):
        seen = numbers(protocol, field)
        assert seen >= wanted, f"{protocol}: no {[hex(n) for n in wanted - seen]} in the capture, only {seen}"
        count = len(dissect(path, ports, protocol))
        fact(f"tshark reads {len(seen)} kinds of PDU of {protocol} in {count} packets")
    same(dissect(path, ports, "_ws.malformed || _ws.short || _ws.unreassembled")[:5], [], "malformed packets")
    same(dissect(path, ports, "(smpp || cmpp) && _ws.expert.severity >= 6291456")[:5], [], "warnings and errors")
    fact("none of them is malformed, none has a warning")


def main():
    with capture() as path:
        with world.world([], mode="shadow", name="far") as (carrier, far):
            near = world.Gateway(far.cmpp, [AGREED, OTHER], upstream=CMPP, name="near")
            try:
                talk(near, carrier)
            finally:
                ended = near.end()
        same(ended, 0, "the near gateway's exit code")
    ports = {near.smpp: "smpp", near.cmpp: "cmpp", far.cmpp: "cmpp", carrier.port: "smpp"}
    judge(path, ports)
    world.end()


if __name__ == "__main__":
    main()
