"""smpp34 1.5, aiosmpplib 0.7.4 and rusmppyc 0.4 through the gateway to npm's `smpp`."""

import asyncio

import aiosmpplib
import rusmppyc
import smpp34

import world
from world import LONG, OFFER, PORT, fact, same

AGREED, STRANGER = "13800000001", "13800000002"
MANY = 1_200


def joined(seen):
    return "".join(one["text"] for one in seen)


async def with_smpp34(carrier, gateway):
    client = smpp34.Client("127.0.0.1", gateway.smpp, "mall", "secret08", bind_type="TRX")
    smsc = await client.connect()
    same(smsc.system_id, "mall", "who is bound")
    before = len(carrier.events("submit"))

    async def send(to, text, **more):
        return await smsc.submit_sm(to, text, source_addr=PORT, dest_addr_npi=1, registered_delivery=1, **more)

    answer = await send(AGREED, OFFER.encode("utf-16-be"), data_coding=8)
    same(answer.command_status, 0, "UCS-2")
    same(carrier.event("submit", count=before + 1)["text"], OFFER, "UCS-2")
    wanted = [answer.message_id]
    payload = [smpp34.Tlv(smpp34.TLV_MESSAGE_PAYLOAD, LONG.encode("utf-16-be"))]
    answer = await send(AGREED, b"", data_coding=8, tlvs=payload)
    same(answer.command_status, 0, "message_payload")
    wanted.append(answer.message_id)
    parts = [LONG[:60], LONG[60:]]
    pending = []
    for number, part in enumerate(parts, 1):
        tlvs = [smpp34.Tlv(smpp34.TLV_SAR_MSG_REF_NUM, b"\0\x09"),
                smpp34.Tlv(smpp34.TLV_SAR_TOTAL_SEGMENTS, bytes([len(parts)])),
                smpp34.Tlv(smpp34.TLV_SAR_SEGMENT_SEQNUM, bytes([number]))]
        pending.append(send(AGREED, part.encode("utf-16-be"), data_coding=8, tlvs=tlvs))
    # Neither half is answered before the other is there.
    answers = await asyncio.gather(*pending)
    same([a.command_status for a in answers], [0, 0], "SAR")
    wanted += [a.message_id for a in answers]
    answer = await send(AGREED, b"Your verification code is 482913, valid for 5 minutes.", data_coding=0)
    same(answer.command_status, 0, "GSM 7-bit")
    wanted.append(answer.message_id)
    told = []
    while len(told) < len(wanted):
        event = await smsc.next()
        assert isinstance(event, smpp34.DeliverSmEvent), event
        same(event.esm_class, 4, "esm_class of a receipt")
        assert b"stat:DELIVRD" in event.short_message, event.short_message
        told += [t.as_string().rstrip("\0") for t in event.tlvs if t.tag == smpp34.TLV_RECEIPTED_MESSAGE_ID]
    same(sorted(told), sorted(wanted), "receipts")
    carrier.event("report answered", count=before + len(wanted))
    same(joined(carrier.events("submit")[before + 1:before + 4]), LONG + LONG, "what the carrier saw")
    fact("smpp34: UCS-2, message_payload, SAR, GSM 7-bit, and a receipt for each of "
         f"{len(wanted)} ids")
    answer = await send(STRANGER, OFFER.encode("utf-16-be"), data_coding=8)
    same(answer.command_status, 0x406, "no consent")
    carrier.do("reply", **{"from": AGREED, "to": PORT, "text": "好的"})
    event = await smsc.next()
    same((event.short_message.decode("utf-16-be"), event.source_addr, event.destination_addr, event.data_coding),
         ("好的", AGREED, PORT, 8), "a reply")
    fact("smpp34: 0x406 without consent; a subscriber's reply")
    await smsc.unbind()
    await client.stop()


async def many(carrier, gateway):
    """As fast as smpp34 can, on three lines of one account."""
    clients = [smpp34.Client("127.0.0.1", gateway.smpp, "mall", "secret08", bind_type="TRX", window_size=16) for _ in range(3)]
    lines = [await client.connect() for client in clients]
    before = len(carrier.events("took"))
    told, wanted = [], []

    async def listen(line):
        while True:
            event = await line.next()
            if not isinstance(event, smpp34.DeliverSmEvent):
                return
            told.extend(t.as_string().rstrip("\0") for t in event.tlvs if t.tag == smpp34.TLV_RECEIPTED_MESSAGE_ID)

    async def send(line, count):
        for _ in range(count):
            answer = await line.submit_sm(AGREED, OFFER.encode("utf-16-be"), source_addr=PORT, dest_addr_npi=1,
                                          registered_delivery=1, data_coding=8)
            same(answer.command_status, 0, "status")
            wanted.append(answer.message_id)

    listening = [asyncio.create_task(listen(line)) for line in lines]
    await asyncio.gather(*(send(line, MANY // 24) for line in lines for _ in range(8)))
    await came(lambda: len(told) >= len(wanted), lambda: f"{len(wanted)} receipts, has {len(told)}")
    await asyncio.sleep(1)
    same((len(wanted), len(set(wanted)), sorted(told)), (MANY, MANY, sorted(wanted)), "receipts")
    same(len(carrier.events("took")) - before, MANY, "messages at the carrier")
    fact(f"smpp34, {MANY} messages on 3 lines at once: each goes out once, and is reported once on one of them")
    for line, client in zip(lines, clients):
        await line.unbind()
        await client.stop()
    for one in listening:
        one.cancel()


class Hook(aiosmpplib.AbstractHook):
    def __init__(self):
        self.answers, self.receipts, self.errors = {}, {}, []

    async def sending(self, smpp_message, pdu, client_id):
        pass

    async def received(self, smpp_message, pdu, client_id):
        if isinstance(smpp_message, aiosmpplib.SubmitSmResp):
            self.answers[smpp_message.log_id] = smpp_message
        elif isinstance(smpp_message, aiosmpplib.DeliverSm) and smpp_message.is_receipt():
            self.receipts[smpp_message.log_id] = smpp_message.parse_receipt()

    async def send_error(self, smpp_message, error, client_id):
        self.errors.append(error)


async def with_aiosmpplib(carrier, gateway):
    hook = Hook()
    esme = aiosmpplib.ESME(smsc_host="127.0.0.1", smsc_port=gateway.smpp, system_id="mall", password="secret08",
                           hook=hook, log_level="CRITICAL")
    before = len(carrier.events("submit"))

    async def send(name, text, to=AGREED, **more):
        await esme.broker.enqueue(aiosmpplib.SubmitSm(
            short_message=text, source=aiosmpplib.PhoneNumber(PORT), destination=aiosmpplib.PhoneNumber(to), log_id=name,
            encoding="ucs2", **more))

    await send("short", OFFER)
    await send("payload", LONG, auto_message_payload=True)
    # Cut by SAR alone it fails by itself (0.7.4: `encoding` has no value).
    await send("udh", LONG, auto_message_payload=False, esm_class=0x40)
    running = asyncio.create_task(esme.start())
    try:
        names = {"short", "payload", "udh"}
        await came(lambda: set(hook.answers) >= names, lambda: f"answers, has {hook.answers} {hook.errors}")
        same({n: int(hook.answers[n].command_status) for n in names}, dict.fromkeys(names, 0), "statuses")
        await came(lambda: set(hook.receipts) >= names, lambda: f"receipts, has {hook.receipts}")
        same({n: hook.receipts[n]["stat"] for n in names}, dict.fromkeys(names, "DELIVRD"), "receipts")
        seen = carrier.events("submit")[before:]
        same(joined(seen), OFFER + LONG * 2, "what the carrier saw")
        fact(f"aiosmpplib: short, message_payload, segments with a UDH, each with its receipt")
        await send("stranger", OFFER, to=STRANGER)
        # Its list of statuses ends before vendors' numbers: it breaks the line, and comes again.
        for attempt in range(10):
            await send(f"after{attempt}", OFFER)
            await asyncio.sleep(1)
            if any(name.startswith("after") for name in hook.receipts):
                break
        else:
            raise AssertionError(f"no receipt of what came after a refusal, has {hook.receipts}")
        same(carrier.events("submit", to=STRANGER), [], "messages to a stranger at the carrier")
        heard = "is told" if "stranger" in hook.answers else "cannot read a vendor's status, breaks the line"
        fact(f"aiosmpplib, without consent: nothing goes out; it {heard}, and is served again")
    finally:
        await esme.stop()
        running.cancel()


async def with_rusmppyc(carrier, gateway):
    client, events = await rusmppyc.Client.connect(f"smpp://127.0.0.1:{gateway.smpp}", response_timeout=15_000)
    bound = await client.bind_transceiver(system_id="mall", password="secret08")
    before = len(carrier.events("submit"))
    told = []

    async def listen():
        async for event in events:
            if isinstance(event, rusmppyc.Event.Incoming) and isinstance(event._0.pdu, rusmppyc.Pdu.DeliverSm):
                told.append(bytes(event._0.pdu._0.short_message))
                await client.deliver_sm_resp(event._0.sequence_number, "")

    listening = asyncio.create_task(listen())
    receipt = rusmppyc.RegisteredDelivery(
        mc_delivery_receipt=rusmppyc.MCDeliveryReceipt
        .McDeliveryReceiptRequestedWhereFinalDeliveryOutcomeIsSuccessOrFailure())
    same_for_all = {"source_addr": PORT, "registered_delivery": receipt}
    ucs2 = {"data_coding": rusmppyc.DataCoding.Ucs2(), **same_for_all}
    answers = [await client.submit_sm(destination_addr=AGREED, short_message=OFFER.encode("utf-16-be"), **ucs2)]
    parts = rusmppyc.Client.submit_sm_multipart(
        LONG, encoder=rusmppyc.Encoder.Ucs2(rusmppyc.Ucs2.default()), reference=5, destination_addr=AGREED, **same_for_all)
    assert len(parts) > 1
    answers += await asyncio.gather(*(client.submit_sm(part) for part in parts))
    ids = [bytes(a.message_id).rstrip(b"\0") for a in answers]
    await came(lambda: len(told) >= len(ids), lambda: f"receipts of {ids}, has {told}")
    same(sorted(w.split()[0] for w in told), sorted(b"id:" + i for i in ids), "receipts")
    same(joined(carrier.events("submit")[before:]), OFFER + LONG, "what the carrier saw")
    try:
        await client.submit_sm(destination_addr=STRANGER, short_message=OFFER.encode("utf-16-be"), **ucs2)
        raise AssertionError("nothing stood against it")
    except rusmppyc.exceptions.UnexpectedResponseException as refused:
        assert "1030" in str(refused) or "0x406" in str(refused).lower(), refused
        fact(f"rusmppyc (SMPP 5.0): short and {len(parts)} parts, each with its receipt; refused: {str(refused)[:90]}…")
    listening.cancel()
    await client.unbind()
    try:
        await client.close()
    except rusmppyc.exceptions.ConnectionClosedException:
        # The line ends with unbind_resp, as it should.
        pass


async def came(look, what):
    for _ in range(400):
        if look():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not within 20 s: {what()}")


def main():
    with world.world([AGREED]) as (carrier, gateway):
        for one in (with_smpp34, many, with_aiosmpplib, with_rusmppyc):
            asyncio.run(asyncio.wait_for(one(carrier, gateway), 60))
    world.end()


if __name__ == "__main__":
    main()
