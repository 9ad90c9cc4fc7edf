//! Sending by address: the stand-in fetches the file, as Telegram does, but
//! only from this machine, for nothing in the sandbox leaves it.

use std::net::SocketAddr;
use std::path::Path;

use tokio::io::AsyncBufReadExt;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::io::BufReader;
use tokio::net::TcpStream;

use crate::sandbox::telegram::error::ApiError;
use crate::sandbox::telegram::files::MAX_DOWNLOAD;
use crate::sandbox::telegram::files::Upload;
use crate::sandbox::telegram::params::Params;

/// The parameters that may be an address.
const FIELDS: [&str; 3] = ["photo", "video", "document"];

/// Replaces an address among the file parameters by the file it leads to.
pub async fn resolve(params: &mut Params, dir: &Path) -> Result<(), ApiError> {
    for field in FIELDS {
        let url = params.text(field).filter(|text| text.starts_with("http")).map(str::to_owned);
        if let Some(url) = url {
            let upload = fetch(&url, dir)
                .await
                .ok_or_else(|| ApiError::bad_request("failed to get HTTP URL content"))?;
            if upload.size > MAX_DOWNLOAD {
                return Err(ApiError::bad_request("wrong file identifier/HTTP URL specified"));
            }
            params.files.insert(field.to_owned(), upload);
        }
    }
    Ok(())
}

/// A plain HTTP/1.0 GET: the answer then comes in one piece and ends with the connection.
async fn fetch(url: &str, dir: &Path) -> Option<Upload> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = rest.split_once('/')?;
    let addr: SocketAddr = host.replace("localhost", "127.0.0.1").parse().ok()?;
    if !addr.ip().is_loopback() {
        return None;
    }
    let mut stream = BufReader::new(TcpStream::connect(addr).await.ok()?);
    let request = format!("GET /{path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mime = head(&mut stream).await?;
    let (file, kept) = tempfile::NamedTempFile::new_in(dir).ok()?.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let size = tokio::io::copy(&mut stream.take(MAX_DOWNLOAD + 1), &mut file).await.ok()?;
    file.flush().await.ok()?;
    let name = path.split(['?', '#']).next().and_then(|path| path.rsplit('/').next());
    Some(Upload { path: kept, name: name.unwrap_or_default().to_owned(), mime, size })
}

/// Reads the status and the header fields, and returns the media type of a good answer.
#[allow(clippy::option_option)] // No answer, or a good one that may not tell its type.
async fn head(stream: &mut BufReader<TcpStream>) -> Option<Option<String>> {
    let mut mime = None;
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    if line.split(' ').nth(1) != Some("200") {
        return None;
    }
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-type") => {
                mime = Some(value.trim().to_owned());
            }
            Some(_) => {}
            None => return Some(mime),
        }
    }
}
