//! From the sender to the carrier and all the way back.

use anning_text::Coding;

use super::world::{NOTICE, OFFER, SECRET, UNTOLD, World};

#[test]
fn report_and_refusal_come_back_and_the_refusal_binds() {
    let world = World::new(&[]);
    let carrier = world.carrier();
    let one = world.sender(OFFER, 1, |plan| plan.listen = Some(world.listener));
    world.until("the report is told", || one.counts().reports.matched == 1);
    let counts = one.counts();
    assert_eq!((counts.taken, counts.refused, counts.called), (1, 0, 1), "{counts:?}");
    assert_eq!((counts.reports.delivered, counts.reports.unknown), (1, 0), "{counts:?}");
    // The first of them refuses, twice: acted upon, confirmed once, told to the sender each time.
    for times in 1..=2 {
        assert!(carrier.reply("8613800000000", "1069000101", "T", Coding::Ascii));
        world.until("the reply is told", || one.counts().replies == times);
        world.until("the carrier has its answer", || carrier.counts().replies == times);
    }
    world.until("the confirmation is with the carrier", || carrier.counts().taken == 2);
    let again = |text| world.runtime.block_on(world.sender(text, 1, |_| {}).finish());
    let refused = again(OFFER);
    assert_eq!((refused.taken, refused.refused), (0, 1), "{refused:?}");
    assert!(refused.codes.keys().all(|code| (100..=255).contains(code)), "{refused:?}");
    // What is no offer still goes.
    assert_eq!(again(NOTICE).taken, 1);
    world.until("the notice is with the carrier", || carrier.counts().taken == 3);
    // Its report comes on the line that is open. Time stands still here, so that its id is that of the first message.
    world.until("the report is told", || one.counts().reports.duplicate == 1);
    let counts = one.counts();
    assert_eq!((counts.called, counts.reports.unknown, counts.replies), (1, 0, 2), "{counts:?}");
    let counts = carrier.counts();
    assert_eq!((counts.taken, counts.duplicates, counts.untaken), (3, 0, 0), "{counts:?}");
}

/// Our login there is longer than SGIP's enterprise code: what comes over another protocol goes out all the same, and is
/// told there alone.
#[test]
fn what_came_over_http_goes_over_sgip() {
    let world = World::new(&[]);
    let carrier = world.carrier();
    let listener = world.listening(SECRET);
    let body = format!("{{\"from\": \"1069000101\", \"to\": \"13800000000\", \"text\": \"{NOTICE}\"}}");
    let answer = world.http("POST /v1/messages", &body);
    assert!(answer.starts_with("HTTP/1.1 202") && answer.contains("\"accepted\""), "{answer}");
    let id = answer.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    world.until("it is delivered", || {
        world.http(&format!("GET /v1/messages/{id}"), "").contains("\"state\":\"delivered\"")
    });
    assert_eq!((carrier.counts().taken, world.metric(UNTOLD)), (1, 0));
    // A message of SGIP's own is told, and nothing before it.
    assert_eq!(world.runtime.block_on(world.sender(NOTICE, 1, |_| {}).finish()).taken, 1);
    let heard = || {
        let reports = listener.counts().reports;
        reports.matched + reports.unknown
    };
    world.until("the report is told", || heard() == 1);
    assert!(world.http(&format!("GET /v1/messages/{id}"), "").contains("\"state\":\"delivered\""));
}
