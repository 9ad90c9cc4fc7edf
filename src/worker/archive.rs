//! An archive, part by part: each is written into a temporary file, video after video as they are
//! fetched, and sent. The list comes last. What is done is recorded after each part, so that a
//! process which ends in between costs one part at most.

use std::{
    fs::File,
    io::{self, Write},
    time::Duration,
};

use tempfile::NamedTempFile;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::chat::{
    file_name::file_stems,
    screens::archives::{Archive, list_caption, part_caption},
    settings::Settings,
    video_list::{Listed, video_list},
};
use crate::domain::{export::Group, time::Timestamp, user::Language, zone::Zone};
use crate::store::{
    error::StoreError,
    exports::{OpenExport, Packed},
    video_groups,
    videos::MadeVideo,
};
use crate::worker::{
    context::WorkerContext,
    deliver::container_of,
    refetch::{Fetched, refetch},
    resend::{Outcome, not_sent},
};

/// The largest part, in bytes: a little less than 50 MB.
const PART: u64 = 49_000_000;

/// What a file takes in an archive beside its bytes: at most two kilobytes, with its name.
const ENTRY: u64 = 2048;

/// A part is sent when fetching has taken so long, however small it is then.
const LONGEST_PART: Duration = Duration::from_mins(10);

/// A video that cannot be had just now is left out after so many tries in which none was to be had: that
/// is half an hour of waits.
const LOOKS: u32 = 12;

/// What nobody seems to have is looked for so often before: half a minute.
const LOOKS_FOR_MISSING: u32 = 2;

/// So many in a row that cannot be had are an outage: no others are asked for then.
const OUTAGE: u32 = 3;

/// Sends the next part, or the list when all parts are sent.
pub(crate) fn send_part(
    context: &WorkerContext,
    open: &OpenExport,
    group: Group,
    language: Language,
) -> Result<Outcome, StoreError> {
    let (db, settings) = (&context.db, context.settings());
    let (now, zone) = (db.clock.now(), &settings.timezone);
    let videos = db.read(|view| video_groups::videos(view, open.user, now, group, zone))?;
    let ordered = db.read(|view| video_groups::ordered(view, group))?;
    let archive = Archive { group, ordered: ordered.as_ref(), told: settings.told() };
    let voice = settings.words.voice(language);
    let is_done = |video: &&MadeVideo| open.packed.iter().any(|packed| packed.job == video.job);
    let rest: Vec<&MadeVideo> = videos.iter().filter(|video| !is_done(video)).collect();
    if rest.is_empty() {
        return send_list(context, &settings, open, (&archive, language), &videos);
    }
    let number = open.packed.iter().map(|packed| packed.part).max().unwrap_or(0) + 1;
    let mut part = Part::new(context, number)?;
    let (mut in_a_row, mut lacks, mut not_now) = (0, None, Vec::new());
    // Those of the parts before keep their names, whatever has joined the videos since.
    let taken = open.packed.iter().map(Packed::stem);
    let stems = file_stems(&voice, taken, rest.iter().map(|video| video.of_order()));
    for (video, stem) in rest.iter().copied().zip(stems) {
        if context.stop.is_set() {
            return Ok(Outcome::NotBefore(db.clock.now()));
        }
        match part.add(context, video, &stem, zone)? {
            Added::Yes => in_a_row = 0,
            Added::Full => break,
            Added::Missing(_) if open.tries >= LOOKS_FOR_MISSING => part.miss(video),
            Added::Missing(why) => lacks = Some(why),
            Added::NotNow(why) => {
                lacks = Some(why);
                not_now.push(video);
                in_a_row += 1;
            }
        }
        if in_a_row == OUTAGE {
            break;
        }
        if db.clock.now().since(now) >= LONGEST_PART {
            break;
        }
    }
    // An outage says nothing of the videos: an archive without them all would be no answer to it.
    if open.tries >= LOOKS && in_a_row < OUTAGE {
        for video in not_now {
            part.miss(video);
        }
    }
    let (zip, added, files) = part.finish()?;
    // Where some are to be had, the others get their next try after them.
    if let (Some(why), true) = (lacks, added.is_empty()) {
        return Ok(Outcome::Failed(why));
    }
    if files > 0 {
        let caption = part_caption(&settings.words.voice(language), &archive, number, files);
        let name = format!("{}_{number}.zip", name_of(group));
        let courier = &context.ports.courier;
        if let Err(error) = courier.send_file(open.user, zip.path(), &name, &caption) {
            match not_sent(context, open, error) {
                // It may have arrived, and is not sent a third time. The other parts are still to come.
                Outcome::Sent(_) => {}
                outcome => return Ok(outcome),
            }
        }
    }
    Ok(Outcome::Packed([open.packed.clone(), added].concat()))
}

fn send_list(
    context: &WorkerContext,
    settings: &Settings,
    open: &OpenExport,
    (archive, language): (&Archive<'_>, Language),
    videos: &[MadeVideo],
) -> Result<Outcome, StoreError> {
    let of = |video: &MadeVideo| open.packed.iter().find(|packed| packed.job == video.job);
    let listed: Vec<Listed<'_>> = videos
        .iter()
        .map(|video| {
            let packed = of(video).filter(|packed| packed.part > 0);
            let file = packed.map(|packed| packed.file.as_str());
            Listed { video, file, part: packed.map_or(0, |packed| packed.part) }
        })
        .collect();
    let missing = listed.iter().filter(|listed| listed.file.is_none()).count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let voice = settings.words.voice(language);
    let caption = list_caption(&voice, archive, number(listed.len()), number(missing));
    let mut file = context.scratch.file()?;
    file.write_all(&video_list(&voice, &settings.timezone, &listed))?;
    file.flush()?;
    let name = format!("{}.csv", name_of(archive.group));
    let sent = context.ports.courier.send_file(open.user, file.path(), &name, &caption);
    Ok(match sent {
        Ok(()) => Outcome::Sent(None),
        Err(error) => not_sent(context, open, error),
    })
}

fn name_of(group: Group) -> String {
    match group {
        Group::Order(order) => format!("order-{order}"),
        Group::Series(batch) => format!("series-{batch}"),
        Group::Month(month) => format!("videos-{month}"),
    }
}

/// A part that is being put together.
struct Part {
    zip: NamedTempFile,
    writer: ZipWriter<File>,
    number: u32,
    /// Its bytes so far, at most.
    bytes: u64,
    files: u32,
    added: Vec<Packed>,
}

/// Whether a video is in the part.
enum Added {
    /// It is, or it cannot be had and is noted so.
    Yes,
    /// It is for the next one.
    Full,
    /// It cannot be had just now; why.
    NotNow(String),
    /// Nobody seems to have it; why.
    Missing(String),
}

impl Part {
    fn new(context: &WorkerContext, number: u32) -> Result<Self, StoreError> {
        let zip = context.scratch.file()?;
        let writer = ZipWriter::new(zip.reopen()?);
        Ok(Self { zip, writer, number, bytes: 0, files: 0, added: Vec::new() })
    }

    fn add(
        &mut self,
        context: &WorkerContext,
        video: &MadeVideo,
        stem: &str,
        zone: &Zone,
    ) -> Result<Added, StoreError> {
        let file = context.scratch.file()?;
        match refetch(context, video, file.path())? {
            Fetched::Here => {}
            Fetched::NotNow(text) => return Ok(Added::NotNow(text)),
            Fetched::Missing(text) => return Ok(Added::Missing(text)),
            Fetched::TooLarge | Fetched::OnlyInChat | Fetched::Gone(_) => {
                self.miss(video);
                return Ok(Added::Yes);
            }
        }
        let length = file.as_file().metadata()?.len() + ENTRY;
        // What is larger than a part by itself goes alone, as far as Telegram takes it.
        let most = if self.files == 0 { context.ports.courier.max_bytes() } else { PART };
        if self.bytes + length > most {
            if self.files > 0 {
                return Ok(Added::Full);
            }
            self.miss(video);
            return Ok(Added::Yes);
        }
        let name = format!("{stem}.{}", container_of(file.path())?.extension());
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(time_of(zone, video.at));
        self.writer.start_file(&name, options).map_err(io::Error::from)?;
        io::copy(&mut File::open(file.path())?, &mut self.writer)?;
        self.bytes += length;
        self.files += 1;
        self.added.push(Packed { job: video.job, part: self.number, file: name });
        Ok(Added::Yes)
    }

    /// Notes that a video is not in the archive.
    fn miss(&mut self, video: &MadeVideo) {
        self.added.push(Packed { job: video.job, part: 0, file: String::new() });
    }

    fn finish(self) -> Result<(NamedTempFile, Vec<Packed>, u32), StoreError> {
        let mut file = self.writer.finish().map_err(io::Error::from)?;
        file.flush()?;
        Ok((self.zip, self.added, self.files))
    }
}

/// A time as archives keep it: by the clock on the wall.
fn time_of(zone: &Zone, at: Timestamp) -> zip::DateTime {
    let shown = zone.shown(at, "%Y %m %d %H %M %S");
    let parts: Vec<u16> = shown.split(' ').filter_map(|part| part.parse().ok()).collect();
    let small = |part: u16| u8::try_from(part).unwrap_or(1);
    match parts[..] {
        [year, month, day, hour, minute, second] => zip::DateTime::from_date_and_time(
            year,
            small(month),
            small(day),
            small(hour),
            small(minute),
            small(second),
        )
        .unwrap_or_default(),
        _ => zip::DateTime::default(),
    }
}
