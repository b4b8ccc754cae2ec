//! Figures as JSON.

use anning_judge::{AT, Report, Share};
use serde_json::{Map, Value, json};

/// All figures of a report; those without rows to rest on are null.
pub(super) fn of(report: &Report) -> Value {
    let mut figures = Map::new();
    figures.insert("n".into(), json!(report.n));
    figures.insert("commercial".into(), json!(report.commercial));
    let mut put = |name: &str, figure: Option<Share>| figures.insert(name.into(), share(figure));
    put("precision", report.precision);
    put("recall", report.recall);
    put("f1", report.f1);
    put("auc", report.auc);
    for (rate, figure) in AT.iter().zip(report.recall_at) {
        put(&format!("recall_at_{:.0}_percent_false_alarms_on_notices", rate * 100.0), figure);
    }
    put("false_alarms_on_notices", report.false_alarms_notice);
    put("false_alarms_on_otp", report.false_alarms_otp);
    put("recall_on_mixed", report.mixed_recall);
    put("recall_on_mixed_at_2_percent_false_alarms_on_notices", report.mixed_recall_at_2);
    put("borderline", report.borderline);
    put("codes_seen_in_otp", report.codes_seen);
    Value::Object(figures)
}

/// The figure and its 95 % interval.
fn share(figure: Option<Share>) -> Value {
    let round = |x: f64| (x * 10_000.0).round() / 10_000.0;
    figure.map_or(
        Value::Null,
        |s| json!({ "value": round(s.value), "low": round(s.low), "high": round(s.high) }),
    )
}
