//! The scripts of drafts: begun, written, shown, and ordered each once.

use rusqlite::{Row, types::FromSqlError};

use crate::domain::{
    credits::Credits,
    draft::{Fallback, Scene, Scope, ScriptId, ScriptState, Source, SourceKind},
    failure::Violation,
    id::{DraftId, MessageId, PhotoId, UserId},
    options::{Choice, Edges, Options, Quote},
    preset::Localized,
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    codec::localized,
    drafts,
    error::StoreError,
    tx::{Tx, View},
};

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Which one it is, as callback data names it.
    pub id: ScriptId,
    /// Where it stands.
    pub state: ScriptState,
    /// What it is made from.
    pub source: Source,
    /// For which products its words are.
    pub scope: Scope,
    /// Why the script writer has no part in it.
    pub fallback: Option<Fallback>,
    /// When the script writer was last asked for it.
    pub begun_at: Option<Timestamp>,
    /// The final prompt, once it is there.
    pub prompt: Option<String>,
    /// What will be seen, in the languages of the bot.
    pub summary: Option<Localized>,
    /// What each video of an order would show.
    pub scenes: Vec<Scene>,
    /// What its buttons say of the shape and the length; nothing where an earlier version showed it.
    pub shown: Choice,
    /// Whether the photo shows people.
    pub people: bool,
    /// Whether it shows several products.
    pub several: bool,
    /// Of a rewrite: the rule that the prompt before had broken.
    pub rule: Option<Violation>,
    /// How many photos of the product its screen says that the videos show; nothing where an earlier
    /// version showed it.
    pub photos: Option<u32>,
    /// What its screen says of the edges of the photo, if that was known.
    pub edges: Option<Edges>,
    /// The price of one video that its buttons say.
    pub price: Option<Credits>,
    /// How often what they say has changed.
    pub offer: u32,
    /// From which of these numbers on they are of the photo that it has now.
    pub photo_offer: u32,
}

/// A prompt that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPrompt {
    /// The prompt.
    pub prompt: String,
    /// What will be seen.
    pub summary: Option<Localized>,
    /// What each video of an order would show; none where all show the prompt.
    pub scenes: Vec<Scene>,
    /// Whether the photo shows people.
    pub people: bool,
    /// Whether it shows several products.
    pub several: bool,
    /// Why the script writer has no part in it.
    pub fallback: Option<Fallback>,
}

pub(super) const COLUMNS: &str = "s.draft_id, s.revision, s.state, s.source, s.idea, s.fallback, s.begun_at, \
     s.prompt, s.summary_ru, s.summary_en, s.price, s.scenes, s.people, s.rule, \
     s.aspect, s.seconds, s.offer, s.several, s.photo_offer, s.photos, s.edges, s.for_all";

pub(super) fn script(row: &Row<'_>) -> rusqlite::Result<Script> {
    let source: SourceKind = row.get(3)?;
    let scenes: Option<String> = row.get(11)?;
    let scenes = scenes.map_or(Ok(Vec::new()), |scenes| serde_json::from_str(&scenes));
    Ok(Script {
        id: ScriptId { draft: row.get(0)?, revision: row.get(1)? },
        state: row.get(2)?,
        source: source.of(row.get(4)?),
        scope: if row.get(21)? { Scope::All } else { Scope::One },
        fallback: row.get(5)?,
        begun_at: row.get(6)?,
        prompt: row.get(7)?,
        summary: localized(row, 8)?,
        scenes: scenes.map_err(FromSqlError::other)?,
        people: row.get(12)?,
        several: row.get(17)?,
        rule: row.get(13)?,
        shown: Choice { aspect: row.get(14)?, seconds: row.get(15)? },
        price: row.get(10)?,
        offer: row.get(16)?,
        photo_offer: row.get(18)?,
        photos: row.get(19)?,
        edges: row.get(20)?,
    })
}

/// A script of a draft.
pub fn find(view: &View<'_>, id: ScriptId) -> Result<Option<Script>, StoreError> {
    let sql = format!("select {COLUMNS} from scripts s where s.draft_id = ? and s.revision = ?");
    view.first(&sql, (id.draft, id.revision), script)
}

/// The scripts of a draft, newest first.
pub fn of_draft(view: &View<'_>, draft: DraftId) -> Result<Vec<Script>, StoreError> {
    let sql =
        format!("select {COLUMNS} from scripts s where s.draft_id = ? order by s.revision desc");
    view.all(&sql, [draft], script)
}

/// Whether people, and whether several products, were seen in a photo when any script was written for
/// it.
pub(crate) fn seen_in(view: &View<'_>, photo: PhotoId) -> Result<(bool, bool), StoreError> {
    let sql = "select coalesce(max(s.people), 0), coalesce(max(s.several), 0)
               from drafts d join scripts s on s.draft_id = d.id where d.photo_id = ?";
    view.one(sql, [photo], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The newest script that a person's message was about.
pub(crate) fn of_message(
    view: &View<'_>,
    user: UserId,
    message: MessageId,
) -> Result<Option<Script>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from drafts d join scripts s on s.draft_id = d.id
         where d.tg_user_id = ? and s.message_id = ? order by d.id desc, s.revision desc limit 1"
    );
    view.first(&sql, (user, message), script)
}

/// Names the rule that the prompt before a rewrite had broken.
pub(crate) fn set_rule(tx: &Tx<'_>, id: ScriptId, rule: Violation) -> Result<(), StoreError> {
    let sql = "update scripts set rule = ? where draft_id = ? and revision = ?";
    tx.run(sql, (rule, id.draft, id.revision)).map(drop)
}

/// Begins a script: it waits for the script writer, or takes the idea as it is where `fallback`
/// says why.
pub fn begin(
    tx: &Tx<'_>,
    draft: DraftId,
    source: &Source,
    message: Option<MessageId>,
    fallback: Option<Fallback>,
) -> Result<ScriptId, StoreError> {
    tx.notify(Channel::Prompts);
    add(tx, draft, source, message, fallback, ScriptState::Writing)
}

/// Adds a script in a state.
pub(super) fn add(
    tx: &Tx<'_>,
    draft: DraftId,
    source: &Source,
    message: Option<MessageId>,
    fallback: Option<Fallback>,
    state: ScriptState,
) -> Result<ScriptId, StoreError> {
    let sql = "select coalesce(max(revision), 0) + 1 from scripts where draft_id = ?";
    let shown = tx.one(sql, [draft], |row| row.get::<_, u32>(0))?;
    // What was ordered by an earlier version has no script.
    let sql = "select coalesce(max(revision), 0) + 1 from orders where draft_id = ?";
    let ordered = tx.one(sql, [draft], |row| row.get::<_, u32>(0))?;
    let id = ScriptId { draft, revision: shown.max(ordered) };
    let begun_at = (state == ScriptState::Writing).then_some(tx.now);
    let asked = begun_at.is_some() && fallback.is_none() && source.needs_writer();
    tx.run(
        "insert into scripts
             (draft_id, revision, state, source, idea, message_id, begun_at, asked, fallback)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft,
            id.revision,
            state,
            source.kind(),
            source.idea(),
            message,
            begun_at,
            asked,
            fallback,
        ),
    )?;
    drafts::touch(tx, draft)?;
    Ok(id)
}

/// Has a script that was offered, or is being written, written anew from these words. What the
/// writer does meanwhile for the words before comes to nothing.
pub(crate) fn begin_again(
    tx: &Tx<'_>,
    id: ScriptId,
    text: &str,
    fallback: Option<Fallback>,
) -> Result<(), StoreError> {
    tx.notify(Channel::Prompts);
    let sql = "update scripts set state = 'writing', idea = ?, fallback = ?, asked = asked + ?, tries = 0,
                   begun_at = max(?, coalesce(begun_at, 0) + 1)
               where draft_id = ? and revision = ? and state in ('offered', 'writing')";
    let values = (text, fallback, fallback.is_none(), tx.now, id.draft, id.revision);
    tx.run(sql, values)?;
    drafts::touch(tx, id.draft)
}

/// Notes what was written, and what is offered with it, unless the script was begun again
/// meanwhile; says whether it is noted.
pub fn finish(
    tx: &Tx<'_>,
    id: ScriptId,
    begun_at: Option<Timestamp>,
    new: &NewPrompt,
    quote: Quote,
) -> Result<bool, StoreError> {
    let summary = new.summary.as_ref();
    let sql = "update scripts set state = 'ready', prompt = ?, summary_ru = ?, summary_en = ?,
                   scenes = ?, people = ?, several = ?, fallback = ?, aspect = ?, seconds = ?, price = ?
               where draft_id = ? and revision = ? and state = 'writing' and begun_at = ?";
    let scenes = (!new.scenes.is_empty()).then(|| serde_json::json!(new.scenes).to_string());
    let (ru, en) = (summary.map(|both| &both.ru), summary.map(|both| &both.en));
    let NewPrompt { prompt, people, several, fallback, .. } = new;
    let (Quote { options, price }, ScriptId { draft, revision }) = (quote, id);
    let Options { aspect, seconds } = options;
    let values = (
        prompt, ru, en, scenes, people, several, fallback, aspect, seconds, price, draft, revision,
        begun_at,
    );
    let is_noted = tx.run(sql, values)? == 1;
    if is_noted {
        drafts::touch(tx, id.draft)?;
    }
    Ok(is_noted)
}

/// Notes that a script has become an order, which keeps the prompt.
pub(crate) fn mark_ordered(tx: &Tx<'_>, id: ScriptId) -> Result<(), StoreError> {
    let sql = "update scripts set state = 'ordered', prompt = null, summary_ru = null,
                   summary_en = null, scenes = null, aspect = null, seconds = null, price = null
               where draft_id = ? and revision = ? and state = 'ready'";
    tx.run(sql, (id.draft, id.revision)).map(drop)
}

/// How often the script writer was asked: for this draft, and for this person since then.
pub(crate) fn count_asked(
    view: &View<'_>,
    user: UserId,
    draft: DraftId,
    since: Timestamp,
) -> Result<(u32, u32), StoreError> {
    let sql = "select coalesce(sum(asked), 0) from scripts where draft_id = ?";
    let of_draft = view.one(sql, [draft], |row| row.get(0))?;
    let sql = "select coalesce(sum(s.asked), 0) from drafts d join scripts s on s.draft_id = d.id
               where d.tg_user_id = ? and s.begun_at > ?";
    let of_person = view.one(sql, (user, since), |row| row.get(0))?;
    Ok((of_draft, of_person))
}
