//! `POST /api/file-stream-upload`. Uploads are free and need a key.

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::sandbox::kie::{
    account::Refusal,
    file_store::mime,
    outcome::UploadFault,
    reply::{self, Caller},
    stand_in::KieStandIn,
};

/// What was uploaded.
#[derive(Default)]
struct UploadForm {
    bytes: Bytes,
    folder: String,
    name: String,
}

/// The handler: multipart with `file`, `uploadPath`, `fileName`.
pub(crate) async fn stream(
    State(kie): State<KieStandIn>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let caller = match reply::admit(&kie, &headers) {
        Ok(caller) => caller,
        Err(answer) => return *answer,
    };
    let form = match Multipart::from_request(request, &()).await {
        Ok(parts) => unpack(parts).await,
        Err(_) => Err(Refusal::new(400, "Content-Type must be multipart/form-data")),
    };
    store(&kie, &caller, &headers, form)
}

async fn unpack(mut parts: Multipart) -> Result<UploadForm, Refusal> {
    let broken = |_| Refusal::new(400, "Failed to parse the form data");
    let mut form = UploadForm::default();
    let mut own_name = String::new();
    while let Some(field) = parts.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "file" => {
                field.file_name().unwrap_or_default().clone_into(&mut own_name);
                form.bytes = field.bytes().await.map_err(broken)?;
            }
            "uploadPath" => form.folder = field.text().await.map_err(broken)?,
            "fileName" => form.name = field.text().await.map_err(broken)?,
            _ => {}
        }
    }
    if form.name.is_empty() && own_name.contains('.') {
        // Without a `fileName` only the extension of the file is kept.
        form.name = own_name.rsplit('.').next().map(|end| format!("*.{end}")).unwrap_or_default();
    }
    Ok(form)
}

fn store(
    kie: &KieStandIn,
    caller: &Caller,
    headers: &HeaderMap,
    form: Result<UploadForm, Refusal>,
) -> Response {
    let form = form.and_then(|form| match () {
        () if form.bytes.is_empty() => Err(Refusal::new(400, "file is required")),
        () if !tidy(&form.folder) => Err(Refusal::new(400, "uploadPath is invalid")),
        () => Ok(form),
    });
    let fault = kie.with_state(|state| state.chaos.upload(&state.behaviour));
    let form = match fault {
        Some(UploadFault::Html) => return reply::html(StatusCode::BAD_GATEWAY),
        Some(UploadFault::DropBefore) => return reply::dropped(),
        Some(UploadFault::Refused) => Err(Refusal::new(500, "Internal Server Error")),
        Some(UploadFault::DropAfter) | None => form,
    };
    match form {
        Ok(form) => {
            let kept = keep(kie, caller, headers, form);
            if fault.is_some() { reply::dropped() } else { kept }
        }
        Err(refusal) => {
            let (code, msg) = (refusal.code, refusal.msg);
            let body = json!({"success": false, "code": code, "msg": msg, "data": null});
            let status = if caller.behaviour.real_statuses { code } else { 200 };
            (StatusCode::from_u16(status).unwrap_or_default(), axum::Json(body)).into_response()
        }
    }
}

/// Whether a folder has a valid name: without slashes at its ends.
fn tidy(folder: &str) -> bool {
    !folder.is_empty() && !folder.starts_with('/') && !folder.ends_with('/')
}

/// A path in which nothing needs to be escaped in an address.
fn plain(path: &str) -> String {
    let safe = |letter: char| letter.is_ascii_alphanumeric() || "/.-_".contains(letter);
    path.chars().map(|letter| if safe(letter) { letter } else { '_' }).collect()
}

fn keep(kie: &KieStandIn, caller: &Caller, headers: &HeaderMap, form: UploadForm) -> Response {
    let (now, size) = (kie.now(), form.bytes.len());
    let (name, path) = kie.with_state(|state| {
        let random = state.fresh_id(now);
        let name = match form.name.as_str() {
            "" => random,
            name => name.replace('*', &random).replace('/', "_"),
        };
        let name = plain(&name);
        let path = plain(&format!("/files/u/{}/{}/{name}", caller.account, form.folder));
        let hash = state.file_store.store(&path, form.bytes, now).hash;
        state.uploads.push(hash);
        (name, path)
    });
    axum::Json(json!({
        "success": true,
        "code": 200,
        "msg": "File uploaded successfully",
        "data": {
            "fileName": name,
            "filePath": format!("{}/{name}", form.folder),
            "downloadUrl": format!("{}{path}", reply::base(headers)),
            "fileSize": size,
            "mimeType": mime(&name),
            "uploadedAt": now.to_string(),
        },
    }))
    .into_response()
}
