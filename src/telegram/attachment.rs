//! What a file that a person attached may be, by the type and the name that their app gives it. Both
//! are often odd, missing or wrong, so they only turn away what is certainly no usable image; all
//! else is judged by its bytes.

use crate::domain::photo::PhotoFault;

/// The endings of images that can be used, and of what some programs call them.
const USABLE: &[&str] =
    &["jpeg", "jpg", "jpe", "jfif", "jfi", "jif", "pjpeg", "pjpg", "pjp", "png", "apng", "webp"];

/// Images that cannot be used, by their ending, and by the last part of their type: `image/heic`,
/// `image/x-canon-cr2`.
const OTHER_IMAGES: &[&str] = &[
    // Of phones and of the web.
    "gif",
    "heic",
    "heif",
    "heics",
    "heifs",
    "hif",
    "avif",
    "avifs",
    "avci",
    "avcs",
    "sequence",
    "jxl",
    "svg",
    "svgz",
    "svg+xml",
    // Of computers.
    "bmp",
    "dib",
    "rle",
    "tif",
    "tiff",
    "ico",
    "icon",
    "cur",
    "icns",
    "pcx",
    "tga",
    "targa",
    "icb",
    "pnm",
    "pbm",
    "pgm",
    "ppm",
    "pam",
    "pfm",
    "bitmap",
    "anymap",
    "graymap",
    "pixmap",
    "xbm",
    "xpm",
    "xbitmap",
    "xpixmap",
    "jp2",
    "j2k",
    "j2c",
    "jpc",
    "jpf",
    "jpx",
    "jpm",
    "jph",
    "mj2",
    "jpeg2000",
    "jxr",
    "jxs",
    "jls",
    "wdp",
    "hdp",
    "wmf",
    "emf",
    "mng",
    "jng",
    "qoi",
    "bpg",
    "flif",
    "dds",
    "exr",
    "hdr",
    "rgbe",
    "sgi",
    "wbmp",
    "fits",
    "pict",
    "pct",
    // Of programs that draw.
    "psd",
    "psb",
    "photoshop",
    "xcf",
    "kra",
    "ai",
    "illustrator",
    "eps",
    "epsf",
    "cdr",
    "coreldraw",
    "afphoto",
    "afdesign",
    "sketch",
    "fig",
    "ora",
    "pdn",
    "cpt",
    "clip",
    "procreate",
    // The raw data of cameras.
    "raw",
    "dng",
    "3fr",
    "ari",
    "arw",
    "bay",
    "braw",
    "cr2",
    "cr3",
    "crw",
    "dcr",
    "dcs",
    "drf",
    "dcraw",
    "eip",
    "erf",
    "fff",
    "gpr",
    "iiq",
    "k25",
    "kdc",
    "mdc",
    "mef",
    "mos",
    "mrw",
    "nef",
    "nrw",
    "orf",
    "ori",
    "pef",
    "ptx",
    "raf",
    "rw2",
    "rwl",
    "rwz",
    "sr2",
    "srf",
    "srw",
    "x3f",
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

/// Why a file certainly is no image that can be used; `None` where its bytes must be looked at.
pub(crate) fn fault(mime_type: Option<&str>, file_name: Option<&str>) -> Option<PhotoFault> {
    let kind = mime_type.map_or(Hint::Nothing, of_type);
    let name = file_name.map_or(Hint::Nothing, of_name);
    match (kind, name) {
        // Apps give a type by what they have looked at, or by the name.
        (Hint::OtherImage, _) | (Hint::Nothing | Hint::Other, Hint::OtherImage) => {
            Some(PhotoFault::OtherFormat)
        }
        (Hint::Nothing, Hint::Other) | (Hint::Other, Hint::Other | Hint::Nothing) => {
            Some(PhotoFault::NotAnImage)
        }
        (Hint::Usable | Hint::Nothing, _) | (Hint::Other, Hint::Usable) => None,
    }
}

/// What `image/PNG; charset=binary` says.
fn of_type(mime_type: &str) -> Hint {
    let plain = mime_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    let Some((kind, subtype)) = plain.split_once('/') else { return Hint::Nothing };
    let last = subtype.rsplit(['-', '.']).next().unwrap_or_default();
    match kind {
        "image" | "application" if OTHER_IMAGES.contains(&last) => Hint::OtherImage,
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

    fn judged(mime_type: &str, file_name: &str) -> Option<PhotoFault> {
        let [mime_type, file_name] =
            [mime_type, file_name].map(|text| Some(text).filter(|text| *text != "-"));
        fault(mime_type, file_name)
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
            assert_eq!(judged(mime_type, file_name), None, "{mime_type} {file_name}");
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
            ("application/octet-stream", "film.mov"),
        ] {
            let none = Some(PhotoFault::NotAnImage);
            assert_eq!(judged(mime_type, file_name), none, "{mime_type} {file_name}");
        }
    }

    #[test]
    fn an_image_of_another_format_is_told_apart_from_what_is_none() {
        for (mime_type, file_name) in [
            ("image/heic", "IMG_1.HEIC"),
            ("image/heic", "IMG_1.JPG"),
            ("image/heif-sequence", "-"),
            ("IMAGE/AVIF", "-"),
            ("image/tiff", "scan"),
            ("image/bmp", "-"),
            ("image/x-ms-bmp", "-"),
            ("image/gif", "a.png"),
            ("image/svg+xml", "-"),
            ("image/x-icon", "-"),
            ("image/vnd.adobe.photoshop", "-"),
            ("image/vnd.microsoft.icon", "-"),
            ("image/x-canon-cr2", "-"),
            ("image/x-adobe-dng", "IMG_1"),
            ("image/x-portable-pixmap", "-"),
            ("application/x-photoshop", "-"),
            ("application/illustrator", "logo"),
            ("-", "logo.svg"),
            ("", "IMG_1.Heic "),
            ("application/octet-stream", "IMG_1.CR3"),
            ("application/octet-stream", "DSC_1.NEF"),
            ("binary/octet-stream", "scan.tif"),
            ("text/xml", "logo.svg"),
            ("text/plain", "logo.svg"),
            ("application/postscript", "logo.eps"),
            ("application/pdf", "logo.ai"),
            ("application/zip", "cup.procreate"),
            ("-", "cup.psd"),
            ("-", "cup.bmp"),
        ] {
            let other = Some(PhotoFault::OtherFormat);
            assert_eq!(judged(mime_type, file_name), other, "{mime_type} {file_name}");
        }
    }
}
