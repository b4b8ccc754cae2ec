"""What goes wrong between smpplib, the gateway and npm's `smpp`: lines that break, a carrier that is away or busy, a gateway
that is killed. Nothing that was answered is lost, nothing is sent twice."""

import signal
import time

import world
from test_smpplib import Sender
from world import LONG, OFFER, PORT, Carrier, Gateway, fact, same, until

PEOPLE = [f"138000000{n:02}" for n in range(1, 30)]


def texts(carrier, to):
    return [one["text"] for one in carrier.events("submit", to=to)]


def away(carrier, gateway, people):
    """The carrier is away: what is handed in waits, and goes out once when it comes back."""
    sender = Sender(gateway.smpp)
    carrier.end()
    ids = []
    for who in people:
        [answer] = sender.send(who, OFFER)
        same(answer.status, 0, "status while the carrier is away")
        ids.append(answer.message_id)
    carrier = Carrier(carrier.port)
    for ident in ids:
        sender.report(ident)
    same([texts(carrier, who) for who in people], [[OFFER]] * len(people), "what arrived")
    fact(f"{len(people)} messages handed in while the carrier was away go out once when it is back, each reported")
    sender.leave()
    return carrier


def killed(carrier, gateway, people):
    """The gateway is killed with messages waiting: they go out once after its next start, under the ids it gave."""
    sender = Sender(gateway.smpp)
    port = carrier.port
    carrier.end()
    ids = [sender.send(who, OFFER)[0].message_id for who in people]
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait(10)
    carrier = Carrier(port)
    gateway = Gateway(port, [])
    sender = Sender(gateway.smpp)
    for ident in ids:
        sender.report(ident)
    same([texts(carrier, who) for who in people], [[OFFER]] * len(people), "what arrived")
    fact(f"{len(people)} messages that waited when the gateway was killed go out once, each reported under its id")
    sender.leave()
    return carrier, gateway


def killed_over(carrier, gateway, who):
    """The gateway is killed between handing over and the answer: it may have been taken, so that it is not sent again."""
    sender = Sender(gateway.smpp)
    carrier.do("answer", how="hold")
    [answer] = sender.send(who, OFFER)
    carrier.event("submit", to=who)
    sender.client.query_message(message_id=answer.message_id.decode(), source_addr_npi=1, source_addr=PORT)
    sender.read(lambda: sender.states, "an answer to query_sm")
    same(sender.states[0].message_state, 1, "message_state of what is under way")
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait(10)
    carrier.do("answer", how="ok")
    bound = len(carrier.events("bound"))
    gateway = Gateway(carrier.port, [])
    carrier.event("bound", count=bound + 1)
    time.sleep(1.5)
    same(texts(carrier, who), [OFFER], "submits of what was being handed over")
    sender = Sender(gateway.smpp)
    # The carrier tells of it by an id that was never heard of; the person is the same, and nothing else is in doubt.
    carrier.do("finish", to=who)
    sender.report(answer.message_id)
    fact("a gateway killed while it handed over does not send again; the carrier's report settles it (query_sm said 1)")
    sender.leave()
    return gateway


def doubt(carrier, gateway, who):
    """The line breaks before the carrier answers: it may have the message, so that it is not sent again."""
    sender = Sender(gateway.smpp)
    carrier.do("answer", how="hold")
    carrier.do("reports", how="none")
    [answer] = sender.send(who, OFFER)
    carrier.event("submit", to=who)
    bound = len(carrier.events("bound"))
    carrier.do("drop")
    carrier.event("bound", count=bound + 1)
    carrier.do("answer", how="ok")
    time.sleep(1.5)
    same(texts(carrier, who), [OFFER], "submits of what is in doubt")
    fact("a message whose line broke before its answer is not sent again")
    # The carrier had it, under an id that nobody heard of.
    carrier.do("reply", **{"from": who, "to": PORT, "text": "什么"})
    sender.read(lambda: sender.told, "a reply")
    sender.leave()


def late(carrier, gateway, who):
    """The sender is gone when the report comes: it is told when it comes back, by a receiver."""
    carrier.do("reports", how="none")
    sender = Sender(gateway.smpp)
    [answer] = sender.send(who, OFFER)
    took = carrier.event("took", to=who)
    sender.leave()
    carrier.do("reports", how="at once")
    carrier.do("report", id=took["id"])
    carrier.event("report answered", id=took["id"], status=0)
    writer = Sender(gateway.smpp, bind="bind_transmitter")
    [other] = writer.send(PEOPLE[0], OFFER)
    reader = Sender(gateway.smpp, bind="bind_receiver")
    reader.report(answer.message_id)
    reader.report(other.message_id)
    time.sleep(0.5)
    same(writer.told, [], "reports on a transmitter")
    fact("reports wait for their sender, and go to its receiver alone")
    reader.leave()
    writer.leave()


def busy(carrier, gateway, who):
    """The carrier asks to slow down: the message is tried again until it is taken."""
    sender = Sender(gateway.smpp)
    carrier.do("answer", how="refuse", status=0x58)
    [answer] = sender.send(who, OFFER)
    carrier.event("submit", to=who, count=3)
    carrier.do("answer", how="ok")
    sender.report(answer.message_id)
    same(len(carrier.events("took", to=who)), 1, "times it was taken")
    fact(f"a carrier that is busy (0x58) is tried again: {len(texts(carrier, who))} times, taken once")
    sender.leave()


def decimal(carrier, gateway, who):
    """Ids given in hex are reported in decimal."""
    sender = Sender(gateway.smpp)
    carrier.do("reports", how="decimal")
    [answer] = sender.send(who, OFFER)
    sender.report(answer.message_id)
    carrier.do("reports", how="at once")
    fact("an id given in hex and reported in decimal is matched")
    sender.leave()


def scheduled(carrier, gateway, who):
    """The sender's own wish to wait is kept."""
    sender = Sender(gateway.smpp)
    begun = time.monotonic()
    [answer] = sender.send(who, OFFER, schedule_delivery_time="000000000003000R")
    sender.report(answer.message_id)
    took = time.monotonic() - begun
    assert 2.5 < took < 10, f"sent after {took:.1f} s"
    fact(f"schedule_delivery_time in 3 s: sent after {took:.1f} s")
    sender.leave()


def half(carrier, gateway, who):
    """A sender that goes away in the middle of a long message: nothing of it goes out."""
    sender = Sender(gateway.smpp)
    for number in (1, 2):
        sender.client.send_message(
            source_addr_npi=1, source_addr=PORT, dest_addr_npi=1, destination_addr=who, data_coding=8, esm_class=0x40,
            short_message=bytes([5, 0, 3, 9, 3, number]) + LONG[:60].encode("utf-16-be"), registered_delivery=True)
    sender.client.disconnect()
    sender = Sender(gateway.smpp)
    [answer] = sender.send(who, OFFER)
    sender.report(answer.message_id)
    same(texts(carrier, who), [OFFER], "what went out")
    fact("two of three segments and a broken line: nothing goes out, and the next message is served")
    sender.leave()


def main():
    carrier = Carrier()
    gateway = None
    try:
        gateway = Gateway(carrier.port, PEOPLE, id_form="number")
        carrier.event("bound", right=True)
        busy(carrier, gateway, PEOPLE[1])
        decimal(carrier, gateway, PEOPLE[2])
        scheduled(carrier, gateway, PEOPLE[3])
        late(carrier, gateway, PEOPLE[4])
        half(carrier, gateway, PEOPLE[5])
        doubt(carrier, gateway, PEOPLE[6])
        carrier.do("reports", how="at once")
        carrier = away(carrier, gateway, PEOPLE[7:12])
        carrier, gateway = killed(carrier, gateway, PEOPLE[12:17])
        gateway = killed_over(carrier, gateway, PEOPLE[17])
    except BaseException:
        world.post_mortem(carrier)
        raise
    finally:
        ended = gateway.end() if gateway else 0
        carrier.end()
    same(ended, 0, "the gateway's exit code")
    world.end()


if __name__ == "__main__":
    main()
