//! `POST /v1/messages` and its kin.

use serde_json::{Value, json};

use crate::world::{Answer, CODE, OFFER, SECRET, World, basic};

/// What became of all recipients, in a line: `accepted, refused no_consent`.
pub fn became(answer: &Answer) -> String {
    let body = answer.json();
    let one = std::slice::from_ref(&body);
    let messages = body["messages"].as_array().map_or(one, Vec::as_slice);
    let all = messages.iter().filter_map(|message| message["recipients"].as_array()).flatten();
    let word = |one: &Value| {
        let reason = one["reason"].as_str().map_or(String::new(), |reason| format!(" {reason}"));
        // What the law stops has an id for its receipt; what nobody decided about has none.
        let decided =
            one["status"] != "refused" || one["reason"] == "no_consent" || one["reason"] == "refused";
        assert_eq!(one["id"].is_string(), decided, "{one}");
        format!("{}{reason}", one["status"].as_str().unwrap())
    };
    let words: Vec<String> = all.map(word).collect();
    if words.is_empty() { body["code"].as_str().unwrap_or("").to_owned() } else { words.join(", ") }
}

#[test]
fn bodies_and_their_answers() {
    let world = World::new(&[]);
    let check = |body: &Value, status: u16, expected: &str| {
        let answer = world.post(&body.to_string(), "");
        assert_eq!((answer.status, became(&answer).as_str()), (status, expected), "{body}\n{answer:?}");
        assert!(!answer.body.contains("13800138000"), "a number is named whole: {}", answer.body);
    };
    let to = "13800138000";
    check(&json!({ "to": to, "text": CODE }), 202, "accepted");
    check(
        &json!({ "from": "1069000123", "to": [to, "+8613800138001"], "text": CODE }),
        202,
        "accepted, accepted",
    );
    check(&json!({ "to": to, "text": OFFER }), 403, "refused no_consent");
    check(&json!({ "to": "12", "text": CODE }), 422, "refused destination_invalid");
    check(&json!({ "to": "a@example.cn", "text": CODE }), 422, "refused destination_invalid");
    check(&json!({ "from": "95555", "to": to, "text": CODE }), 403, "refused source_not_allowed");
    check(&json!({ "to": to, "text": "【别家】您的验证码是1234" }), 403, "refused signature_not_allowed");
    check(&json!({ "to": to, "text": "长".repeat(20_000) }), 422, "refused too_long");
    check(&json!({ "to": [to, "12"], "text": CODE }), 207, "accepted, refused destination_invalid");
    check(
        &json!({ "to": ["11", "12"], "text": CODE }),
        422,
        "refused destination_invalid, refused destination_invalid",
    );
    let several = json!({ "messages": [{ "to": to, "text": CODE }, { "to": [to], "text": OFFER }] });
    check(&several, 207, "accepted, refused no_consent");
    let refused = json!({ "messages": [{ "to": "12", "text": CODE }, { "to": [to], "text": OFFER }] });
    check(&refused, 207, "refused destination_invalid, refused no_consent");
    for bad in [
        json!({}),
        json!([]),
        json!({ "to": to }),
        json!({ "to": to, "text": "" }),
        json!({ "to": [], "text": CODE }),
        json!({ "to": 1, "text": CODE }),
        json!({ "to": to, "text": CODE, "form": "1069" }),
        json!({ "to": to, "text": CODE, "messages": [] }),
        json!({ "messages": [] }),
        json!({ "messages": [{ "text": CODE }] }),
        json!({ "to": to, "text": CODE, "reference": "r".repeat(257) }),
    ] {
        check(&bad, 400, "malformed");
    }
    check(&json!({ "to": vec![to; 1_001], "text": CODE }), 413, "too_many_recipients");
}

#[test]
fn a_refusal_is_a_problem_with_its_article() {
    let world = World::new(&[]);
    let answer = world.post(&json!({ "to": "13800138000", "text": OFFER, "reference": "r" }).to_string(), "");
    assert!(answer.head.contains("content-type: application/problem+json"), "{answer:?}");
    let body = answer.json();
    assert_eq!((body["status"].as_u64(), body["code"].as_str()), (Some(403), Some("no_consent")));
    assert_eq!(body["type"], "urn:anning:problem:no_consent");
    assert_eq!(body["messages"][0]["reference"], "r");
    let one = &body["messages"][0]["recipients"][0];
    assert_eq!((one["to"].as_str(), one["retry"].as_bool()), (Some("138****8000"), Some(false)));
    assert!(one["article"].as_str().unwrap().starts_with("cn/"), "{one}");
    assert!(one["message_zh"].as_str().unwrap().contains("同意"), "{one}");
}

#[test]
fn who_may_ask() {
    let world = World::new(&[]);
    let body = json!({ "to": "13800138000", "text": CODE }).to_string();
    let check = |headers: &str, status: u16| {
        let answer = world.ask("POST", "/v1/messages", headers, &body);
        assert_eq!(answer.status, status, "{headers} {answer:?}");
        assert_eq!(answer.head.contains("www-authenticate: basic"), status == 401, "{answer:?}");
    };
    check(&basic("mall", SECRET), 202);
    check("", 401);
    check("Authorization: Basic !\r\n", 401);
    check("Authorization: Bearer x\r\n", 401);
    check(&basic("nobody", SECRET), 401);
    // Its login is that of another protocol.
    check(&basic("901234", SECRET), 401);
    for _ in 0..5 {
        check(&basic("mall", "wrong"), 401);
    }
    check(&basic("mall", SECRET), 429);
    world.steady.fetch_add(61_000, std::sync::atomic::Ordering::SeqCst);
    check(&basic("mall", SECRET), 202);
    let elsewhere = World::new(&[("from = [\"10.0.0.0/8\", \"127.0.0.1\"]", "from = [\"10.0.0.0/8\"]")]);
    assert_eq!(elsewhere.post(&body, "").status, 401);
}

#[test]
fn a_request_that_is_sent_again_is_done_once() {
    let mut world = World::new(&[]);
    let one = json!({ "to": ["13800138000", "13800138001"], "text": CODE }).to_string();
    let other = json!({ "to": "13800138009", "text": CODE }).to_string();
    let key = "Idempotency-Key: order-1\r\n";
    let queued = "anning_letters{";
    let first = world.post(&one, key);
    assert_eq!((first.status, world.metric(queued)), (202, 2));
    let again = world.post(&one, key);
    assert_eq!((again.status, &again.body, world.metric(queued)), (202, &first.body, 2));
    let wrong = world.post(&other, key);
    assert_eq!((wrong.status, became(&wrong).as_str()), (422, "key_used_for_another"));
    assert_eq!(world.post(&one, "Idempotency-Key: \r\n").status, 400);
    assert_eq!(world.post(&one, &format!("Idempotency-Key: {}\r\n", "k".repeat(256))).status, 400);
    // A refusal by law stays; what may be tried again is not kept.
    let refused = json!({ "to": "13800138000", "text": OFFER }).to_string();
    let key_two = "Idempotency-Key: order-2\r\n";
    assert_eq!(world.post(&refused, key_two).body, world.post(&refused, key_two).body);
    // After a restart the table is empty, and the outbox knows the messages by their ids.
    world.stop();
    world.start(&[]);
    let after = world.post(&one, key);
    assert_eq!((after.status, after.json()["recipients"].clone()), (202, first.json()["recipients"].clone()));
    // The third is the one that was refused, kept for its receipt.
    assert_eq!(world.metric(queued), 3);
    assert_eq!(world.post(&other, key).status, 422);
    world.stop();
    world.start(&[]);
    // The key is forgotten, and says something else now: another message.
    assert_eq!((world.post(&other, key).status, world.metric(queued)), (202, 4));
}

#[test]
fn lines_are_answered_in_order() {
    let mut world = World::new(&[]);
    let headers = format!("{}Content-Type: application/x-ndjson\r\n", basic("mall", SECRET));
    let code = json!({ "to": "13800138000", "text": CODE, "reference": "c" }).to_string();
    let offer = json!({ "to": ["13800138000", "12"], "text": OFFER }).to_string();
    let check = |world: &World, headers: &str, body: &str, expected: &[&str]| {
        let answer = world.ask("POST", "/v1/messages", headers, body);
        assert_eq!(answer.status, 200, "{answer:?}");
        let lines: Vec<Answer> = answer
            .body
            .lines()
            .map(|line| Answer { status: 200, head: String::new(), body: line.to_owned() })
            .collect();
        let words: Vec<String> =
            lines.iter().map(|line| format!("{} {}", line.json()["line"], became(line))).collect();
        assert_eq!(words, expected, "{body}");
    };
    let body = format!("{code}\n\n{offer}\r\n{{\n{code}");
    let refused = "3 refused no_consent, refused destination_invalid";
    let expected = ["1 accepted", refused, "4 malformed", "5 accepted"];
    check(&world, &headers, &body, &expected);
    check(&world, &headers, "", &[]);
    check(
        &world,
        &headers,
        &format!("{code}\n{}\n{code}\n", "x".repeat(65_537)),
        &["1 accepted", "2 line_too_long"],
    );
    let many: String = (0..1_000).map(|_| format!("{code}\n")).collect();
    let all: Vec<String> = (1..=1_000).map(|n| format!("{n} accepted")).collect();
    check(&world, &headers, &many, &all.iter().map(String::as_str).collect::<Vec<_>>());
    // With a key, the same lines are the same messages, also after a restart.
    let before = world.metric("anning_letters{");
    let keyed = format!("{headers}Idempotency-Key: stream\r\n");
    for _ in 0..2 {
        check(&world, &keyed, &body, &expected);
        // Two that are taken, and one refused by law.
        assert_eq!(world.metric("anning_letters{"), before + 3);
        check(&world, &keyed, &body, &expected);
        world.stop();
        world.start(&[]);
    }
    check(
        &world,
        &keyed,
        &format!("{offer}\n{code}"),
        &["1 refused no_consent, refused destination_invalid", "2 accepted"],
    );
    // The key says something else by now: another code, and another refusal.
    assert_eq!(world.metric("anning_letters{"), before + 5);
}

#[test]
fn the_state_of_a_message_is_told_to_its_sender_only() {
    let world = World::new(&[("login = { smpp = \"bank\"", "login = { http = \"bank\", smpp = \"bank\"")]);
    let answer = world.post(&json!({ "to": "13800138000", "text": CODE }).to_string(), "").json();
    let id = answer["recipients"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/messages/{id}");
    let known = world.get(&path).json();
    assert_eq!(
        (known["state"].as_str(), known["to"].as_str()),
        (Some("queued"), Some("138****8000")),
        "{known}"
    );
    assert_eq!(known["accepted_at"], "2026-11-27T11:00:00+08:00");
    let other = world.ask("GET", &path, &basic("bank", SECRET), "");
    assert_eq!((other.status, became(&other).as_str()), (404, "unknown_message"));
    assert_eq!(world.get("/v1/messages/none").status, 404);
    assert_eq!(world.ask("GET", &path, "", "").status, 401);
}

/// Each message of a batch has its own place in it, and the receipt there is that of its decision.
#[test]
fn a_message_says_where_its_receipt_is() {
    let world = World::new(&[("mode = \"enforce\" ", "mode = \"shadow\" ")]);
    let texts = [CODE, OFFER, CODE];
    let messages: Vec<_> = texts.iter().map(|text| json!({ "to": "13800138000", "text": text })).collect();
    let answer = world.post(&json!({ "messages": messages }).to_string(), "").json();
    let known = |path: &str, there: fn(&Answer) -> bool| {
        let found = (0..3_000).find_map(|_| {
            let answer = world.get(path);
            let found = there(&answer);
            if !found {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            found.then_some(answer)
        });
        found.unwrap_or_else(|| panic!("nothing at {path}")).json()
    };
    let mut places = std::collections::BTreeSet::new();
    for (at, text) in texts.iter().enumerate() {
        let id = answer["messages"][at]["recipients"][0]["id"].as_str().unwrap();
        let path = format!("/v1/messages/{id}");
        let state = known(&path, |answer| answer.json()["receipt"].is_object());
        assert_eq!(state["recorded"], true);
        let place = &state["receipt"];
        let receipt = known(&format!("{path}/receipt"), |answer| answer.status == 200);
        assert_eq!((&receipt["leaf_index"], &receipt["batch_index"]), (&place["leaf"], &place["index"]));
        let text_of = receipt.to_string();
        assert_eq!(text_of.contains("shadow_pass"), *text == OFFER, "{text_of}");
        places.insert((place["leaf"].as_u64(), place["index"].as_u64()));
        let other = world.ask("GET", &format!("{path}/receipt"), "", "");
        assert_eq!(other.status, 401);
    }
    assert_eq!(places.len(), texts.len());
    assert_eq!(became(&world.get("/v1/messages/none/receipt")), "unknown_message");
}

/// A refusal by law has an id, a state and a receipt; after a restart the ledger has it and nobody says where.
#[test]
fn a_refusal_has_a_receipt_until_a_restart() {
    let mut world = World::new(&[]);
    let answer = world.post(&json!({ "to": "13800138000", "text": OFFER }).to_string(), "");
    assert_eq!((answer.status, became(&answer).as_str()), (403, "refused no_consent"));
    let id = answer.json()["messages"][0]["recipients"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/messages/{id}");
    let state = world.get(&path).json();
    assert_eq!(
        (state["state"].as_str(), state["report"]["word"].as_str()),
        (Some("refused"), Some("no_consent"))
    );
    let receipt = format!("{path}/receipt");
    let there = (0..3_000).map(|_| world.get(&receipt)).find(|answer| {
        let there = answer.status == 200;
        if !there {
            assert_eq!(answer.json()["retry"], true, "{answer:?}");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        there
    });
    assert!(
        there
            .is_some_and(|answer| answer.body.contains("no_consent") || answer.json()["leaf_index"].is_u64())
    );
    world.stop();
    world.start(&[]);
    assert_eq!(world.get(&path).json()["recorded"], true);
    let after = world.get(&receipt);
    assert_eq!((after.status, became(&after).as_str()), (410, "receipt_not_placed"));
    assert_eq!(after.json()["retry"], false);
    assert!(!after.head.contains("retry-after"), "{after:?}");
}

/// Five wrong secrets over HTTP lock HTTP for a minute, and say so.
#[test]
fn what_failed_too_often_waits() {
    let world = World::new(&[]);
    let ask = |secret: &str| world.ask("GET", "/v1/shadow", &basic("mall", secret), "").status;
    let tried: Vec<u16> = (0..6).map(|_| ask("guess")).collect();
    assert_eq!(tried, [401, 401, 401, 401, 401, 429]);
    assert_eq!(ask(SECRET), 429);
    world.steady.fetch_add(60_000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(ask(SECRET), 200);
}

#[test]
fn what_whoever_runs_it_looks_at() {
    let world = World::new(&[("mode = \"enforce\" ", "mode = \"shadow\" ")]);
    assert_eq!(world.post(&json!({ "to": "13800138000", "text": OFFER }).to_string(), "").status, 202);
    let answer = world.ask("GET", "/healthz", "", "");
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"));
    let ready = world.ask("GET", "/readyz", "", "");
    assert_eq!((ready.status, ready.json()["upstream_links"].as_u64()), (503, Some(0)), "{ready:?}");
    assert_eq!(
        (ready.json()["outbox"].as_str(), ready.json()["evidence"].as_str()),
        (Some("ok"), Some("ok"))
    );
    let shadow = world.get("/v1/shadow").json();
    assert_eq!(shadow["would_have_stopped"]["no_consent"]["messages"], 1, "{shadow}");
    assert_eq!(world.ask("GET", "/v1/shadow", "", "").status, 401);
    let numbers = world.ask("GET", "/metrics", "", "").body;
    for line in [
        "anning_submits_total{account=\"mall\",result=\"accepted\"} 1",
        "anning_shadow_stopped_total{how=\"refused\"} 1",
        "anning_upstream_links{upstream=\"mobile\"} 0",
        "anning_draining 0",
    ] {
        assert!(numbers.lines().any(|own| own == line), "{line} is missing in\n{numbers}");
    }
    assert!(!numbers.contains("138"), "{numbers}");
    for (method, path, status) in [("GET", "/v1/messages", 405), ("POST", "/v1/x", 404), ("GET", "/", 404)] {
        assert_eq!(world.ask(method, path, "", "").status, status, "{method} {path}");
    }
}

const MAY: (&str, &str) = ("mode = \"enforce\" ", "record_acts = true\nmode = \"enforce\" ");

/// What became of each row, in a line.
fn rows(answer: &Answer) -> String {
    let acts = answer.json()["acts"].as_array().cloned().unwrap_or_default();
    let word = |one: &Value| {
        let column = one["column"].as_str().map_or(String::new(), |column| format!(" {column}"));
        format!("{} {}{column}", one["line"], one["status"].as_str().unwrap())
    };
    if acts.is_empty() { became(answer) } else { acts.iter().map(word).collect::<Vec<_>>().join(", ") }
}

/// Consents and withdrawals from elsewhere bind from the moment they are answered, and take back what waits.
#[test]
fn acts_go_on_record_while_it_serves() {
    let world = World::new(&[MAY]);
    let headers = format!("{}Content-Type: application/x-ndjson\r\n", basic("mall", SECRET));
    let put = |body: &str| world.ask("POST", "/v1/acts", &headers, body);
    let offer = json!({ "to": "13800138000", "text": OFFER }).to_string();
    assert_eq!(became(&world.post(&offer, "")), "refused no_consent");
    let given = json!({
        "recipient": "13800138000", "act": "given", "origin": "captured", "covers": "both", "event_id": "c-1",
        "occurred_at": "2026-11-01T10:00:00+08:00", "brand": "云栖", "controller": "yunqi",
        "channels": ["sms"], "kinds": "retail", "purposes": ["marketing"],
        "control": "ticked_by_recipient", "bundling": "separate", "prominence": "on_face", "forced": false, "related": true,
        "notice": { "hash": "0bb2", "names_controller": true, "states_purpose": true, "states_categories": true,
                    "states_retention": true, "states_rights": true, "states_type_frequency_period": true },
    });
    let answer = put(&given.to_string());
    assert_eq!((answer.status, rows(&answer).as_str()), (200, "1 on_record"), "{answer:?}");
    // Of the same act once more nothing new goes on record.
    assert_eq!(rows(&put(&given.to_string())), "1 repeated");
    assert_eq!(became(&world.post(&offer, "")), "accepted");
    let withdrawn = json!({
        "recipient": "+8613800138000", "act": "withdrawn", "brand": "云栖", "event_id": "w-1",
        "occurred_at": "2026-11-27T02:59:00Z",
    });
    let answer = put(&format!("{withdrawn}\n\nnot JSON\n"));
    assert_eq!((answer.status, rows(&answer).as_str()), (207, "1 on_record, 3 rejected"), "{answer:?}");
    assert!(!answer.body.contains("13800138000"), "{answer:?}");
    assert_eq!(became(&world.post(&offer, "")), "refused refused");
    for (change, column) in [
        (json!({ "recipient": "12" }), "recipient"),
        (json!({ "act": "agreed" }), "act"),
        (json!({ "event_id": "" }), "event_id"),
        (json!({ "occurred_at": "2026-11-01 10:00" }), "occurred_at"),
        (json!({ "occurred_at": "2027-11-01T10:00:00Z" }), "occurred_at"),
        (json!({ "controller": "bank" }), "controller"),
        (json!({ "brand": "other" }), "brand"),
        (json!({ "channels": ["pigeon"] }), "channels"),
        (json!({ "until": "soon" }), "until"),
        (json!({ "notice": { "hash": "page" } }), "notice"),
        (json!({ "frequency": "often" }), "frequency"),
    ] {
        let mut row = given.clone();
        row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = put(&row.to_string());
        assert_eq!((answer.status, rows(&answer)), (422, format!("1 rejected {column}")), "{change}");
    }
    assert_eq!(put("").status, 400);
    assert_eq!(world.ask("POST", "/v1/acts", &basic("mall", SECRET), "{}").status, 415);
    assert_eq!(world.ask("POST", "/v1/acts", "", "{}").status, 401);
    let answer = World::new(&[]).ask("POST", "/v1/acts", &headers, &given.to_string());
    assert_eq!((answer.status, rows(&answer).as_str()), (403, "may_not_record"));
}

/// What waits for somebody who withdraws is taken back.
#[test]
fn a_withdrawal_from_elsewhere_recalls() {
    let world = World::new(&[("mode = \"enforce\" ", "record_acts = true\nmode = \"shadow\" ")]);
    let offer = |to: &str| {
        let answer = world.post(&json!({ "to": to, "text": OFFER }).to_string(), "");
        answer.json()["recipients"][0]["id"].as_str().unwrap().to_owned()
    };
    let (own, other) = (offer("13800138000"), offer("13800138001"));
    let headers = format!("{}Content-Type: application/x-ndjson\r\n", basic("mall", SECRET));
    let row = json!({
        "recipient": "13800138000", "act": "refused", "controller": "yunqi", "event_id": "w-1",
        "occurred_at": "2026-11-27T10:59:00+08:00",
    });
    assert_eq!(rows(&world.ask("POST", "/v1/acts", &headers, &row.to_string())), "1 on_record");
    let state = |id: &str| world.get(&format!("/v1/messages/{id}")).json()["state"].clone();
    assert_eq!((state(&own), state(&other)), (json!("recalled"), json!("queued")));
}
