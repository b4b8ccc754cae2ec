"""HTTP sending, as programs see it: our own JSON, and the SDKs of three vendors pointed at a running gateway.

Started by `cargo xtask test` at the root of the repository. No carrier is there: what is taken waits in the outbox.
"""

import base64
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

from alibabacloud_dysmsapi20170525 import models as dysms
from alibabacloud_dysmsapi20170525.client import Client as Dysms
from alibabacloud_tea_openapi.utils_models import Config
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111 import models as qcloud
from tencentcloud.sms.v20210111.sms_client import SmsClient
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client as Twilio

OUT = pathlib.Path(os.environ["ANNING_OUT"]).resolve()
SECRET = "a secret of 'mall' & nobody else"
CODE = "【云栖百货】您的验证码是482913，5分钟内有效。"
OFFER = "【云栖百货】双十一全场五折，满300减50，退订回T"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


PORT = free_port()
AT = f"127.0.0.1:{PORT}"
CONFIG = f"""
[ledger]
folder = "{OUT}/ledger"
keys = "{OUT}/ledger.keys"
master = "{OUT}/master.key"

[outbox]
folder = "{OUT}/outbox"

[listen]
http = "{AT}"

[[account]]
name = "mall"
login = {{ http = "mall" }}
secret_env = "ANNING_SECRET_MALL"
sources = ["10690001*", "10690001"]
signatures = ["云栖百货"]
advertiser = "yunqi"
content_provider = "yunqi"
controller = "yunqi"
mode = "enforce"

[[template]]
code = "SMS_1"
account = "mall"
text = "您的验证码是${{code}}，5分钟内有效。"

[[template]]
code = "SMS_2"
account = "mall"
text = "双十一全场${{rate}}，满300减50，退订回T"

[[template]]
code = "1001"
account = "mall"
text = "您的验证码是{{1}}，{{2}}分钟内有效。"

[[template]]
code = "1002"
account = "mall"
text = "双十一全场五折，满300减50，退订回T"

[[upstream]]
name = "mobile"
protocol = "cmpp"
version = "3.0"
address = "127.0.0.1:{free_port()}"
login = "123456"
secret_env = "ANNING_SECRET_MALL"

[[route]]
upstream = "mobile"

[[party]]
party = "yunqi"
name = "云栖百货有限公司"
"""


def ask(method, path, body=None, headers=None, secret=SECRET, login="mall"):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    proof = base64.b64encode(f"{login}:{secret}".encode()).decode()
    all_headers = {"Authorization": f"Basic {proof}", "Content-Type": "application/json"} | (headers or {})
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    connection.request(method, path, data, all_headers)
    answer = connection.getresponse()
    kind, text = answer.headers["Content-Type"], answer.read()
    connection.close()
    return answer, json.loads(text) if kind.endswith("json") and "ndjson" not in kind else text.decode()


def start():
    said = open(OUT / "serve.txt", "a", encoding="utf-8")
    program = [os.environ["ANNING"], "serve", "--init", str(OUT / "gateway.toml")]
    environment = {**os.environ, "ANNING_SECRET_MALL": SECRET}
    gateway = subprocess.Popen(program, stdout=said, stderr=said, env=environment)
    for _ in range(200):
        assert gateway.poll() is None, (OUT / "serve.txt").read_text(encoding="utf-8")
        try:
            if ask("GET", "/healthz")[0].status == 200:
                return gateway
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the gateway does not answer")


def stop(gateway, how=signal.SIGTERM):
    gateway.send_signal(how)
    assert gateway.wait(timeout=60) in (0, -how)


def own():
    """Our own JSON: every example of the page, refusals, keys, lines, problems."""
    page = pathlib.Path("docs/http.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```json request\n(.*?)^```", page, re.M | re.S)
    assert len(examples) >= 2
    for example in examples:
        answer, body = ask("POST", "/v1/messages", example.encode())
        assert answer.status == 202, (answer.status, body)
    answer, body = ask("POST", "/v1/messages", {"to": "13800138000", "text": CODE, "reference": "r"})
    (one,) = body["recipients"]
    assert (one["to"], one["status"], one["retry"], body["reference"]) == ("138****8000", "accepted", False, "r")
    answer, known = ask("GET", f"/v1/messages/{one['id']}")
    assert (answer.status, known["state"], known["to"]) == (200, "queued", "138****8000"), known
    answer, _ = ask("GET", "/v1/messages/nothing")
    assert answer.status == 404

    answer, body = ask("POST", "/v1/messages", {"to": "13800138000", "text": OFFER})
    assert (answer.status, answer.headers["Content-Type"]) == (403, "application/problem+json"), body
    (one,) = body["messages"][0]["recipients"]
    assert (body["code"], one["reason"], one["status"]) == ("no_consent", "no_consent", "refused"), body
    assert one["article"].startswith("cn/") and one["id"] and "13800138000" not in json.dumps(body)

    answer, body = ask("POST", "/v1/messages", {"messages": [
        {"to": ["13800138000", "no number"], "text": CODE}, {"to": "13800138001", "text": OFFER}]})
    states = [one["status"] for message in body["messages"] for one in message["recipients"]]
    assert (answer.status, states) == (207, ["accepted", "refused", "refused"]), body

    key = {"Idempotency-Key": "order-1"}
    first = ask("POST", "/v1/messages", {"to": "13800138000", "text": CODE}, key)[1]
    assert first == ask("POST", "/v1/messages", {"to": "13800138000", "text": CODE}, key)[1]
    answer, body = ask("POST", "/v1/messages", {"to": "13800138001", "text": CODE}, key)
    assert (answer.status, body["code"]) == (422, "key_used_for_another")

    lines = [{"to": "13800138000", "text": CODE}, {"to": "13800138000", "text": OFFER}, {"nonsense": 1}] * 50
    data = b"\n".join(json.dumps(line).encode() for line in lines)
    answer, text = ask("POST", "/v1/messages", data, {"Content-Type": "application/x-ndjson"})
    answers = [json.loads(line) for line in text.splitlines()]
    assert answer.status == 200 and [one["line"] for one in answers] == list(range(1, 151))
    assert answers[0]["recipients"][0]["status"] == "accepted", answers[0]
    assert answers[1]["recipients"][0]["reason"] == "no_consent", answers[1]
    assert answers[2]["code"] == "malformed", answers[2]

    for body, status in [(b"{", 400), (b"{}", 400), (b'{"messages":[]}', 400), (b'{"to":"1","text":"x","x":1}', 400),
                         (b" " * (1 << 20) + b"{}", 413)]:
        answer, _ = ask("POST", "/v1/messages", body)
        assert answer.status == status, (body[:40], answer.status)
    answer, body = ask("POST", "/v1/messages", {}, secret="wrong", login="other")
    assert (answer.status, answer.headers["WWW-Authenticate"].split()[0]) == (401, "Basic")
    assert ask("GET", "/v1/nothing")[0].status == 404 and ask("GET", "/v1/messages")[0].status == 405

    answer, ready = ask("GET", "/readyz")
    assert (answer.status, ready["outbox"], ready["upstream_links"]) == (503, "ok", 0), ready
    answer, numbers = ask("GET", "/metrics")
    assert 'anning_letters{account="mall",upstream="mobile",lane="code",state="queued"}' in numbers, numbers
    assert "13800138000" not in numbers and numbers.count("# TYPE anning_letters ") == 1
    answer, shadow = ask("GET", "/v1/shadow")
    assert (answer.status, shadow["account"]) == (200, "mall")
    return first


def again_after_a_crash(first):
    """A request that is sent again after a crash finds its message in the outbox."""
    before = ask("GET", "/metrics")[1]
    key = {"Idempotency-Key": "order-1"}
    answer, body = ask("POST", "/v1/messages", {"to": "13800138000", "text": CODE}, key)
    assert (answer.status, body["recipients"]) == (202, first["recipients"]), body
    queued = re.compile(r'^anning_letters\{.*state="queued"\} (\d+)$', re.M)
    assert queued.findall(before) == queued.findall(ask("GET", "/metrics")[1])


def alibaba(signature):
    def client(secret=SECRET):
        return Dysms(Config(access_key_id="mall", access_key_secret=secret, endpoint=AT, protocol="HTTP",
                            signature_algorithm=signature))

    def send(template, values, secret=SECRET, sign="云栖百货", to="13800138000"):
        request = dysms.SendSmsRequest(phone_numbers=to, sign_name=sign, template_code=template,
                                       template_param=json.dumps(values, ensure_ascii=False))
        return client(secret).send_sms(request).body

    body = send("SMS_1", {"code": "482913"})
    assert (body.code, body.message) == ("OK", "OK") and body.biz_id, body
    assert ask("GET", f"/v1/messages/{body.biz_id}")[1]["state"] == "queued"
    body = send("SMS_2", {"rate": "五折"})
    assert body.code == "isv.BLACK_KEY_CONTROL_LIMIT" and not body.biz_id, body
    assert body.message.startswith("no_consent: ") and "(cn/" in body.message, body
    assert send("SMS_9", {}).code == "isv.SMS_TEMPLATE_ILLEGAL"
    assert send("SMS_1", {}).code == "isv.TEMPLATE_MISSING_PARAMETERS"
    assert send("SMS_1", {"code": "1"}, sign="别家").code == "isv.SMS_SIGNATURE_ILLEGAL"
    assert send("SMS_1", {"code": "482913"}, to="12").code == "isv.MOBILE_NUMBER_ILLEGAL"
    batch = dysms.SendBatchSmsRequest(
        phone_number_json=json.dumps(["13800138000", "13800138001"]),
        sign_name_json=json.dumps(["云栖百货", "云栖百货"]),
        template_code="SMS_1",
        template_param_json=json.dumps([{"code": "111111"}, {"code": 222222}]))
    body = client().send_batch_sms(batch).body
    assert body.code == "OK" and body.biz_id, body
    try:
        send("SMS_1", {"code": "482913"}, secret="wrong")
        raise AssertionError("a wrong secret was let in")
    except Exception as error:  # Each signature has an exception class of its own.
        assert getattr(error, "code", None) == "SignatureDoesNotMatch", error


def tencent():
    def send(template, values, secret=SECRET, to=("+8613800138000",), sign="云栖百货"):
        profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=AT))
        client = SmsClient(credential.Credential("mall", secret), "ap-guangzhou", profile)
        request = qcloud.SendSmsRequest()
        request.PhoneNumberSet, request.SmsSdkAppId, request.SessionContext = list(to), "1400006666", "context"
        request.SignName, request.TemplateId, request.TemplateParamSet = sign, template, values
        return client.SendSms(request).SendStatusSet

    def fails(code, *arguments, **named):
        try:
            send(*arguments, **named)
        except TencentCloudSDKException as error:
            assert error.code == code, error
        else:
            raise AssertionError(f"not refused: {code}")

    one, two = send("1001", ["482913", "5"], to=("+8613800138000", "12"))
    assert (one.Code, one.PhoneNumber, one.SessionContext, one.Fee) == ("Ok", "+8613800138000", "context", 1)
    assert ask("GET", f"/v1/messages/{one.SerialNo}")[1]["state"] == "queued"
    assert (two.Code, two.SerialNo) == ("InvalidParameterValue.IncorrectPhoneNumber", "")
    (one,) = send("1002", [])
    assert one.Code == "FailedOperation.PhoneNumberInBlacklist" and one.Message.startswith("no_consent: "), one
    fails("FailedOperation.TemplateUnapprovedOrNotExist", "9", [])
    fails("FailedOperation.TemplateParamSetNotMatchApprovedTemplate", "1001", ["482913"])
    fails("FailedOperation.SignatureIncorrectOrUnapproved", "1002", [], sign="别家")
    fails("AuthFailure.SignatureFailure", "1002", [], secret="wrong")


class Here(TwilioHttpClient):
    """Twilio's own client, to another address."""

    def request(self, method, url, *rest, **named):
        return super().request(method, url.replace("https://api.twilio.com", f"http://{AT}"), *rest, **named)


def twilio():
    client = Twilio("mall", SECRET, http_client=Here())

    def fails(status, code, client=client, **message):
        try:
            client.messages.create(**message)
        except TwilioRestException as error:
            assert (error.status, error.code) == (status, code), (error.status, error.code, error.msg)
            return error
        raise AssertionError(f"not refused: {code}")

    message = client.messages.create(to="+8613800138000", from_="10690001", body=CODE)
    assert (message.status, message.error_code, message.body) == ("queued", None, CODE)
    assert message.sid.startswith("SM") and len(message.sid) == 34 and message.date_created
    assert ask("GET", f"/v1/messages/{message.sid}")[1]["state"] == "queued"
    assert "no_consent" in fails(400, 21610, to="+8613800138000", from_="10690001", body=OFFER).msg
    fails(400, 21211, to="12", from_="10690001", body=CODE)
    fails(400, 21606, to="+8613800138000", from_="95555", body=CODE)
    fails(400, 21602, to="+8613800138000", from_="10690001")
    wrong = Twilio("mall", "wrong", http_client=Here())
    fails(401, 20003, wrong, to="+8613800138000", from_="10690001", body=CODE)


(OUT / "gateway.toml").write_text(CONFIG, encoding="utf-8")
gateway = start()
try:
    first = own()
    alibaba(None)
    alibaba("v2")
    tencent()
    twilio()
    stop(gateway, signal.SIGKILL)
    gateway = start()
    again_after_a_crash(first)
    stop(gateway)
finally:
    gateway.kill()
print("own interface, Alibaba Cloud twice, Tencent Cloud, Twilio, a crash in between: as expected")
