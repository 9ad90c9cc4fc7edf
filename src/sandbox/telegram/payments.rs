//! People who pay in Telegram Stars.

use serde_json::json;

use crate::sandbox::telegram::{person::Person, state::PendingCheckout};

impl Person {
    /// They confirm an invoice with this payload. Returns the id of the query, which the bot must
    /// answer before they are charged.
    pub fn checks_out(&self, payload: &str, stars: u32) -> String {
        let now = self.telegram.now();
        self.telegram.change(|state| {
            let query = format!("{}{:04}", 4_400_000_000_000_i64, state.checkouts.len());
            state.checkouts.insert(query.clone(), PendingCheckout { at: now, answer: None });
            let from = state.chat(self.id()).user.json();
            let update = json!({"id": query, "from": from, "currency": "XTR",
                "total_amount": stars, "invoice_payload": payload});
            state.updates.add("pre_checkout_query", &update, now);
            query
        })
    }

    /// What the bot answered to a checkout. None: not yet; an empty text: they may pay.
    pub fn answer_to_checkout(&self, query: &str) -> Option<String> {
        self.telegram.read(|state| state.checkouts.get(query)?.answer.clone())
    }

    /// They have paid: Telegram notes it in the chat.
    pub fn pays(&self, payload: &str, stars: u32, charge: &str) {
        self.is_noted("successful_payment", payload, stars, charge);
    }

    /// They have their stars back: Telegram notes it in the chat.
    pub fn is_refunded(&self, payload: &str, stars: u32, charge: &str) {
        self.is_noted("refunded_payment", payload, stars, charge);
    }

    fn is_noted(&self, kind: &str, payload: &str, stars: u32, charge: &str) {
        let now = self.telegram.now();
        self.telegram.change(|state| {
            let id = state.next_message();
            let user = &state.chat(self.id()).user;
            let (from, chat) = (user.json(), user.chat_json());
            let payment = json!({"currency": "XTR", "total_amount": stars,
                "invoice_payload": payload, "telegram_payment_charge_id": charge,
                "provider_payment_charge_id": ""});
            let mut message =
                json!({"message_id": id, "date": now.0 / 1000, "from": from, "chat": chat});
            message[kind] = payment;
            state.updates.add("message", &message, now);
        });
    }
}
