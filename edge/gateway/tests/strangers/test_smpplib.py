"""smpplib 2.2.4 through the gateway to npm's `smpp`."""

import time

import smpplib.client
import smpplib.consts
import smpplib.exceptions
import smpplib.gsm

import world
from world import LONG, OFFER, PORT, fact, same

AGREED, STRANGER = "13800000001", "13800000002"
CODE = "Your verification code is 482913 @ £5, valid for 5 minutes."


class Sender:
    """A transceiver that keeps what it is told."""

    def __init__(self, port, password="secret08", bind="bind_transceiver"):
        self.answers, self.told, self.states = [], [], []
        self.client = smpplib.client.Client("127.0.0.1", port, timeout=1)
        self.client.set_message_sent_handler(lambda pdu, **_: self.answers.append(pdu))
        self.client.set_message_received_handler(lambda pdu, **_: self.told.append(pdu) and None)
        self.client.set_query_resp_handler(lambda pdu, **_: self.states.append(pdu))
        self.client.set_error_pdu_handler(lambda pdu: None)
        self.client.connect()
        getattr(self.client, bind)(system_id="mall", password=password)

    def send(self, to, text, encoding=smpplib.consts.SMPP_ENCODING_ISO10646, source=PORT, **more):
        before = len(self.answers)
        if more.pop("payload", False):
            parts, coding, esm = [b""], encoding, 0
            more["message_payload"] = text.encode("utf-16-be")
        else:
            parts, coding, esm = smpplib.gsm.make_parts(text, encoding)
        for part in parts:
            self.client.send_message(
                source_addr_ton=0, source_addr_npi=1, source_addr=source, dest_addr_ton=int(to.startswith("86")), dest_addr_npi=1,
                destination_addr=to, short_message=part, data_coding=coding, esm_class=esm, registered_delivery=True,
                **more)
        self.read(lambda: len(self.answers) >= before + len(parts), f"{len(parts)} answers")
        return self.answers[before:]

    def read(self, done, what):
        end = time.monotonic() + world.WAIT
        while not done():
            assert time.monotonic() < end, f"smpplib did not get {what}"
            self.client.poll()
            time.sleep(0.02)

    def report(self, ident):
        def of():
            return [p for p in self.told if p.receipted_message_id and p.receipted_message_id.rstrip(b"\0") == ident]
        self.read(of, f"a report on {ident}")
        return of()[0]

    def leave(self):
        self.client.unbind()
        self.client.disconnect()


def main():
    with world.world([AGREED]) as (carrier, gateway):
        try:
            Sender(gateway.smpp, password="wrong")
            raise AssertionError("let in with a wrong password")
        except smpplib.exceptions.PDUError as refused:
            fact(f"a wrong password is refused: {refused}")

        sender = Sender(gateway.smpp)
        fact("bound as transceiver")

        [answer] = sender.send(AGREED, OFFER)
        same(answer.status, 0, "status")
        seen = carrier.event("submit")
        same((seen["to"], seen["text"], seen["coding"]), (AGREED, OFFER, 8), "what the carrier saw")
        fact(f"a Chinese offer to somebody who agreed arrives, answered with id {answer.message_id.decode()}")
        report = sender.report(answer.message_id)
        assert b"stat:DELIVRD" in report.short_message, report.short_message
        same(report.message_state, 2, "message_state")
        fact("its report comes back under the id that the gateway gave")

        [answer] = sender.send(STRANGER, OFFER)
        same(answer.status, 0x406, "status of an offer without consent")
        fact("without consent: 0x406")
        [answer] = sender.send("86" + AGREED, OFFER)
        same((answer.status, carrier.event("submit", count=2)["to"]), (0, "86" + AGREED), "international form")
        fact("the same person in international form is the same person")

        same(len(carrier.events("submit")), 2, "submits at the carrier")

        answers = sender.send(AGREED, LONG)
        same([a.status for a in answers], [0] * len(answers), "statuses")
        carrier.event("submit", count=2 + len(answers))
        seen = carrier.events("submit")[2:]
        same("".join(s["text"] for s in seen), LONG, "segments, joined")
        assert all(s["udh"] and s["esm"] & 0x40 for s in seen), seen
        for answer in answers:
            sender.report(answer.message_id)
        fact(f"{len(answers)} segments with a UDH arrive as they were, and each has its report")

        before = len(carrier.events("submit"))
        [answer] = sender.send(AGREED, LONG, payload=True)
        same(answer.status, 0, "status of message_payload")
        sender.report(answer.message_id)
        seen = carrier.events("submit")[before:]
        same("".join(s["text"] for s in seen), LONG, "message_payload, as the carrier has it")
        fact(f"message_payload of {len(LONG)} characters arrives whole ({'as such' if seen[0]['payload'] else 'cut'})")

        before = len(carrier.events("submit"))
        halves = [LONG[:60], LONG[60:120], LONG[120:]]
        halves = [half for half in halves if half]
        for number, half in enumerate(halves, 1):
            sender.client.send_message(
                source_addr_npi=1, source_addr=PORT, dest_addr_npi=1, destination_addr=AGREED, data_coding=8,
                short_message=half.encode("utf-16-be"), registered_delivery=True, sar_msg_ref_num=77,
                sar_total_segments=len(halves), sar_segment_seqnum=number)
        had = len(sender.answers)
        sender.read(lambda: len(sender.answers) >= had + len(halves), "answers to SAR segments")
        answers = sender.answers[had:]
        same([a.status for a in answers], [0] * len(halves), "statuses of SAR segments")
        for answer in answers:
            sender.report(answer.message_id)
        seen = carrier.events("submit")[before:]
        same(("".join(s["text"] for s in seen), [s["sar"] and s["sar"][1:] for s in seen]),
             (LONG, [[len(halves), n] for n in range(1, len(halves) + 1)]), "SAR segments")
        fact("segments by SAR options arrive as they were, and each has its report")

        [answer] = sender.send(AGREED, CODE, encoding=smpplib.consts.SMPP_ENCODING_DEFAULT)
        same(answer.status, 0, "status of a code in GSM 7-bit")
        report = sender.report(answer.message_id)
        same((carrier.events("submit")[-1]["coding"], carrier.events("submit")[-1]["text"]), (0, CODE), "GSM 7-bit")
        fact("a code in GSM 7-bit with @ and £ arrives as it was")

        [answer] = sender.send(AGREED, OFFER, source="10690002")
        same(answer.status, 0x0A, "status of a number that is not the account's")
        fact("a number that the account may not show: 0x0a")

        carrier.do("reports", how="at once", stat="UNDELIV", state=5, err="017")
        [answer] = sender.send(AGREED, OFFER)
        report = sender.report(answer.message_id)
        assert b"stat:UNDELIV" in report.short_message and b"err:017" in report.short_message, report.short_message
        fact("UNDELIV with the carrier's error comes back as it was")

        carrier.do("answer", how="refuse", status=0x45)
        [answer] = sender.send(AGREED, OFFER)
        same(answer.status, 0, "the gateway had taken it")
        report = sender.report(answer.message_id)
        assert b"stat:UNDELIV" in report.short_message and b"err:069" in report.short_message, report.short_message
        fact("a submit that the carrier refuses is reported UNDELIV, with the carrier's number")

        carrier.do("answer", how="ok")
        carrier.do("reply", **{"from": AGREED, "to": PORT, "text": "你好"})
        sender.read(lambda: any(p.short_message == "你好".encode("utf-16-be") for p in sender.told), "a reply")
        same(carrier.event("reply answered")["status"], 0, "answer to the reply")
        fact("a reply of a subscriber comes through, and the carrier is answered")

        told = [p.receipted_message_id for p in sender.told if p.receipted_message_id]
        same(len(told), len(set(told)), "reports, each told once")
        fact(f"{len(told)} reports, each told once")

        sender.leave()
        fact("unbound")
    world.end()


if __name__ == "__main__":
    main()
