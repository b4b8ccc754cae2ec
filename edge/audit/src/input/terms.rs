//! What an act says besides time and recipient: few distinct combinations, each kept once.

use anning_consent::Cited;
use anning_vocab::{
    ActKind, AgeBand, Bundling, Category, Channel, ContentKind, Control, Covers, Origin, ProcessingPurpose,
    Prominence, Provision, Terms,
};

use super::address;
use super::context::port;
use super::names::Names;
use super::pages;
use super::registry::Registry;
use super::reject::Fault;
use super::table::acts as at;
use super::time::day;
use super::word::{days, flag, frequency, id, word, words};

/// The columns of an act's combination, in the order in which [`parse`] gets them.
pub(crate) const COLUMNS: &[usize] = &[
    at::ACT,
    at::ORIGIN,
    at::COVERS,
    at::CONTROLLER,
    at::BRAND,
    at::PORT,
    at::CHANNELS,
    at::KINDS,
    at::PURPOSES,
    at::CATEGORIES,
    at::FREQUENCY,
    at::UNTIL,
    at::DAYS,
    at::CONTROL,
    at::BUNDLING,
    at::PROMINENCE,
    at::FORCED,
    at::RELATED,
    at::GUARDIAN,
    at::NOTICE,
    at::PROVISION_TO,
    at::PROVISION,
    at::PROVISION_CONTACT,
    at::PROVISION_PURPOSE,
    at::PROVISION_CATEGORIES,
    at::PROVISION_SEPARATE,
    at::AGE,
    at::WORDING,
    at::PAGE,
    at::PAGE_ADDRESS,
];

/// Reads the cells of [`COLUMNS`].
pub(crate) fn parse(
    cells: &[&str],
    names: &Names,
    registry: &Registry,
) -> Result<(ActKind, Origin, Terms, Cited), Fault> {
    let &[
        act,
        origin,
        covers,
        controller,
        brand,
        port_cell,
        channels,
        kinds,
        purposes,
        categories,
        frequency_cell,
        until,
        days_cell,
        control,
        bundling,
        prominence,
        forced,
        related,
        guardian,
        notice,
        ref provision @ ..,
        age,
        wording,
        page,
        page_address,
    ] = cells
    else {
        return Err(Fault::of_row("the columns of an act are not the ones expected", ""));
    };
    let Some(kind) = word!(ActKind, "act", act)? else {
        let allowed: Vec<&str> = ActKind::ALL.iter().map(|a| a.code()).collect();
        return Err(Fault::new("act", format!("act is empty; allowed: {}", allowed.join(" ")), ""));
    };
    let until = match id(until) {
        None => None,
        Some(cell) => Some(day(cell).map_err(|e| Fault::new("until", e.to_string(), cell))?),
    };
    let terms = Terms {
        controller: id(controller).map(|p| names.party(p)),
        brand: id(brand).map(|b| names.brand(b)),
        port: port("port", port_cell)?.map(|p| names.port(&p)),
        covers: word!(Covers, "covers", covers)?.unwrap_or(Covers::Receive),
        channels: words!(Channel, "channels", channels)?,
        kinds: words!(ContentKind, "kinds", kinds)?,
        purposes: words!(ProcessingPurpose, "purposes", purposes)?,
        categories: words!(Category, "categories", categories)?,
        frequency: frequency("frequency", frequency_cell)?,
        until,
        days: days("days", days_cell)?,
        control: word!(Control, "control", control)?.unwrap_or(Control::NotRecorded),
        bundling: word!(Bundling, "bundling", bundling)?.unwrap_or(Bundling::NotRecorded),
        prominence: word!(Prominence, "prominence", prominence)?.unwrap_or(Prominence::NotRecorded),
        forced: flag("forced", forced)?,
        related: flag("related", related)?,
        notice: id(notice).map(|n| registry.notice(names.notice(n))),
        provision: self::provision(provision, names)?,
        age: word!(AgeBand, "age", age)?.unwrap_or(AgeBand::Unknown),
        guardian: flag("guardian", guardian)?,
        wording: id(wording).map(|w| names.wording(w)),
        page: None,
    };
    let cited = Cited {
        page: id(page).map(|cell| pages::cited(cell, registry.pages(), names)),
        address: id(page_address).map(|text| address::address(text, names)),
        controller: terms.controller,
    };
    Ok((kind, word!(Origin, "origin", origin)?.unwrap_or(Origin::Imported), terms, cited))
}

/// Consent to hand data on, if the row is one.
fn provision(cells: &[&str], names: &Names) -> Result<Option<Provision>, Fault> {
    let &[to, provides, contact, purpose, categories, separate] = cells else { return Ok(None) };
    let provision = Provision {
        recipient: id(to).map(|p| names.party(p)),
        contact: flag("provision_contact", contact)?,
        purpose_and_method: flag("provision_purpose", purpose)?,
        categories: flag("provision_categories", categories)?,
        separate: flag("provision_separate", separate)?,
    };
    let provides = flag("provision", provides)?;
    if provides == Some(false) && provision.recipient.is_some() {
        return Err(Fault::new("provision", "says no, but provision_to names a party", to));
    }
    Ok((provision.recipient.is_some() || provides == Some(true)).then_some(provision))
}
