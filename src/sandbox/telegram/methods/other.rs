//! answerCallbackQuery, answerPreCheckoutQuery and getFile.

use std::time::Duration;

use serde_json::json;

use crate::domain::time::Timestamp;
use crate::sandbox::telegram::{
    error::{ApiError, MethodResult},
    files::MAX_DOWNLOAD,
    params::Params,
    state::TelegramState,
    updates::QUERY_KEPT,
};

/// The longest answer to a tap, in characters.
const LONGEST_ANSWER: usize = 200;

/// answerCallbackQuery: once, and within 150 s of the tap.
pub(crate) fn answer_query(
    state: &mut TelegramState,
    params: &Params,
    now: Timestamp,
) -> MethodResult {
    let text = params.text("text").unwrap_or_default();
    if text.chars().count() > LONGEST_ANSWER {
        return Err(ApiError::bad_request("MESSAGE_TOO_LONG"));
    }
    let id = params.text("callback_query_id").unwrap_or_default();
    let query = state.queries.get_mut(id);
    let fresh = |at: Timestamp| now.since(at) <= QUERY_KEPT;
    let Some(query) = query.filter(|query| query.answer.is_none() && fresh(query.at)) else {
        return Err(ApiError::bad_request(
            "query is too old and response timeout expired or query ID is invalid",
        ));
    };
    query.answer = Some(text.to_owned());
    Ok(json!(true))
}

/// How long a person who is about to pay waits for the bot.
const CHECKOUT_KEPT: Duration = Duration::from_secs(10);

/// answerPreCheckoutQuery: once, and within 10 s.
pub(crate) fn answer_checkout(
    state: &mut TelegramState,
    params: &Params,
    now: Timestamp,
) -> MethodResult {
    let reason = params.text("error_message").unwrap_or_default();
    if !params.flag("ok") && reason.is_empty() {
        return Err(ApiError::bad_request("error message must be non-empty"));
    }
    let id = params.text("pre_checkout_query_id").unwrap_or_default();
    let checkout = state.checkouts.get_mut(id);
    let fresh = |at: Timestamp| now.since(at) <= CHECKOUT_KEPT;
    let Some(checkout) = checkout.filter(|query| query.answer.is_none() && fresh(query.at)) else {
        return Err(ApiError::bad_request(
            "query is too old and response timeout expired or query ID is invalid",
        ));
    };
    checkout.answer = Some(if params.flag("ok") { String::new() } else { reason.to_owned() });
    Ok(json!(true))
}

/// getFile. An id of another bot's reads like one of ours; that it is not good is seen when the file is
/// downloaded, which the Bot API does first (its `on_file_download`).
pub(crate) fn get_file(state: &TelegramState, params: &Params) -> MethodResult {
    let id = params.text("file_id").unwrap_or_default();
    match state.files.by_id(id) {
        None => Err(ApiError::bad_request("invalid file_id")),
        Some(file) if file.bot != state.bot => {
            Err(ApiError::bad_request("wrong file_id or the file is temporarily unavailable"))
        }
        Some(file) if file.size > MAX_DOWNLOAD => Err(ApiError::bad_request("file is too big")),
        Some(file) => Ok(json!({"file_id": file.id, "file_unique_id": file.unique_id,
            "file_size": file.size, "file_path": file.remote})),
    }
}
