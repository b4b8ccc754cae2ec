//! What the protocols call their commands.

use anning_peers::Protocol;

/// The name of a command, with `_RESP` after it for an answer; `unknown` for a number that nobody gave.
pub(super) fn command(protocol: Protocol, command: u32) -> String {
    let is_answer = command & ANSWER != 0;
    let number = command & !ANSWER;
    if protocol == Protocol::Smpp && command == ANSWER {
        return "generic_nack".to_owned();
    }
    let table = match protocol {
        Protocol::Cmpp2 | Protocol::Cmpp3 => CMPP,
        Protocol::Smpp => SMPP,
        Protocol::Smgp => SMGP,
        Protocol::Sgip => SGIP,
    };
    let name = table.iter().find(|(known, _)| *known == number).map(|(_, name)| *name);
    match (name, is_answer, protocol) {
        (None, ..) => "unknown".to_owned(),
        (Some(name), false, _) => name.to_owned(),
        (Some(name), true, Protocol::Smpp) => format!("{name}_resp"),
        (Some(name), true, Protocol::Smgp | Protocol::Sgip) => format!("{name}_Resp"),
        (Some(name), true, Protocol::Cmpp2 | Protocol::Cmpp3) => format!("{name}_RESP"),
    }
}

/// The bit that makes an answer of a request.
const ANSWER: u32 = 0x8000_0000;
const CMPP: &[(u32, &str)] = &[
    (1, "CMPP_CONNECT"),
    (2, "CMPP_TERMINATE"),
    (4, "CMPP_SUBMIT"),
    (5, "CMPP_DELIVER"),
    (6, "CMPP_QUERY"),
    (7, "CMPP_CANCEL"),
    (8, "CMPP_ACTIVE_TEST"),
    (9, "CMPP_FWD"),
    (0x10, "CMPP_MT_ROUTE"),
    (0x11, "CMPP_MO_ROUTE"),
    (0x12, "CMPP_GET_MT_ROUTE"),
    (0x13, "CMPP_MT_ROUTE_UPDATE"),
    (0x14, "CMPP_MO_ROUTE_UPDATE"),
    (0x15, "CMPP_PUSH_MT_ROUTE_UPDATE"),
    (0x16, "CMPP_PUSH_MO_ROUTE_UPDATE"),
    (0x17, "CMPP_GET_MO_ROUTE"),
];
const SMPP: &[(u32, &str)] = &[
    (1, "bind_receiver"),
    (2, "bind_transmitter"),
    (3, "query_sm"),
    (4, "submit_sm"),
    (5, "deliver_sm"),
    (6, "unbind"),
    (7, "replace_sm"),
    (8, "cancel_sm"),
    (9, "bind_transceiver"),
    (0x0B, "outbind"),
    (0x15, "enquire_link"),
    (0x21, "submit_multi"),
    (0x102, "alert_notification"),
    (0x103, "data_sm"),
    (0x111, "broadcast_sm"),
    (0x112, "query_broadcast_sm"),
    (0x113, "cancel_broadcast_sm"),
];
const SMGP: &[(u32, &str)] = &[
    (1, "Login"),
    (2, "Submit"),
    (3, "Deliver"),
    (4, "Active_Test"),
    (5, "Forward"),
    (6, "Exit"),
    (7, "Query"),
    (8, "Query_TE_Route"),
    (9, "Query_SP_Route"),
    (0x0A, "Payment_Request"),
    (0x0B, "Payment_Affirm"),
    (0x0C, "Query_UserState"),
    (0x0D, "Get_All_TE_Route"),
    (0x0E, "Get_All_SP_Route"),
    (0x0F, "Update_TE_Route"),
    (0x10, "Update_SP_Route"),
    (0x11, "Push_Update_TE_Route"),
    (0x12, "Push_Update_SP_Route"),
];
const SGIP: &[(u32, &str)] = &[
    (1, "Bind"),
    (2, "Unbind"),
    (3, "Submit"),
    (4, "Deliver"),
    (5, "Report"),
    (6, "AddSP"),
    (7, "ModifySP"),
    (8, "DeleteSP"),
    (9, "QueryRoute"),
    (0x0A, "AddTeleSeg"),
    (0x0B, "ModifyTeleSeg"),
    (0x0C, "DeleteTeleSeg"),
    (0x0D, "AddSMG"),
    (0x0E, "ModifySMG"),
    (0x0F, "DeleteSMG"),
    (0x10, "CheckUser"),
    (0x11, "UserRpt"),
    (0x1000, "Trace"),
];
