//! Messages of each context, ready but for what differs from send to send.

use ahash::RandomState;
use anning_consent::World;
use anning_vocab::{BrandId, Message, SignatureId};
use std::collections::HashMap;

use crate::input::{Context, Registry, hasher};

use super::record::{NO_SIGNATURE, SendRecord};

/// Messages by context, and the brands met. One a thread.
pub(crate) struct Templates<'w> {
    messages: &'w [Message],
    world: &'w World,
    branded: bool,
    brands: HashMap<(u32, u32, i32), Option<BrandId>, RandomState>,
}

/// The message of each context.
pub(crate) fn messages(contexts: &[Context], registry: &Registry) -> Vec<Message> {
    contexts.iter().map(|context| registry.message(context)).collect()
}

impl<'w> Templates<'w> {
    pub fn new(messages: &'w [Message], world: &'w World) -> Self {
        let branded = !world.brands.assertions().is_empty();
        Self { messages, world, branded, brands: HashMap::with_hasher(hasher()) }
    }

    /// The message of a send.
    pub fn message(&mut self, send: &SendRecord) -> Option<Message> {
        let (read, signature) = (send.reading, send.signature);
        let signature = (signature != NO_SIGNATURE).then_some(SignatureId(signature));
        let message = self.messages.get(send.context.0 as usize)?;
        let mut message = message.sent(send.sent_at, send.kind, read.text(), read.states_terms(), signature);
        if self.branded {
            message.brand = self.brand(send, &message);
        }
        Some(message)
    }

    fn brand(&mut self, send: &SendRecord, message: &Message) -> Option<BrandId> {
        let day = send.sent_at.date();
        let signature = message.signature.map_or(NO_SIGNATURE, |s| s.0);
        if self.brands.len() > BRANDS_MAX {
            self.brands.clear();
        }
        let brands = &self.world.brands;
        *self
            .brands
            .entry((send.context.0, signature, day.days()))
            .or_insert_with(|| brands.of_message(message.signature, message.sender(), message.port, day))
    }
}

/// Brands remembered at once.
const BRANDS_MAX: usize = 1 << 18;
