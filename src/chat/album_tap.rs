//! What the buttons mean that are about several photos at once.

use std::fmt;

use crate::domain::{
    album::AlbumKind,
    id::{AlbumId, BatchId, DraftId, MessageId},
    preset::Preset,
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
    /// "✍️ My own text" for all products.
    OwnText(AlbumId),
    /// "✅ Yes": by the texts under the photos.
    Captions(AlbumId),
    /// "✅ Yes": by the words of a voice message.
    Heard {
        /// For all products of this album.
        album: AlbumId,
        /// The voice message.
        message: MessageId,
    },
    /// Back to the ideas for all products.
    Ideas(AlbumId),
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
    /// An [`AlbumTap::OwnText`].
    pub const OWN_TEXT: &str = "nw:";
    /// An [`AlbumTap::Captions`].
    pub const CAPTIONS: &str = "nt:";
    /// An [`AlbumTap::Heard`].
    pub const HEARD: &str = "nh:";
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
                let (draft, place) = rest.split_once(':')?;
                let draft = DraftId(draft.parse().ok()?);
                Some(Self::ChoosePhoto { draft, place: place.parse().ok()? })
            }
            Self::SIDES => number().map(DraftId).map(Self::Sides),
            Self::PRESET => {
                let (album, preset) = rest.split_once(':')?;
                let album = AlbumId(album.parse().ok()?);
                let is_valid = Preset::id_is_valid(preset);
                is_valid.then(|| Self::Preset { album, preset: preset.to_owned() })
            }
            Self::OWN_TEXT => album().map(Self::OwnText),
            Self::CAPTIONS => album().map(Self::Captions),
            Self::HEARD => {
                let (album, message) = rest.split_once(':')?;
                let message = MessageId(message.parse().ok()?);
                Some(Self::Heard { album: AlbumId(album.parse().ok()?), message })
            }
            Self::IDEAS => album().map(Self::Ideas),
            Self::ORDER => order(&rest.split(':').collect::<Vec<_>>()),
            Self::SERIES => batch().map(Self::Series),
            Self::MORE => batch().map(Self::More),
            _ => None,
        }
    }
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
            Self::OwnText(album) => write!(f, "{}{album}", Self::OWN_TEXT),
            Self::Captions(album) => write!(f, "{}{album}", Self::CAPTIONS),
            Self::Heard { album, message } => write!(f, "{}{album}:{message}", Self::HEARD),
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
            album().prop_map(AlbumTap::OwnText),
            album().prop_map(AlbumTap::Captions),
            (album(), any::<i64>()).prop_map(|(album, message)| AlbumTap::Heard {
                album,
                message: MessageId(message)
            }),
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
