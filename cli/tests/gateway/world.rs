//! Folder, addresses, processes.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A gateway's folder and the addresses around it.
pub struct World {
    pub folder: PathBuf,
    pub gateway: u16,
    pub carrier: u16,
}

/// A process that does not outlive the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl World {
    pub fn new(name: &str, mode: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("anning-gateway-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let world = Self { folder, gateway: port(), carrier: port() };
        let sample = include_str!("../../../samples/gateway/demo.toml");
        let mut text = sample
            .replace("127.0.0.1:7890", &format!("127.0.0.1:{}", world.gateway))
            .replace("127.0.0.1:17890", &format!("127.0.0.1:{}", world.carrier))
            .replace("mode = \"shadow\"", &format!("mode = \"{mode}\"\nwindow = 256\nconnections = 8"))
            .replace("window = 32", "window = 256")
            .replace("10690001*", "1069*");
        // One door is enough.
        for other in ["smpp = \"127.0.0.1:2775\"\n", "http = \"127.0.0.1:8080\"\n"] {
            text = text.replace(other, "");
        }
        std::fs::write(world.folder.join("gateway.toml"), text).unwrap();
        world
    }

    pub fn anning(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anning"));
        command.args(words).current_dir(&self.folder).env("ANNING_LOG", "error");
        command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Puts it on record that so many people ticked a box of their own for this sender.
    pub fn agree(&self, first: u64, people: u64) {
        let folder = self.folder.join("in");
        std::fs::create_dir_all(&folder).unwrap();
        let mut rows =
            "recipient,act,occurred_at,origin,event_id,covers,controller,brand,channels,control,bundling,\
                        prominence,forced,related,notice\n"
                .to_owned();
        for person in first..first + people {
            rows += &format!(
                "{person},given,2026-01-05T10:00:00+08:00,captured,e{person},both,yunqi,云栖,sms,\
                 ticked_by_recipient,separate,on_face,no,no,n1\n"
            );
        }
        std::fs::write(folder.join("consents.csv"), rows).unwrap();
        let notices = "notice,version,hash,title,names_controller,states_purpose,states_categories,states_retention,\
                       states_rights,states_type_frequency_period\nn1,1,0bb2,营销短信单独同意,yes,yes,yes,yes,yes,yes\n";
        std::fs::write(folder.join("notices.csv"), notices).unwrap();
        // The gateway makes the ledger, and leaves it to the import.
        let gateway = self.serve();
        self.end(gateway);
        let words = ["ledger", "import", "demo/ledger", "--master", "demo/master.key", "in"];
        assert!(self.anning(&words).status().unwrap().success(), "import into {}", self.folder.display());
    }

    /// Starts the gateway.
    pub fn serve(&self) -> Running {
        let mut command = self.anning(&["serve", "gateway.toml", "--init", "--drain", "10"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "the gateway does not begin in {}", self.folder.display());
        // Read on, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        Running(child)
    }

    /// Ends the gateway as an operator does.
    pub fn end(&self, mut gateway: Running) {
        let id = gateway.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let ended = (0..3_000).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            gateway.0.try_wait().unwrap().is_some()
        });
        assert!(ended, "the gateway does not end");
    }

    pub fn carrier(&self, more: &[&str]) -> Running {
        let listen = format!("127.0.0.1:{}", self.carrier);
        let mut words = vec!["wire", "simulate", "carrier", "--protocol", "cmpp3", "--listen", &listen];
        words.extend(["--log", "carrier.log", "--report-after", "20"]);
        words.extend(more);
        Running(self.anning(&words).spawn().unwrap())
    }

    pub fn sender(&self, more: &[&str]) -> Running {
        let to = format!("127.0.0.1:{}", self.gateway);
        let mut words = vec!["wire", "simulate", "sender", "--protocol", "cmpp3", "--to", &to];
        words.extend(["--login", "901234", "--secret", "demokey1"]);
        words.extend(more);
        let mut command = self.anning(&words);
        Running(command.stdout(Stdio::piped()).spawn().unwrap())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// A port that is free now.
fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// How often each message stands in a log; in a sender's, those that were taken.
pub fn counted(path: &Path) -> HashMap<(String, String, u64), usize> {
    let mut all = HashMap::new();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    // The last line may be torn: its writer was killed.
    for line in text.lines() {
        let Ok(row) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        if row["replied"] == true {
            continue;
        }
        if row.get("code").and_then(serde_json::Value::as_u64).unwrap_or(0) != 0 {
            continue;
        }
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        *all.entry((text("number"), text("hash"), row["segment"].as_u64().unwrap_or(0))).or_default() += 1;
    }
    all
}
