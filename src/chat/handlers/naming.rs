//! What products are called: a text may begin with it, and a question about a text says it.

use crate::chat::{
    caption::product_name,
    conversation::Conversation,
    handlers::{album, draft::show_ideas},
    reply::Reply,
};
use crate::domain::article::{Product, after_name, after_title};
use crate::store::{
    batches,
    drafts::{self, Draft},
    error::StoreError,
    own_texts,
};

/// Among so many of a person's photos a name is looked for, the newest ones.
const LOOKED_THROUGH: u32 = 100;

/// The product with whose name a text begins, and the rest of the text. Products of the newest album are
/// known by their numbers and the first lines of their captions too.
pub(crate) fn named_product<'a>(
    conversation: &Conversation<'_>,
    text: &'a str,
) -> Result<Option<(Draft, &'a str)>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    for draft in drafts::open(tx, user, LOOKED_THROUGH)? {
        if let Some(rest) = draft.name.as_deref().and_then(|name| after_name(text, name)) {
            return Ok(Some((draft, rest)));
        }
    }
    let newest = drafts::newest(tx, user)?.and_then(|newest| newest.album);
    let products = newest.map(|album| drafts::of_album(tx, user, album)).transpose()?;
    for draft in products.filter(|products| products.len() > 1).unwrap_or_default() {
        let number = batches::number(tx, draft.id)?;
        let called = Product::of(None, number).map(|p| product_name(&conversation.voice(), p));
        let caption = own_texts::caption(tx, draft.id)?;
        let by_caption = || caption.as_deref().and_then(|caption| after_title(text, caption));
        let by_number = called.as_deref().and_then(|called| after_name(text, called));
        if let Some(rest) = by_number.or_else(by_caption) {
            return Ok(Some((draft, rest)));
        }
    }
    Ok(None)
}

/// The name of a product, and no more: what shall happen in its video? Of photos that may show one product,
/// that is asked first.
pub(crate) fn on_name(conversation: &Conversation<'_>, draft: &Draft) -> Result<Reply, StoreError> {
    match album::undecided(conversation, draft)? {
        Some(album) => album::ask_again(conversation, &album),
        None => show_ideas(conversation, draft),
    }
}

/// What a product is called where words are about it: "Product 3 · art. 12". `None` where it has neither a
/// number nor a name.
pub(crate) fn title(
    conversation: &Conversation<'_>,
    draft: &Draft,
) -> Result<Option<String>, StoreError> {
    let number = batches::number(conversation.tx, draft.id)?;
    let number = number.map(Product::Numbered);
    let called = number.into_iter().chain(draft.name.as_deref().map(Product::Named));
    let voice = conversation.voice();
    let called: Vec<String> = called.map(|product| product_name(&voice, product)).collect();
    Ok((!called.is_empty()).then(|| called.join(" · ")))
}
