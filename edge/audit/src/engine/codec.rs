//! Tables of a run as bytes, so that a run that was killed goes on with the same numbers for the same names.

use anning_vocab::{
    AgeBand, Audience, BrandId, Bundling, CampaignId, Channel, ContentKind, Control, Covers, Date, Declared,
    Frequency, Notice, PageSeen, Parties, PartyId, PortId, Prominence, Provision, Purpose, RecipientKind,
    SenderNumber, Set, SignatureId, Terms, Timestamp, Window,
};

use crate::input::Context;

/// Writes values one after the other.
#[derive(Default)]
pub(crate) struct Encoder {
    pub bytes: Vec<u8>,
}

/// Reads them back; `None` where the bytes are damaged.
pub(crate) struct Decoder<'b> {
    bytes: &'b [u8],
}

impl Encoder {
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn text(&mut self, text: &str) {
        self.u64(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.u64(items.len() as u64);
        for item in items {
            write(self, item);
        }
    }

    fn id(&mut self, id: Option<u32>) {
        self.u64(id.map_or(u64::MAX, u64::from));
    }

    fn word(&mut self, index: Option<usize>) {
        self.u8(index.and_then(|i| u8::try_from(i).ok()).unwrap_or(u8::MAX));
    }

    fn flag(&mut self, flag: Option<bool>) {
        self.u8(flag.map_or(u8::MAX, u8::from));
    }

    pub fn context(&mut self, c: &Context) {
        self.word(Some(c.channel.index()));
        self.id(c.sender_number.map(|p| p.0));
        self.word(Some(c.sender_number_state.index()));
        self.id(c.signature.map(|s| s.0));
        self.id(c.campaign.map(|c| c.0));
        let p = &c.parties;
        for party in [p.advertiser, p.content_provider, p.service_provider, p.carrier, p.controller] {
            self.id(party.map(|p| p.0));
        }
        self.word(c.declared.map(Declared::index));
        self.word(c.kind.map(ContentKind::index));
        self.word(c.purpose.map(Purpose::index));
        self.word(c.audience.map(Audience::index));
        self.word(c.recipient_kind.map(RecipientKind::index));
        self.word(Some(c.age.index()));
        self.id(c.wording);
    }

    pub fn terms(&mut self, t: &Terms) {
        self.id(t.controller.map(|p| p.0));
        self.id(t.brand.map(|b| b.0));
        self.id(t.port.map(|p| p.0));
        self.word(Some(t.covers.index()));
        self.id(t.channels.map(Set::bits));
        self.id(t.kinds.map(Set::bits));
        self.id(t.purposes.map(Set::bits));
        self.id(t.categories.map(Set::bits));
        self.id(t.frequency.map(|f| u32::from(f.at_most)));
        self.word(t.frequency.map(|f| f.per.index()));
        self.id(t.until.map(|d| d.days().cast_unsigned()));
        self.id(t.days);
        self.word(Some(t.control.index()));
        self.word(Some(t.bundling.index()));
        self.word(Some(t.prominence.index()));
        for flag in [t.forced, t.related, t.guardian] {
            self.flag(flag);
        }
        self.u8(u8::from(t.notice.is_some()));
        if let Some(n) = t.notice {
            self.u64(n.hash);
            let stated = [
                n.names_controller,
                n.states_purpose,
                n.states_categories,
                n.states_retention,
                n.states_rights,
                n.states_type_frequency_period,
            ];
            stated.into_iter().for_each(|flag| self.flag(flag));
        }
        self.u8(u8::from(t.provision.is_some()));
        if let Some(p) = t.provision {
            self.id(p.recipient.map(|p| p.0));
            [p.contact, p.purpose_and_method, p.categories, p.separate]
                .into_iter()
                .for_each(|flag| self.flag(flag));
        }
        self.word(Some(t.age.index()));
        self.id(t.wording);
        self.u8(u8::from(t.page.is_some()));
        if let Some(page) = t.page {
            self.u64(page.version);
            self.u64(page.since.millis().cast_unsigned());
            self.u8(u8::from(page.contradicts) | u8::from(page.sealed) << 1);
        }
    }
}

impl<'b> Decoder<'b> {
    pub const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*head)
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.fixed::<1>().map(|[b]| b)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.fixed().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.fixed().map(u64::from_le_bytes)
    }

    pub fn text(&mut self) -> Option<String> {
        let len = usize::try_from(self.u64()?).ok()?;
        let (text, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let len = usize::try_from(self.u64()?).ok()?;
        // Each item takes a byte at least, so a damaged length cannot ask for more than there is.
        if len > self.bytes.len() {
            return None;
        }
        (0..len).map(|_| read(self)).collect()
    }

    fn id(&mut self) -> Option<Option<u32>> {
        let id = self.u64()?;
        if id == u64::MAX { Some(None) } else { u32::try_from(id).ok().map(Some) }
    }

    fn word<T: Copy>(&mut self, all: &[T]) -> Option<Option<T>> {
        let at = self.u8()?;
        if at == u8::MAX { Some(None) } else { all.get(usize::from(at)).copied().map(Some) }
    }

    fn flag(&mut self) -> Option<Option<bool>> {
        match self.u8()? {
            u8::MAX => Some(None),
            0 => Some(Some(false)),
            1 => Some(Some(true)),
            _ => None,
        }
    }

    pub fn context(&mut self) -> Option<Context> {
        Some(Context {
            channel: self.word(Channel::ALL)??,
            sender_number: self.id()?.map(PortId),
            sender_number_state: self.word(SenderNumber::ALL)??,
            signature: self.id()?.map(SignatureId),
            campaign: self.id()?.map(CampaignId),
            parties: Parties {
                advertiser: self.id()?.map(PartyId),
                content_provider: self.id()?.map(PartyId),
                service_provider: self.id()?.map(PartyId),
                carrier: self.id()?.map(PartyId),
                controller: self.id()?.map(PartyId),
            },
            declared: self.word(Declared::ALL)?,
            kind: self.word(ContentKind::ALL)?,
            purpose: self.word(Purpose::ALL)?,
            audience: self.word(Audience::ALL)?,
            recipient_kind: self.word(RecipientKind::ALL)?,
            age: self.word(AgeBand::ALL)??,
            wording: self.id()?,
        })
    }

    pub fn terms(&mut self) -> Option<Terms> {
        let mut t = Terms::silent(Covers::Receive);
        t.controller = self.id()?.map(PartyId);
        t.brand = self.id()?.map(BrandId);
        t.port = self.id()?.map(PortId);
        t.covers = self.word(Covers::ALL)??;
        t.channels = self.id()?.map(Set::from_bits);
        t.kinds = self.id()?.map(Set::from_bits);
        t.purposes = self.id()?.map(Set::from_bits);
        t.categories = self.id()?.map(Set::from_bits);
        let at_most = self.id()?.and_then(|n| u16::try_from(n).ok());
        let per = self.word(Window::ALL)?;
        t.frequency = at_most.zip(per).map(|(at_most, per)| Frequency { at_most, per });
        t.until = self.id()?.map(|days| Date::from_days(days.cast_signed()));
        t.days = self.id()?;
        t.control = self.word(Control::ALL)??;
        t.bundling = self.word(Bundling::ALL)??;
        t.prominence = self.word(Prominence::ALL)??;
        (t.forced, t.related, t.guardian) = (self.flag()?, self.flag()?, self.flag()?);
        if self.u8()? == 1 {
            t.notice = Some(Notice {
                hash: self.u64()?,
                names_controller: self.flag()?,
                states_purpose: self.flag()?,
                states_categories: self.flag()?,
                states_retention: self.flag()?,
                states_rights: self.flag()?,
                states_type_frequency_period: self.flag()?,
            });
        }
        if self.u8()? == 1 {
            t.provision = Some(Provision {
                recipient: self.id()?.map(PartyId),
                contact: self.flag()?,
                purpose_and_method: self.flag()?,
                categories: self.flag()?,
                separate: self.flag()?,
            });
        }
        t.age = self.word(AgeBand::ALL)??;
        t.wording = self.id()?;
        if self.u8()? == 1 {
            let version = self.u64()?;
            let since = Timestamp::from_millis(self.u64()?.cast_signed());
            let flags = self.u8()?;
            t.page = Some(PageSeen { version, since, contradicts: flags & 1 != 0, sealed: flags & 2 != 0 });
        }
        Some(t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_and_contexts_come_back() {
        let mut full = Terms::silent(Covers::Both);
        full.controller = Some(PartyId(3));
        full.channels = Some(Set::<Channel>::of(&[Channel::Sms, Channel::Leaflet]));
        full.frequency = Some(Frequency { at_most: 4, per: Window::Month });
        full.until = Date::parse("2024-02-29").ok();
        full.days = Some(365);
        full.control = Control::TickedByDefault;
        full.forced = Some(false);
        full.page =
            Some(PageSeen { version: 7, since: Timestamp::from_millis(-5), contradicts: true, sealed: true });
        full.notice = Some(Notice { hash: 9, states_rights: Some(true), ..Notice::default() });
        full.provision = Some(Provision {
            recipient: None,
            contact: Some(true),
            purpose_and_method: None,
            categories: Some(false),
            separate: Some(true),
        });
        full.age = AgeBand::Minor;
        let context = Context {
            channel: Channel::Rcs,
            sender_number: Some(PortId(7)),
            sender_number_state: SenderNumber::False,
            signature: None,
            campaign: Some(CampaignId(0)),
            parties: Parties { carrier: Some(PartyId(1)), ..Parties::default() },
            declared: Some(Declared::Code),
            kind: None,
            purpose: Some(Purpose::ConsentRequest),
            audience: Some(Audience::Tags),
            recipient_kind: Some(RecipientKind::Foreign),
            age: AgeBand::Under14,
            wording: Some(5),
        };
        let mut out = Encoder::default();
        let silent = Terms::silent(Covers::Process);
        out.list(&[full, silent], |out, t| out.terms(t));
        out.context(&context);
        let mut back = Decoder::new(&out.bytes);
        assert_eq!(back.list(Decoder::terms), Some(vec![full, silent]));
        assert_eq!(back.context(), Some(context));
        assert_eq!(back.u8(), None);
        for cut in 0..out.bytes.len() {
            let mut cut = Decoder::new(&out.bytes[..cut]);
            assert!(cut.list(Decoder::terms).is_none() || cut.context().is_none());
        }
    }
}
