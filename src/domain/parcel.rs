//! Videos on their way to people.

use std::path::Path;

use crate::domain::{
    article::Product,
    id::{JobId, OrderId, UserId},
    job::Form,
    preset::Localized,
    user::Language,
    video::{Aspect, Container},
    vote::Vote,
};

/// One video for one person.
#[derive(Clone, Debug)]
pub struct Parcel<'a> {
    /// To whom.
    pub user: UserId,
    /// In which language its caption is.
    pub language: Language,
    /// Whether the person wants quiet hours; `None`: as the operator decided.
    pub quiet: Option<bool>,
    /// The file with the video.
    pub file: &'a Path,
    /// Where the provider keeps it, for `Form::Link`.
    pub url: &'a str,
    /// In which form.
    pub form: Form,
    /// What the file is.
    pub container: Container,
    /// Which video it is.
    pub video: VideoOfOrder<'a>,
    /// Whether its credit has already been given back.
    pub gift: bool,
}

/// What a person knows of a video.
#[derive(Clone, Copy, Debug)]
pub struct VideoOfOrder<'a> {
    /// The job that made it.
    pub job: JobId,
    /// The order.
    pub order: OrderId,
    /// Its number in the order: 1, 2, …
    pub number: u32,
    /// How many videos the order has.
    pub count: u32,
    /// The title of its scene.
    pub title: Option<&'a Localized>,
    /// What its product is called.
    pub product: Option<Product<'a>>,
    /// Its shape, where that is known.
    pub aspect: Option<Aspect>,
    /// What the person thinks of it, as far as they have said.
    pub vote: Option<Vote>,
}

/// What Telegram said of a delivered video.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// With it the video can be sent again at once; absent for a link.
    pub file_id: Option<String>,
}

/// A video that Telegram has, for the person who has it already.
#[derive(Clone, Copy, Debug)]
pub struct KeptVideo<'a> {
    /// To whom.
    pub user: UserId,
    /// In which language its caption is.
    pub language: Language,
    /// Telegram's id of it.
    pub file_id: &'a str,
    /// Which video it is.
    pub video: VideoOfOrder<'a>,
    /// Whether its credit has been given back.
    pub gift: bool,
}
