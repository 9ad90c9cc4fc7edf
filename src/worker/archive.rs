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
    screens::my_videos::{list_caption, part_caption},
    settings::Settings,
    video_list::{Listed, video_list},
};
use crate::domain::{export::Group, time::Timestamp, user::Language, zone::Zone};
use crate::store::{
    error::StoreError,
    exports::{OpenExport, Packed},
    videos::{self, MadeVideo},
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

/// A video that cannot be had just now is left out after so many tries.
const LOOKS: u32 = 3;

/// Sends the next part, or the list when all parts are sent.
pub(crate) fn send_part(
    context: &WorkerContext,
    open: &OpenExport,
    group: Group,
    language: Language,
) -> Result<Outcome, StoreError> {
    let (db, settings) = (&context.db, context.settings());
    let (now, zone) = (db.clock.now(), &settings.timezone);
    let videos = db.read(|view| videos::of_group(view, open.user, now, group, zone))?;
    let stems: Vec<String> = file_stems(videos.iter().map(MadeVideo::of_order)).collect();
    let is_done = |video: &MadeVideo| open.packed.iter().any(|packed| packed.job == video.job);
    let rest: Vec<_> = videos.iter().zip(&stems).filter(|(video, _)| !is_done(video)).collect();
    if rest.is_empty() {
        return send_list(context, &settings, open, (group, language), &videos);
    }
    let number = open.packed.iter().map(|packed| packed.part).max().unwrap_or(0) + 1;
    let mut part = Part::new(context, number)?;
    for (video, stem) in rest {
        match part.add(context, open, video, stem, zone)? {
            Added::Yes => {}
            Added::Full => break,
            Added::NotNow(outcome) => return Ok(outcome),
        }
        if db.clock.now().since(now) >= LONGEST_PART {
            break;
        }
    }
    let (zip, added, files) = part.finish()?;
    if files > 0 {
        let caption = part_caption(&settings.words.voice(language), group, number, files);
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
    (group, language): (Group, Language),
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
    let caption = list_caption(&voice, group, number(listed.len()), number(missing));
    let mut file = context.scratch.file()?;
    file.write_all(&video_list(&voice, &settings.timezone, &listed))?;
    file.flush()?;
    let name = format!("{}.csv", name_of(group));
    let sent = context.ports.courier.send_file(open.user, file.path(), &name, &caption);
    Ok(match sent {
        Ok(()) => Outcome::Sent(None),
        Err(error) => not_sent(context, open, error),
    })
}

fn name_of(group: Group) -> String {
    match group {
        Group::Order(order) => format!("order-{order}"),
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
    /// The part has to wait.
    NotNow(Outcome),
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
        open: &OpenExport,
        video: &MadeVideo,
        stem: &str,
        zone: &Zone,
    ) -> Result<Added, StoreError> {
        if context.stop.is_set() {
            return Ok(Added::NotNow(Outcome::NotBefore(context.db.clock.now())));
        }
        let file = context.scratch.file()?;
        match refetch(context, video, file.path())? {
            Fetched::Here => {}
            Fetched::NotNow(text) if open.tries < LOOKS => {
                return Ok(Added::NotNow(Outcome::Failed(text)));
            }
            Fetched::NotNow(_) | Fetched::TooLarge | Fetched::Gone(_) => {
                return Ok(self.miss(video));
            }
        }
        let length = file.as_file().metadata()?.len() + ENTRY;
        // What is larger than a part by itself goes alone, as far as Telegram takes it.
        let most = if self.files == 0 { context.ports.courier.max_bytes() } else { PART };
        if self.bytes + length > most {
            return Ok(if self.files == 0 { self.miss(video) } else { Added::Full });
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
    fn miss(&mut self, video: &MadeVideo) -> Added {
        self.added.push(Packed { job: video.job, part: 0, file: String::new() });
        Added::Yes
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
