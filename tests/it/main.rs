//! Stories about the whole bot in a World: the real components on the sandbox's
//! stage, moved one step at a time, with a clock moved by hand.

mod world;

mod flow;

mod scripts;

mod formats;

mod prices;

mod variety;

mod rewrites;

mod people;

mod voices;

mod drafts;

mod subjects;

mod names;

mod doctor;

mod replaced_photos;

mod shown_photos;

mod albums;

mod sides;

mod series;

mod series_orders;

mod series_offers;

mod series_gone;

mod toasts;

mod inbound;

mod languages;

mod waiting;

mod cancel;

mod choices;

mod nights;

mod samples;

mod endings;

mod failures;

mod keys;

mod screens;

mod lanes;

mod told;

mod away;

mod back;

mod alerts;

mod backups;

mod mutes;

mod settings;

mod polls;

mod delivery;

mod my;

mod other_bot;

mod under_videos;

mod crashes;

mod years;

mod machine;

mod money;

mod payments;

#[path = "../../src/testing/malformed.rs"]
mod malformed;

mod nonsense;
