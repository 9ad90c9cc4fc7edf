//! The photo doctor looks at each photo as soon as it has come: what would make a poor video is said
//! with the ideas, and a file that is no photo is refused before anybody waits for it. Nothing waits
//! for the doctor.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
    time::Duration,
};

use crate::chat::{
    conversation::Conversation,
    handlers::{
        album,
        ideas::{refuse, show_again},
        replaced_photo::{on_bad_side, restore},
    },
    settings::{LiveSettings, Settings},
};
use crate::domain::{
    id::PhotoId,
    photo::PhotoFault,
    ports::{FetchError, PhotoSource},
};
use crate::service::{
    notify::Channel,
    serve::{Next, RETRY, serve},
    stop::Stop,
};
use crate::store::{
    db::Db,
    drafts,
    error::StoreError,
    photos::{self, Looked, NewPhoto},
    replaced_photos,
    scratch::Scratch,
    tx::Tx,
    users,
};
use crate::worker::{
    diagnosis::flaws,
    inspect::inspect,
    picture,
    requests::{Requests, record},
};

/// No look takes longer: a photo is fetched, and decoded within limits.
const LONGEST_LOOK: Duration = Duration::from_mins(10);

/// A photo that has ended the process so often is not looked at again.
const MOST_LOOKS: u32 = 3;

/// What the threads of the doctor share.
pub struct PhotoDoctor {
    /// The database.
    pub db: Arc<Db>,
    /// Where photos come from.
    pub photos: Arc<dyn PhotoSource>,
    /// What the operator decided.
    pub settings: Arc<LiveSettings>,
    /// For the photos while they are looked at.
    pub scratch: Scratch,
    /// The signal that the bot shuts down.
    pub stop: Stop,
    /// The photos that are being looked at now.
    pub requests: Requests<PhotoId>,
}

/// What came of a look at a photo.
enum Seen {
    /// It can be used.
    Photo(Looked),
    /// It cannot.
    Unusable(PhotoFault),
    /// Nothing was to be seen: a photo that cannot be had just now is checked before its script.
    Nothing,
}

impl PhotoDoctor {
    /// Looks at photos until the bot shuts down.
    pub fn work(&self) {
        let notifier = self.db.notifiers.get(Channel::Photos);
        let turns = self.db.pulse.loops.join("photo doctor", LONGEST_LOOK);
        serve(&turns, &self.stop, Some(notifier), RETRY, || self.turn().map(Next::after));
    }

    /// Looks at one photo, if a new one is there.
    pub fn turn(&self) -> Result<bool, StoreError> {
        let taken = self.requests.take_first(&self.db, photos::not_looked_at, |new| new.photo)?;
        let Some((_held, new)) = taken else { return Ok(false) };
        let photo = new.photo;
        self.db.write(move |tx| photos::count_look(tx, photo))?;
        let seen = catch_unwind(AssertUnwindSafe(|| self.look(&new))).unwrap_or_else(|_| {
            tracing::error!(photo.id = new.photo.0, "the look at a photo panicked");
            Seen::Nothing
        });
        let (photo, settings) = (new.photo, Arc::clone(&self.settings));
        let tell = move |tx: &Tx<'_>| tell(tx, &settings.load_full(), &new, &seen);
        let refused = move |tx: &Tx<'_>| photos::mark_looked_at(tx, photo, &Looked::default());
        record(&self.db, &self.stop, tell, refused).map(|()| true)
    }

    fn look(&self, new: &NewPhoto) -> Seen {
        if new.looks >= MOST_LOOKS {
            return Seen::Nothing;
        }
        let Ok(file) = self.scratch.file() else { return Seen::Nothing };
        let Some(file_id) = &new.file_id else { return Seen::Nothing };
        match self.photos.fetch(file_id, file.path()) {
            Ok(()) => look_at(file.path()),
            Err(FetchError::TooLarge) => Seen::Unusable(PhotoFault::TooLarge),
            Err(
                FetchError::Gone(_)
                | FetchError::Unavailable(_)
                | FetchError::OutOfReach(_)
                | FetchError::Temporary(_)
                | FetchError::Disk(_),
            ) => Seen::Nothing,
        }
    }
}

fn look_at(photo: &Path) -> Seen {
    match inspect(photo) {
        Ok(Err(fault)) => Seen::Unusable(fault),
        // KIE may read what we cannot, so a photo is not refused for that.
        Ok(Ok(_)) => picture::look_at(photo, |picture| Looked {
            sides: Some((picture.width(), picture.height())),
            flaws: flaws(picture),
        })
        .map_or(Seen::Nothing, Seen::Photo),
        Err(_) => Seen::Nothing,
    }
}

/// Notes what was seen, and says what is worth it where the ideas for the photo still stand.
fn tell(tx: &Tx<'_>, settings: &Settings, new: &NewPhoto, seen: &Seen) -> Result<(), StoreError> {
    let nothing = Looked::default();
    let looked = if let Seen::Photo(looked) = seen { looked } else { &nothing };
    photos::mark_looked_at(tx, new.photo, looked)?;
    if matches!(seen, Seen::Photo(_)) {
        photos::mark_checked(tx, new.photo)?;
    }
    for draft in drafts::of_photo(tx, new.photo)? {
        let Some(user) = users::find(tx, draft.user)? else { continue };
        let conversation = Conversation::with(settings, tx, user);
        match seen {
            Seen::Photo(_) => show_again(&conversation, &draft)?,
            Seen::Unusable(fault) if restore(&conversation, draft.id, new.photo, *fault)? => {}
            Seen::Unusable(fault) => match album::undecided(&conversation, &draft)? {
                Some(album) => {
                    drafts::close(tx, draft.id)?;
                    conversation.show(&album::on_unusable(&conversation, album.id, *fault)?)?;
                }
                None => refuse(&conversation, &draft, *fault)?,
            },
            Seen::Nothing => {}
        }
    }
    let Seen::Unusable(fault) = seen else { return Ok(()) };
    for (user, draft) in replaced_photos::drafts_with_side(tx, new.photo)? {
        let Some(user) = users::find(tx, user)? else { continue };
        on_bad_side(&Conversation::with(settings, tx, user), draft, new.photo, *fault)?;
    }
    Ok(())
}
