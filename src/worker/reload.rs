//! The config is read again while the bot runs: when the operator asks for it, and when its files
//! have changed. What cannot be used changes nothing.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::MetadataExt,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use crate::actions::{alert_operator::alert_operator, silent_admins::silent_admins};
use crate::chat::{settings::Settings, word_files::WordFiles, words::Words};
use crate::config::{
    change::{changed, waiting},
    settings::Config,
    source::ConfigSource,
};
use crate::domain::notification::Concern;
use crate::store::{alerts, error::StoreError, tx::Tx};
use crate::worker::context::WorkerContext;

/// For how long files must stay as they are before they are read: an editor may be at it.
const SETTLING: Duration = Duration::from_secs(1);

/// What an alert of an error is about.
const SUBJECT: &str = "config";

/// Reads the config again.
pub(crate) struct Reloader {
    context: Arc<WorkerContext>,
    source: Arc<dyn ConfigSource>,
    /// What the bot was started with.
    started: Config,
    state: Mutex<ReloadState>,
}

struct ReloadState {
    /// What was read last and could be used.
    config: Config,
    /// Its file.
    path: Option<PathBuf>,
    /// The files when they were last read, whether they could be used or not.
    read: Files,
    /// The files as they were at the last look, if that was not yet.
    changing: Option<Files>,
}

/// The files that a config consists of.
#[derive(Clone, PartialEq)]
struct Files {
    config: Option<FileState>,
    texts: Vec<FileState>,
}

/// A file, with what tells without reading it that it has changed; `None` where it is not there.
type FileState = (PathBuf, Option<(SystemTime, u64, u64)>);

/// Why what was read cannot be used.
struct Unusable {
    error: String,
    hint: String,
}

impl Reloader {
    /// One for a bot that was started with this config.
    pub(crate) fn new(
        context: Arc<WorkerContext>,
        source: Arc<dyn ConfigSource>,
        started: Config,
    ) -> Self {
        let path = source.path();
        let read = Files { config: path.clone().map(file_state), texts: texts(&started) };
        let state = ReloadState { config: started.clone(), path, read, changing: None };
        Self { context, source, started, state: Mutex::new(state) }
    }

    /// Reads it now.
    pub(crate) fn reload(&self) -> Result<(), StoreError> {
        let mut state = self.state();
        let files = self.files(&state);
        self.read(&mut state, files)
    }

    /// Reads it if its files have changed and are not being written. A time is when the next look
    /// should be.
    pub(crate) fn look(&self) -> Result<Option<Duration>, StoreError> {
        let mut state = self.state();
        let files = self.files(&state);
        if files == state.read {
            state.changing = None;
            return Ok(None);
        }
        if state.changing.as_ref() != Some(&files) {
            state.changing = Some(files);
            return Ok(Some(SETTLING));
        }
        self.read(&mut state, files).map(|()| None)
    }

    fn read(&self, state: &mut ReloadState, mut files: Files) -> Result<(), StoreError> {
        match self.settings(state, &mut files) {
            Ok((config, settings)) => {
                self.source.put_in_force(&config);
                self.context.put_settings(settings)?;
                self.log(state, &config, &files)?;
                self.context.db.write(|tx| alerts::is_over(tx, Concern::Config, SUBJECT))?;
                (state.config, state.path) = (config, self.source.path());
            }
            Err(unusable) => self.alert(unusable)?,
        }
        (state.read, state.changing) = (files, None);
        Ok(())
    }

    /// All that is in the files now.
    fn settings(
        &self,
        state: &ReloadState,
        files: &mut Files,
    ) -> Result<(Config, Settings), Unusable> {
        let config = self.source.read().map_err(|error| {
            let hint = error.hint();
            Unusable { error: error.to_string(), hint }
        })?;
        if let Some(path) = state.path.as_ref().filter(|_| self.source.path() != state.path) {
            let error = format!("{} is gone", path.display());
            let hint = "put it back: the next start would not find it".to_owned();
            return Err(Unusable { error, hint });
        }
        files.texts = texts(&config);
        let words = Words::new(config.texts.folder()).map_err(|error| Unusable {
            hint: error.hint().to_owned(),
            error: error.to_string(),
        })?;
        let settings = Settings::new(&config, words);
        Ok((config, settings))
    }

    fn log(&self, state: &ReloadState, config: &Config, files: &Files) -> Result<(), StoreError> {
        let mut changed = changed(&state.config, config);
        let waiting = waiting(&changed, &self.started, config);
        if files.texts != state.read.texts {
            changed.insert("texts".to_owned());
        }
        if changed.is_empty() {
            tracing::info!("the config was read again, and is as it was");
        } else {
            tracing::info!(changed = listed(&changed), "the config was read again");
        }
        if !waiting.is_empty() {
            let waiting = listed(&waiting);
            tracing::warn!(waiting, "a part of the changes takes effect at the next start");
        }
        let admins = &config.telegram.admins;
        let silent = self.context.db.read(|view| silent_admins(view, admins))?;
        if let Some(silent) = silent.filter(|_| changed.contains("telegram.admins")) {
            tracing::warn!(hint = silent.hint, "{silent}");
        }
        Ok(())
    }

    fn alert(&self, Unusable { error, hint }: Unusable) -> Result<(), StoreError> {
        tracing::error!(error, hint, "the config cannot be used; that of before stays in force");
        let settings = self.context.settings();
        self.context.db.write(move |tx: &Tx<'_>| {
            alert_operator(tx, &settings.rules.admins, Concern::Config, SUBJECT, &error)
        })
    }

    fn files(&self, state: &ReloadState) -> Files {
        Files { config: self.source.path().map(file_state), texts: texts(&state.config) }
    }

    fn state(&self) -> MutexGuard<'_, ReloadState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The files of texts.
fn texts(config: &Config) -> Vec<FileState> {
    let files = config.texts.folder().and_then(|dir| WordFiles::of(dir).ok());
    files.into_iter().flat_map(|files| files.taken).map(|(_, path)| file_state(path)).collect()
}

fn file_state(path: PathBuf) -> FileState {
    let state = fs::metadata(&path).and_then(|file| Ok((file.modified()?, file.len(), file.ino())));
    (path, state.ok())
}
