//! What the buttons mean that are about several photos at once.

use std::{fmt, str::FromStr};

use crate::domain::{
    album::AlbumKind,
    id::{AlbumId, BatchId, DraftId, StyleId},
    preset::Preset,
    video::Aspect,
};

/// One meaning of such a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlbumTap {
    /// "One product" or "different products": what an album shows.
    Decide {
        /// The album.
        album: AlbumId,
        /// What its photos show.
        kind: AlbumKind,
    },
    /// Film this one of several photos of a product.
    ChoosePhoto {
        /// Of this draft.
        draft: DraftId,
        /// Its number: 1, 2, …
        place: u32,
    },
    /// "📷 Another photo" of the same product.
    Sides(DraftId),
    /// Take this ready-made idea for all products of an album.
    Preset {
        /// The album.
        album: AlbumId,
        /// The preset's id.
        preset: String,
    },
    /// Take this style of the person's own for all products of an album.
    Style {
        /// The album.
        album: AlbumId,
        /// The style.
        style: StyleId,
    },
    /// "👀 Examples" of the ideas for all products.
    Samples {
        /// The album.
        album: AlbumId,
        /// From this one on, counted from 0.
        from: u32,
    },
    /// "✍️ My own text" for all products.
    OwnText(AlbumId),
    /// "✅ Yes": by the texts under the photos.
    Captions {
        /// The album.
        album: AlbumId,
        /// A fingerprint of the texts that were shown.
        shown: u32,
    },
    /// Back to the ideas for all products.
    Ideas(AlbumId),
    /// "🔄 Refresh": how far the scripts of a series are.
    Refresh(BatchId),
    /// "9:16": this shape for the videos of a series.
    Aspect {
        /// The series.
        batch: BatchId,
        /// The shape.
        aspect: Aspect,
    },
    /// "10 s": this length for the videos of a series.
    Seconds {
        /// The series.
        batch: BatchId,
        /// The length in seconds.
        seconds: u32,
    },
    /// "10 × 1 video": videos of several products at once.
    Order {
        /// By the scripts of this series.
        batch: BatchId,
        /// How many of them were ordered before.
        ordered: u16,
        /// How many of the others are ordered, the first ones.
        products: u16,
        /// How many videos of each.
        count: u32,
        /// Which offer of the series the button says; it orders nothing by another one.
        offer: u32,
    },
    /// What of a series is not ordered yet.
    Series(BatchId),
    /// Another idea for the products of a series.
    More(BatchId),
}

/// What callback data begins with, by the kind of tap.
impl AlbumTap {
    /// An [`AlbumTap::Decide`].
    pub const DECIDE: &str = "da:";
    /// An [`AlbumTap::ChoosePhoto`].
    pub const CHOOSE_PHOTO: &str = "dp:";
    /// An [`AlbumTap::Sides`].
    pub const SIDES: &str = "dq:";
    /// An [`AlbumTap::Preset`].
    pub const PRESET: &str = "np:";
    /// An [`AlbumTap::Style`].
    pub const STYLE: &str = "ny:";
    /// An [`AlbumTap::Samples`].
    pub const SAMPLES: &str = "nx:";
    /// An [`AlbumTap::Refresh`].
    pub const REFRESH: &str = "nr:";
    /// An [`AlbumTap::Aspect`].
    pub const ASPECT: &str = "na:";
    /// An [`AlbumTap::Seconds`].
    pub const SECONDS: &str = "nl:";
    /// An [`AlbumTap::OwnText`].
    pub const OWN_TEXT: &str = "nw:";
    /// An [`AlbumTap::Captions`].
    pub const CAPTIONS: &str = "nt:";
    /// An [`AlbumTap::Ideas`].
    pub const IDEAS: &str = "ni:";
    /// An [`AlbumTap::Order`].
    pub const ORDER: &str = "no:";
    /// An [`AlbumTap::Series`].
    pub const SERIES: &str = "ns:";
    /// An [`AlbumTap::More`].
    pub const MORE: &str = "nm:";

    /// The tap of callback data, from what it begins with, its colon included, and the rest.
    /// Whether it is spelt as ours is for the caller to see.
    pub(super) fn parse(prefix: &str, rest: &str) -> Option<Self> {
        let number = || rest.parse().ok();
        let (album, batch) = (|| number().map(AlbumId), || number().map(BatchId));
        match prefix {
            Self::DECIDE => {
                let (album, kind) = rest.split_once(':')?;
                let kind = AlbumKind::ALL.into_iter().find(|known| known.word() == kind)?;
                Some(Self::Decide { album: AlbumId(album.parse().ok()?), kind })
            }
            Self::CHOOSE_PHOTO => {
                pair(rest).map(|(draft, place)| Self::ChoosePhoto { draft: DraftId(draft), place })
            }
            Self::SIDES => number().map(DraftId).map(Self::Sides),
            Self::PRESET => {
                let (album, preset) = rest.split_once(':')?;
                let album = AlbumId(album.parse().ok()?);
                let is_valid = Preset::id_is_valid(preset);
                is_valid.then(|| Self::Preset { album, preset: preset.to_owned() })
            }
            Self::STYLE => pair(rest).map(|(album, style)| {
                let (album, style) = (AlbumId(album), StyleId(style));
                Self::Style { album, style }
            }),
            Self::SAMPLES => {
                pair(rest).map(|(album, from)| Self::Samples { album: AlbumId(album), from })
            }
            Self::REFRESH => batch().map(Self::Refresh),
            Self::ASPECT => {
                let (batch, aspect) = rest.split_once(':')?;
                let (batch, aspect) = (BatchId(batch.parse().ok()?), Aspect::parse(aspect)?);
                Some(Self::Aspect { batch, aspect })
            }
            Self::SECONDS => {
                pair(rest).map(|(batch, seconds)| Self::Seconds { batch: BatchId(batch), seconds })
            }
            Self::OWN_TEXT => album().map(Self::OwnText),
            Self::CAPTIONS => {
                pair(rest).map(|(album, shown)| Self::Captions { album: AlbumId(album), shown })
            }
            Self::IDEAS => album().map(Self::Ideas),
            Self::ORDER => order(&rest.split(':').collect::<Vec<_>>()),
            Self::SERIES => batch().map(Self::Series),
            Self::MORE => batch().map(Self::More),
            _ => None,
        }
    }
}

/// Two numbers with a colon between.
fn pair<A: FromStr, B: FromStr>(text: &str) -> Option<(A, B)> {
    let (one, other) = text.split_once(':')?;
    Some((one.parse().ok()?, other.parse().ok()?))
}

fn order(parts: &[&str]) -> Option<AlbumTap> {
    let [batch, ordered, products, count, offer] = parts else { return None };
    Some(AlbumTap::Order {
        batch: BatchId(batch.parse().ok()?),
        ordered: ordered.parse().ok()?,
        products: products.parse().ok()?,
        count: count.parse().ok()?,
        offer: offer.parse().ok()?,
    })
}

impl AlbumTap {
    /// Whether it changes or sends something in its place and leads nowhere.
    pub(crate) fn is_beside(&self) -> bool {
        matches!(
            self,
            Self::Aspect { .. } | Self::Seconds { .. } | Self::Samples { .. } | Self::Refresh(_)
        )
    }
}

/// The callback data.
impl fmt::Display for AlbumTap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decide { album, kind } => write!(f, "{}{album}:{}", Self::DECIDE, kind.word()),
            Self::ChoosePhoto { draft, place } => {
                write!(f, "{}{draft}:{place}", Self::CHOOSE_PHOTO)
            }
            Self::Sides(draft) => write!(f, "{}{draft}", Self::SIDES),
            Self::Preset { album, preset } => write!(f, "{}{album}:{preset}", Self::PRESET),
            Self::Style { album, style } => write!(f, "{}{album}:{style}", Self::STYLE),
            Self::Samples { album, from } => write!(f, "{}{album}:{from}", Self::SAMPLES),
            Self::Refresh(batch) => write!(f, "{}{batch}", Self::REFRESH),
            Self::Aspect { batch, aspect } => {
                write!(f, "{}{batch}:{}", Self::ASPECT, aspect.word())
            }
            Self::Seconds { batch, seconds } => write!(f, "{}{batch}:{seconds}", Self::SECONDS),
            Self::OwnText(album) => write!(f, "{}{album}", Self::OWN_TEXT),
            Self::Captions { album, shown } => write!(f, "{}{album}:{shown}", Self::CAPTIONS),
            Self::Ideas(album) => write!(f, "{}{album}", Self::IDEAS),
            Self::Order { batch, ordered, products, count, offer } => {
                write!(f, "{}{batch}:{ordered}:{products}:{count}:{offer}", Self::ORDER)
            }
            Self::Series(batch) => write!(f, "{}{batch}", Self::SERIES),
            Self::More(batch) => write!(f, "{}{batch}", Self::MORE),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn taps() -> impl Strategy<Value = AlbumTap> {
        let album = || any::<i64>().prop_map(AlbumId);
        let batch = || any::<i64>().prop_map(BatchId);
        prop_oneof![
            (album(), proptest::sample::select(&AlbumKind::ALL[..]))
                .prop_map(|(album, kind)| AlbumTap::Decide { album, kind }),
            (any::<i64>(), any::<u32>())
                .prop_map(|(draft, place)| AlbumTap::ChoosePhoto { draft: DraftId(draft), place }),
            any::<i64>().prop_map(|draft| AlbumTap::Sides(DraftId(draft))),
            (album(), "[a-z0-9-]{1,24}")
                .prop_map(|(album, preset)| AlbumTap::Preset { album, preset }),
            (album(), any::<i64>())
                .prop_map(|(album, style)| AlbumTap::Style { album, style: StyleId(style) }),
            (album(), any::<u32>()).prop_map(|(album, from)| AlbumTap::Samples { album, from }),
            batch().prop_map(AlbumTap::Refresh),
            (batch(), proptest::sample::select(&Aspect::ALL[..]))
                .prop_map(|(batch, aspect)| AlbumTap::Aspect { batch, aspect }),
            (batch(), any::<u32>())
                .prop_map(|(batch, seconds)| AlbumTap::Seconds { batch, seconds }),
            album().prop_map(AlbumTap::OwnText),
            (album(), any::<u32>()).prop_map(|(album, shown)| AlbumTap::Captions { album, shown }),
            album().prop_map(AlbumTap::Ideas),
            (batch(), any::<[u16; 2]>(), any::<[u32; 2]>()).prop_map(
                |(batch, [ordered, products], [count, offer])| AlbumTap::Order {
                    batch,
                    ordered,
                    products,
                    count,
                    offer,
                }
            ),
            batch().prop_map(AlbumTap::Series),
            batch().prop_map(AlbumTap::More),
        ]
    }
}
