//! The boxes of which an MP4 file is made (ISO/IEC 14496-12).

/// How a box begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BoxHeader {
    /// Its kind, such as `moov`.
    pub kind: [u8; 4],
    /// The bytes before its content: 8, or 16 where its size takes 64 bits.
    pub length: u64,
    /// The bytes of all of it; `None` when it reaches to the end of the file.
    pub size: Option<u64>,
}

impl BoxHeader {
    /// The most bytes that a header has.
    pub(crate) const LONGEST: usize = 16;

    /// Reads a header; `None` where no box can begin with these bytes.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (length, size) = match u32::from_be_bytes(*size) {
            0 => (8, None),
            1 => (16, Some(u64::from_be_bytes(*rest.first_chunk()?))),
            short => (8, Some(short.into())),
        };
        size.is_none_or(|size| size >= length).then_some(Self { kind: *kind, length, size })
    }
}

/// The boxes inside a box: the kind and the content of each. Ends where they make no sense.
pub(crate) fn boxes(mut rest: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::try_from(number(rest, 0)?).ok()?;
        let (this, others) = rest.split_at_checked(length)?;
        rest = others;
        Some((this.get(4..8)?, this.get(8..)?))
    })
}

/// The number of 32 bits at a place.
pub(crate) fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_a_short_size_a_long_one_or_none() {
        let header = |length, size| Some(BoxHeader { kind: *b"mdat", length, size });
        assert_eq!(BoxHeader::read(b"\0\0\x01\0mdat, and more"), header(8, Some(256)));
        assert_eq!(BoxHeader::read(b"\0\0\0\x01mdat\0\0\0\x01\0\0\0\0"), header(16, Some(1 << 32)));
        assert_eq!(BoxHeader::read(b"\0\0\0\0mdat"), header(8, None));
        for none in [
            &b""[..],
            b"\0\0\x01\0mda",
            b"\0\0\0\x07mdat",
            b"\0\0\0\x01mdat\0\0\0",
            b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x0f",
        ] {
            assert_eq!(BoxHeader::read(none), None, "{none:?}");
        }
    }
}
