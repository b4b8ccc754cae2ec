//! The sample holds; every fault of a bad file is named at once.
#![cfg(test)]

use std::net::SocketAddr;
use std::path::Path;

use anning_decide::Mode;
use anning_gateway::config::{Config, Fault, Outside, Protocol};
use anning_vocab::{Class, Recipient};

const SAMPLE: &str = include_str!("../../../samples/gateway/gateway.toml");

fn parse(text: &str) -> Result<(Config, Vec<Fault>), Vec<Fault>> {
    let variable = |name: &str| name.strip_prefix("ANNING_SECRET_").map(|of| format!("of {of}"));
    let file = |path: &Path| {
        let missing = path.to_string_lossy().contains("missing");
        if missing { Err(std::io::ErrorKind::NotFound.into()) } else { Ok("s3cret\n".to_owned()) }
    };
    Config::parse(text, &Outside { variable: &variable, file: &file })
}

#[test]
fn the_sample_is_in_shadow_mode_and_without_fault() {
    let (config, warnings) = parse(SAMPLE).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert!(warnings.is_empty(), "{warnings:#?}");
    for account in config.accounts.values() {
        for class in Class::ALL {
            assert_eq!(account.mode(*class), Mode::Shadow, "{} {class}", account.name);
        }
    }
    for address in config.listen.at.values() {
        assert!(SocketAddr::ip(address).is_loopback());
    }
    let mall = config.account(Protocol::Cmpp, b"901234").unwrap();
    assert_eq!((&*mall.name, mall.secret.bytes()), ("mall", &b"of MALL"[..]));
    assert!(config.account(Protocol::Smpp, b"901234").is_none());
    assert_eq!(config.upstreams["mobile"].secret.bytes(), b"s3cret");
    assert!(mall.may_show("1069000177") && !mall.may_show("1069") && !mall.may_show(""));
    assert!(mall.may_sign("云栖百货") && !mall.may_sign("某银行"));
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn routes_follow_the_number_plan() {
    let (config, _) = parse(SAMPLE).unwrap();
    let check = |number: &str, upstream: &str| {
        let recipient = Recipient::parse(number).unwrap();
        assert_eq!(&*config.route("mall", &recipient).unwrap().name, upstream, "{number}");
    };
    check("13800138000", "mobile");
    check("+8613800138000", "mobile");
    check("+85291234567", "world");
    check("010-62345678", "world");
}

#[test]
fn what_takes_a_restart_is_said() {
    let (config, _) = parse(SAMPLE).unwrap();
    let check = |from: &str, to: &str, restart: &[&str]| {
        let changed = SAMPLE.replacen(from, to, 1);
        assert_ne!(changed, SAMPLE, "{from}");
        let (new, _) = parse(&changed).unwrap_or_else(|faults| panic!("{faults:#?}"));
        assert_eq!(config.needs_restart(&new), restart, "{to}");
    };
    check("cap = \"4/week\"", "cap = \"1/day\"", &[]);
    check("mode = \"shadow\"  ", "mode = \"enforce\" ", &[]);
    check("127.0.0.1:7890", "127.0.0.1:7891", &["listen"]);
    check("letters_max = 1_000_000", "letters_max = 2_000_000", &["outbox"]);
    check("window = 16", "window = 17", &["upstream"]);
    check("evidence = \"all\"", "evidence = \"refusals\"", &["ledger"]);
}

/// Each change to the sample, and what is said of it: key, a part of the hint, the value.
#[test]
fn each_fault_names_key_value_and_way_out() {
    let check = |from: &str, to: &str, key: &str, hint: &str, value: &str| {
        let changed = SAMPLE.replacen(from, to, 1);
        assert_ne!(changed, SAMPLE, "{from}");
        let faults = parse(&changed).map_or_else(|faults| faults, |(_, warnings)| warnings);
        let found = faults.iter().any(|f| f.key == key && f.what.contains(hint) && f.value == value);
        assert!(found, "{to}: {faults:#?}");
    };
    check(
        "quiet_hours = \"21:00-08:00\"",
        "quiet_hours = \"9pm\"",
        "account[1].quiet_hours",
        "21:00-08:00",
        "9pm",
    );
    check("cap = \"4/week\"", "cap = 4", "account[1].cap", "text in quotes", "4");
    check("mode = \"shadow\"  ", "mode = \"shaddow\" ", "account[1].mode", "shadow enforce", "shaddow");
    check("mode = \"shadow\"  ", "mod = \"shadow\"   ", "account[1].mod", "is `mode` meant", "\"shadow\"");
    check("{ cmpp = \"901234\",", "{ cmpp = \"9012345\",", "account[1].login.cmpp", "at most 6", "9012345");
    check("sources = [\"10690001*\"]", "sources = [\"1069*1\"]", "account[1].sources", "beginning", "1069*1");
    check("sources = [\"10690001*\"]", "sources = []", "account[1].sources", "missing", "");
    let own = |line: &str| format!("connections = 4\n{line}");
    let alone = "the account has no login";
    for (line, key, hint, value) in [
        ("versions = [\"1.0\"]", "account[1].versions", "\"2.0\" or \"3.0\"", "1.0"),
        ("refusal_codes = \"none\"", "account[1].refusal_codes", "reasons plain", "none"),
        ("refusal_codes = \"plain\"", "account[1].refusal_codes", alone, ""),
        ("international_numbers = \"x\"", "account[1].international_numbers", "as-declared", "x"),
        ("international_numbers = \"as-declared\"", "account[1].international_numbers", alone, ""),
    ] {
        check("connections = 4", &own(line), key, hint, value);
    }
    check("[\"10.0.0.0/8\", ", "[\"10.0.0.0/99\", ", "account[1].from", "network", "10.0.0.0/99");
    check(
        "secret_env = \"ANNING_SECRET_MALL\"",
        "secret_env = \"NOPE\"",
        "account[1].secret_env",
        "set it",
        "NOPE",
    );
    check(
        "secret_env = \"ANNING_SECRET_MALL\"",
        "secret = \"plain\"",
        "account[1].secret",
        "secret_file",
        "",
    );
    check("secret_env = \"ANNING_SECRET_MALL\"", "", "account[1].secret", "missing", "");
    check(
        "\"/etc/anning/mobile.secret\"",
        "\"missing\"",
        "upstream[1].secret_file",
        "cannot be read",
        "missing",
    );
    check("upstream = \"mobile\"", "upstream = \"mobil\"", "route[1].upstream", "no [[upstream]]", "mobil");
    check("carrier = \"home\"", "carrier = \"away\"", "route[1].carrier", "no [[carrier]]", "away");
    check("campaign = \"mall\"  ", "campaign = \"male\"  ", "account `mall`", "no [[campaign]]", "male");
    check("advertiser = \"bank\"", "advertiser = \"banc\"", "account `bank`", "no [[party]]", "banc");
    check("from = 2022-06-01\n#", "from = \"2022-6-1\"\n#", "filing[2].from", "2024-05-01", "2022-6-1");
    check("# until = 2030-01-01", "until = 2020-01-01", "filing[2].until", "ends before", "2020-01-01");
    check(
        "keys = \"/var/lib/anning/ledger.keys\"",
        "keys = \"/var/lib/anning/ledger/k\"",
        "ledger.keys",
        "outside",
        "/var/lib/anning/ledger/k",
    );
    check("127.0.0.1:8080", "0.0.0.0:8080", "listen.http", "without TLS", "0.0.0.0:8080");
    check("cmpp = \"127.0.0.1:7890\"", "cmpp = \"localhost\"", "listen.cmpp", "127.0.0.1:7890", "localhost");
    check("# tls_cert", "tls_cert", "listen.tls_key", "missing", "");
    check("version = \"3.0\"", "version = \"4.0\"", "upstream[1].version", "3.0 2.0", "4.0");
    check(
        "address = \"192.0.2.10:7890\"",
        "address = \"192.0.2.10\"",
        "upstream[1].address",
        "a port",
        "192.0.2.10",
    );
    check(
        "127.0.0.1:2775",
        "127.0.0.1:7890",
        "listen.smpp",
        "listens where listen.cmpp does",
        "127.0.0.1:7890",
    );
    let long = "at most 6 ASCII characters in cmpp";
    check("login = \"123456\"", "login = \"1234567\"", "upstream[1].login", long, "1234567");
    check(
        "version = \"3.4\"",
        "version = \"3.4\"\nenterprise = \"1\"",
        "upstream[2].enterprise",
        "no field",
        "1",
    );
    check("ANNING_SECRET_BANK", "ANNING_SECRET_BANKERS", "account[2].secret", "8 octets", "");
    let shown = "wrote to the person last";
    check("sources = [\"95000\"]", "sources = [\"1069*\"]", "account `mall`", shown, "10690001*");
    check("window = 32  ", "window = 0   ", "account[1].window", "from 1 to 1024", "0");
    check("# Number plans", "[nonsense]\n#", "nonsense", "unknown key", "");
    check("[ledger]\n", "[ledger\n", "line 7", "no TOML", "");
}

/// The account of the sample, as a sender of SGIP that is called.
const CALLED: &str = "login = { sgip = \"mall\" }
deliver_to = \"192.0.2.40:8801\"
deliver_login = \"anning\"
deliver_secret_file = \"/etc/anning/deliver.secret\"
";

#[test]
fn where_senders_of_sgip_are_called() {
    let login = "login = { cmpp = \"901234\", http = \"mall\" }";
    let with = |keys: &str| parse(&SAMPLE.replacen(login, keys, 1));
    let (config, warnings) = with(CALLED).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert!(warnings.is_empty(), "{warnings:#?}");
    let to = config.accounts["mall"].deliveries.clone().unwrap();
    assert_eq!((&*to.to, &*to.login, to.node, to.window), ("192.0.2.40:8801", "anning", 0, 32));
    assert_eq!(to.secret.bytes(), b"s3cret");
    assert_eq!((to.answer_within.as_secs(), to.idle.as_secs()), (30, 30));
    let check = |from: &str, to: &str, key: &str, hint: &str, value: &str| {
        let keys = CALLED.replacen(from, to, 1);
        assert_ne!(keys, CALLED, "{from}");
        let faults = with(&keys).map_or_else(|faults| faults, |(_, warnings)| warnings);
        let key = format!("account[1].{key}");
        let found = faults.iter().any(|f| f.key == key && f.what.contains(hint) && f.value == value);
        assert!(found, "{to}: {faults:#?}");
    };
    check("192.0.2.40:8801", "192.0.2.40", "deliver_to", "a port", "192.0.2.40");
    check("sgip = \"mall\"", "smgp = \"mall\"", "deliver_to", "only a sender of SGIP", "192.0.2.40:8801");
    check("deliver_to = \"192.0.2.40:8801\"\n", "", "deliver_to", "`deliver_login` is given", "");
    check("deliver_login = \"anning\"\n", "", "deliver_login", "missing", "");
    check("= \"anning\"", "= \"anning-at-the-mall\"", "deliver_login", "at most 16", "anning-at-the-mall");
    let file = "deliver_secret_file = \"/etc/anning/deliver.secret\"";
    check(file, "", "deliver_secret", "give deliver_secret_file", "");
    check(file, "deliver_secret_file = \"missing\"", "deliver_secret_file", "cannot be read", "missing");
    check(file, "deliver_secret = \"of more than 16 octets\"", "deliver_secret", "at most 16", "");
    check(file, "deliver_secret = \"plain\"", "deliver_secret", "move it to deliver_secret_file", "");
    check("deliver_login", "deliver_timeout = 0\ndeliver_login", "deliver_timeout", "from 1 to 300", "0");
    check("deliver_login", "deliver_node = -1\ndeliver_login", "deliver_node", "from 0", "-1");
    // A sender of SGIP that is told nowhere is warned of.
    let (_, warnings) = with("login = { sgip = \"mall\" }").unwrap();
    assert!(
        warnings.iter().any(|w| w.key == "account[1].deliver_to" && w.what.contains("none would reach it"))
    );
}

/// SGIP has five octets for what other protocols call by the login.
#[test]
fn enterprise_codes_have_room() {
    let sgip = |keys: &str| {
        let from = "protocol = \"cmpp\"                        # cmpp, smpp, smgp, sgip\nversion = \"3.0\"";
        let text =
            SAMPLE.replacen(from, &format!("protocol = \"sgip\"\nlisten = \"127.0.0.1:0\"\n{keys}"), 1);
        assert_ne!(text, SAMPLE);
        parse(&text).map(|(config, _)| config.upstreams["mobile"].enterprise.clone())
    };
    let code = |keys: &str, expected: &str| assert_eq!(sgip(keys).as_deref(), Ok(expected), "{keys}");
    code("enterprise = \"54321\"", "54321");
    code("node = 3010012345", "12345");
    code("node = 3010012345\nenterprise = \"54321\"", "54321");
    let faulty = |keys: &str, hint: &str| {
        let faults = sgip(keys).unwrap_err();
        let found = faults.iter().any(|f| f.key == "upstream[1].enterprise" && f.what.contains(hint));
        assert!(found, "{keys}: {faults:#?}");
    };
    faulty("", "missing; the login is longer");
    faulty("node = 77", "missing; the login is longer");
    faulty("enterprise = \"123456\"", "at most 5");
    assert_eq!(parse(SAMPLE).unwrap().0.upstreams["mobile"].enterprise, "123456");
}

#[test]
fn all_faults_come_at_once() {
    let bad = SAMPLE
        .replacen("cap = \"4/week\"", "cap = \"x\"", 1)
        .replacen("version = \"3.0\"", "version = \"9\"", 1)
        .replacen("folder = \"/var/lib/anning/outbox\"", "", 1)
        .replacen("brand = \"云栖\"", "", 1);
    let keys: Vec<String> = parse(&bad).unwrap_err().into_iter().map(|fault| fault.key).collect();
    // Nothing that follows from another fault is told as well.
    let one = SAMPLE.replacen("sources = [\"10690001*\"]", "sources = [\"1069*1\"]", 1);
    assert_eq!(parse(&one).unwrap_err().len(), 1);
    for key in ["outbox.folder", "account[1].cap", "upstream[1].version", "brand[1].brand"] {
        assert!(keys.contains(&key.to_owned()), "{key} {keys:?}");
    }
}

#[test]
fn nothing_at_all_says_what_is_missing() {
    let keys: Vec<String> = parse("").unwrap_err().into_iter().map(|fault| fault.key).collect();
    for key in ["ledger.folder", "outbox.folder", "listen"] {
        assert!(keys.contains(&key.to_owned()), "{key} {keys:?}");
    }
}
