//! What a file that a person attached may be, by the type and the name that their app gives it. Both
//! are often odd, missing or wrong, so they only turn away what is certainly no usable image; all
//! else is judged by its bytes.

/// The endings of images that can be used, and of what some programs call them.
const USABLE: &[&str] =
    &["jpeg", "jpg", "jpe", "jfif", "jfi", "jif", "pjpeg", "pjpg", "pjp", "png", "apng", "webp"];

/// Images that cannot be used, by the part of their type after `image/` and by their ending.
const OTHER_IMAGES: &[&str] = &[
    "gif",
    "heic",
    "heif",
    "heics",
    "heifs",
    "heic-sequence",
    "heif-sequence",
    "hif",
    "avif",
    "avifs",
    "bmp",
    "x-ms-bmp",
    "x-bmp",
    "dib",
    "tif",
    "tiff",
    "svg",
    "svgz",
    "svg+xml",
    "ico",
    "x-icon",
    "jxl",
    "jp2",
    "jpx",
    "jpm",
    "psd",
    "dng",
    "x-adobe-dng",
    "cr2",
    "cr3",
    "nef",
    "arw",
    "raw",
    "raf",
    "orf",
];

/// Kinds of type of which nothing is an image.
const OTHER_KINDS: &[&str] = &["audio", "chemical", "font", "message", "model", "text", "video"];

/// Types of `application/` that are no image. Many others are said of anything at all.
const OTHER_APPLICATIONS: &[&str] = &[
    "epub+zip",
    "gzip",
    "java-archive",
    "json",
    "ld+json",
    "mp4",
    "msword",
    "ogg",
    "pdf",
    "postscript",
    "rtf",
    "sql",
    "x-7z-compressed",
    "x-apple-diskimage",
    "x-bittorrent",
    "x-bzip2",
    "x-dosexec",
    "x-gzip",
    "x-iso9660-image",
    "x-matroska",
    "x-msdos-program",
    "x-msdownload",
    "x-mpegurl",
    "x-pdf",
    "x-rar",
    "x-rar-compressed",
    "x-shockwave-flash",
    "x-sh",
    "x-tar",
    "x-tgsticker",
    "x-xz",
    "x-zip-compressed",
    "xml",
    "zip",
    "zstd",
];

/// Endings of what is no image.
const OTHER_ENDINGS: &[&str] = &[
    "3gp", "7z", "aac", "aif", "aiff", "apk", "avi", "bat", "bin", "bz2", "c", "cpp", "csv", "db",
    "dmg", "doc", "docx", "eml", "epub", "exe", "fb2", "flac", "flv", "gz", "htm", "html", "ics",
    "iso", "jar", "js", "json", "key", "log", "m4a", "m4v", "md", "mid", "mkv", "mobi", "mov",
    "mp3", "mp4", "mpeg", "mpg", "msg", "msi", "numbers", "odp", "ods", "odt", "oga", "ogg", "ogv",
    "opus", "otf", "pages", "pdf", "pps", "ppt", "pptx", "ps", "py", "rar", "rs", "rtf", "sh",
    "sql", "srt", "sqlite", "tar", "tgs", "tgz", "toml", "torrent", "ts", "ttf", "txt", "vcf",
    "wav", "webm", "wma", "wmv", "woff", "woff2", "xls", "xlsx", "xml", "xz", "yaml", "yml", "zip",
    "zst",
];

/// What a name or a type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    Usable,
    OtherImage,
    Other,
    Nothing,
}

/// Whether a file may be an image that can be used.
pub(crate) fn may_be_image(mime_type: Option<&str>, file_name: Option<&str>) -> bool {
    let kind = mime_type.map_or(Hint::Nothing, of_type);
    let name = file_name.map_or(Hint::Nothing, of_name);
    match (kind, name) {
        // Apps give a type by what they have looked at, or by the name.
        (Hint::OtherImage, _) | (Hint::Nothing, Hint::OtherImage | Hint::Other) => false,
        (Hint::Usable | Hint::Nothing, _) => true,
        (Hint::Other, name) => name == Hint::Usable,
    }
}

/// What `image/PNG; charset=binary` says.
fn of_type(mime_type: &str) -> Hint {
    let plain = mime_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    let Some((kind, subtype)) = plain.split_once('/') else { return Hint::Nothing };
    match kind {
        "image" if OTHER_IMAGES.contains(&subtype) => Hint::OtherImage,
        "image" if subtype.starts_with("vnd.") => Hint::OtherImage,
        "image" => Hint::Usable,
        "application" if OTHER_APPLICATIONS.contains(&subtype) => Hint::Other,
        "application" if subtype.starts_with("vnd.") => Hint::Other,
        kind if OTHER_KINDS.contains(&kind) => Hint::Other,
        _ => Hint::Nothing,
    }
}

/// What the ending of a name says.
fn of_name(file_name: &str) -> Hint {
    let name = file_name.trim().to_lowercase();
    let Some((_, ending)) = name.rsplit_once('.') else { return Hint::Nothing };
    match ending {
        ending if USABLE.contains(&ending) => Hint::Usable,
        ending if OTHER_IMAGES.contains(&ending) => Hint::OtherImage,
        ending if OTHER_ENDINGS.contains(&ending) => Hint::Other,
        _ => Hint::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(mime_type: &str, file_name: &str) -> bool {
        let [mime_type, file_name] =
            [mime_type, file_name].map(|text| Some(text).filter(|text| *text != "-"));
        may_be_image(mime_type, file_name)
    }

    #[test]
    fn what_may_be_a_usable_image_is_looked_at_whatever_its_type_and_name() {
        for (mime_type, file_name) in [
            ("image/jpeg", "cup.jpg"),
            ("IMAGE/Jpeg", "-"),
            ("image/x-png", "cup.png"),
            ("image/pjpeg", "cup"),
            ("image/jpg", "cup.jpe"),
            ("image/x-citrix-jpeg", "-"),
            ("image/png; charset=binary", "-"),
            ("image/*", "-"),
            ("image/unknown", "IMG_1"),
            ("image/jpeg", "cup.pdf"),
            ("-", "Cup.JPG"),
            ("", "Cup.JPG"),
            (" ", "cup.jpe "),
            ("application/octet-stream", "cup.jfif"),
            ("application/octet-stream", "-"),
            ("application/octet-stream", ""),
            ("application/octet-stream", "photo_2024-01-01"),
            ("application/octet-stream", "cup.1"),
            ("binary/octet-stream", "cup.webp"),
            ("application/x-download", "cup"),
            ("application/x-jpg", "-"),
            ("jpeg", "-"),
            ("-", "-"),
            ("-", "jpg"),
            ("text/plain", "cup.png"),
            ("application/zip", "cup.jpeg"),
        ] {
            assert!(may(mime_type, file_name), "{mime_type} {file_name}");
        }
    }

    #[test]
    fn what_is_certainly_none_is_not() {
        for (mime_type, file_name) in [
            ("application/pdf", "price.pdf"),
            ("application/pdf", "-"),
            ("application/pdf", "price"),
            ("application/octet-stream", "price.PDF"),
            ("-", "price.pdf"),
            ("", "film.mp4"),
            ("video/mp4", "film"),
            ("video/quicktime", "IMG_1.MOV"),
            ("audio/mpeg", "song.mp3"),
            ("text/plain", "-"),
            ("application/zip", "photos.zip"),
            ("application/vnd.ms-excel", "-"),
            ("application/octet-stream", "photos.rar"),
            ("image/heic", "IMG_1.HEIC"),
            ("image/heic", "IMG_1.JPG"),
            ("image/gif", "a.png"),
            ("image/svg+xml", "-"),
            ("image/vnd.adobe.photoshop", "-"),
            ("-", "logo.svg"),
        ] {
            assert!(!may(mime_type, file_name), "{mime_type} {file_name}");
        }
    }
}
