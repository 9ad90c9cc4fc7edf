//! answerCallbackQuery and getFile.

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

/// getFile.
pub(crate) fn get_file(state: &TelegramState, params: &Params) -> MethodResult {
    let id = params.text("file_id").unwrap_or_default();
    match state.files.by_id(id) {
        None => Err(ApiError::bad_request("invalid file_id")),
        Some(file) if file.size > MAX_DOWNLOAD => Err(ApiError::bad_request("file is too big")),
        Some(file) => Ok(json!({"file_id": file.id, "file_unique_id": file.unique_id,
            "file_size": file.size, "file_path": file.remote})),
    }
}
