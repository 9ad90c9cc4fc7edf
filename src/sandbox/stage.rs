//! The stage: all stand-ins on loopback, and the plan of an app that talks to
//! them and to nothing else.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::actions::add_key::{KeyError, NewKey, add_key};
use crate::config::{proxy::Proxy, settings::Config};
use crate::domain::{credits::Credits, ports::Clock, secret::Secret, time::Timestamp};
use crate::plan::{AppError, Plan};
use crate::sandbox::{
    gpt::GptStandIn,
    kie::{behaviour::Behaviour, stand_in::KieStandIn},
    page::{routes, troubles::Troubles, view::SandboxInfo},
    serve::{Server, serve},
    telegram::stand_in::TelegramStandIn,
};
use crate::store::{db::Db, file::Terms};

/// The bot token of the sandbox. Outside it is worth nothing.
const TOKEN: &str = "1000001:sandbox-token-that-opens-nothing-outside";

/// What the KIE keys of the sandbox begin with. Outside they are worth nothing.
const KEY: &str = "5a4d0b0c5a4d0b0c5a4d0b0c";

/// What the first of them ends with; the others count up from it.
const FIRST_KEY: usize = 0x5a4d_0b0c;

/// The credits of a sandbox account at KIE.
const KIE_CREDITS: f64 = 1_000_000.0;

/// The credits that a person of the sandbox starts with: enough for an afternoon.
pub(crate) const WELCOME: Credits = Credits(30);

/// The stand-ins, running. Dropping it stops them.
pub struct Stage {
    /// Telegram and its people.
    pub telegram: TelegramStandIn,
    /// KIE.
    pub kie: KieStandIn,
    /// GPT.
    pub gpt: GptStandIn,
    /// Where they are.
    pub addresses: Addresses,
    clock: Arc<dyn Clock>,
    _servers: Vec<Server>,
}

/// The addresses of the stand-ins.
#[derive(Clone, Debug)]
pub struct Addresses {
    telegram: String,
    kie: String,
    gpt: String,
}

impl Stage {
    /// Starts the stand-ins on free ports of loopback.
    pub async fn set(clock: Arc<dyn Clock>, behaviour: Behaviour) -> std::io::Result<Self> {
        let telegram = TelegramStandIn::new(Arc::clone(&clock), TOKEN)?;
        let kie = KieStandIn::new(Arc::clone(&clock), behaviour);
        let gpt = GptStandIn::new(Arc::clone(&clock));
        let servers = vec![
            serve(telegram.router(), 0).await?,
            serve(kie.router(), 0).await?,
            serve(gpt.router(), 0).await?,
        ];
        let addresses = Addresses {
            telegram: servers[0].url(),
            kie: servers[1].url(),
            gpt: format!("{}/v1", servers[2].url()),
        };
        Ok(Self { telegram, kie, gpt, clock, addresses, _servers: servers })
    }

    /// The time on the clock of the stand-ins.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// From now on something random goes wrong in this share (0 to 1) of all calls; `seed` decides what.
    pub fn misbehave(&self, share: f64, seed: u64) {
        self.kie.behave(|behaviour| (behaviour.chaos, behaviour.seed) = (share, seed));
        self.telegram.chaos(share, seed);
        self.gpt.chaos(share, seed);
    }

    /// Serves the chat page until the server is dropped. `model` is the one that its switches put out
    /// of order.
    pub async fn open_page(&self, port: u16, speed: f64, model: &str) -> std::io::Result<Server> {
        let troubles = Troubles::new(&self.telegram, &self.kie, &self.gpt, model);
        let page = routes::router(self.telegram.clone(), SandboxInfo { speed }, troubles);
        serve(page, port).await
    }

    /// The first KIE key, with an account and credits.
    pub(crate) fn first_key(&self) -> String {
        self.bring_account(0).1
    }

    /// The account and the key with that number, which KIE knows from now on.
    fn bring_account(&self, number: usize) -> (String, String) {
        let account = numbered("main", number);
        let key = format!("{KEY}{:08x}", FIRST_KEY + number);
        self.kie.account(&account).key(&key).credits(KIE_CREDITS);
        (account, key)
    }

    /// The plan of an app that talks to the stand-ins.
    pub fn plan(&self, config: Config, database: &Path) -> Plan {
        Plan {
            config: self.addresses.take_over(config),
            env_keys: Vec::new(),
            database: database.to_owned(),
            clock: Arc::clone(&self.clock),
            source: None,
        }
    }

    /// Puts a KIE key into a plan's database, if it is not there.
    pub fn bring_key(&self, plan: &Plan) -> Result<(), AppError> {
        self.bring_accounts(plan, 1)
    }

    /// Puts the keys of this many KIE accounts, one each, into a plan's database, if they are
    /// not there.
    pub fn bring_accounts(&self, plan: &Plan, many: usize) -> Result<(), AppError> {
        let (clock, pulse) = (Arc::clone(&self.clock), Arc::default());
        let backups = plan.backups();
        let terms = Terms::migrating(&backups, plan.config.database.checkpoints);
        let db = Db::open_with(&plan.database, clock, pulse, terms)?;
        for number in 0..many {
            let (account, key) = self.bring_account(number);
            let label = Some(numbered("sandbox", number));
            let new = NewKey { secret: Secret::new(&key), account: Some(account), label };
            match db.try_write(move |tx| add_key(tx, &new)) {
                Err(KeyError::Store(error)) => return Err(error.into()),
                Ok(_) | Err(KeyError::Known { .. } | KeyError::InUse { .. }) => {}
            }
        }
        Ok(())
    }
}

impl Addresses {
    /// The config file of a bot that talks to the stand-ins, with credits to play with.
    pub(crate) fn config(&self) -> String {
        let Self { telegram, kie, gpt } = self;
        format!(
            "# A bot that talks to the stand-ins of `reelbot sandbox`, and to nothing else.\n\
             [telegram]\ntoken = \"{TOKEN}\"\napi_url = \"{telegram}\"\n\n\
             [kie]\napi_url = \"{kie}\"\nupload_url = \"{kie}\"\n\n\
             [gpt]\napi_url = \"{gpt}\"\n\n\
             [credits]\nwelcome = {WELCOME}\n"
        )
    }

    /// The same config with these addresses, and without any secret of the operator's.
    pub(crate) fn take_over(&self, mut config: Config) -> Config {
        config.telegram.token = Secret::new(TOKEN);
        config.telegram.token_file = PathBuf::new();
        config.gpt.api_key = Secret::default();
        config.gpt.api_key_file = PathBuf::new();
        config.telegram.file_url = String::new();
        for proxy in [&mut config.telegram.proxy, &mut config.kie.proxy, &mut config.gpt.proxy] {
            *proxy = Proxy::Direct;
        }
        config.telegram.api_url.clone_from(&self.telegram);
        config.kie.api_url.clone_from(&self.kie);
        config.kie.upload_url.clone_from(&self.kie);
        config.gpt.api_url.clone_from(&self.gpt);
        config
    }
}

/// The first has the name alone.
fn numbered(name: &str, number: usize) -> String {
    match number {
        0 => name.to_owned(),
        _ => format!("{name} {}", number + 1),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::models::shipped;
    use crate::domain::{ports::RenderRequest, video::Aspect};
    use crate::provider::kie::input::input;
    use crate::sandbox::kie::{models::OfferedModel, schema::check};

    /// KIE ignores unknown fields, so a misspelt one would cost money without effect.
    #[test]
    fn every_model_that_reelbot_ships_is_taken_with_its_photo_and_no_field_is_ignored() {
        for row in shipped() {
            let model = OfferedModel::find(&row.slug).unwrap();
            let prompt = "я".repeat(row.longest_prompt + 1);
            let urls: Vec<String> =
                (0..row.images_max).map(|number| format!("http://h/{number}.jpg")).collect();
            let request = RenderRequest {
                model: &row,
                prompt: &prompt,
                image_urls: &urls,
                aspect: Aspect::Portrait,
                seconds: 10,
            };
            let input = input(&request);
            assert_eq!(check(model, &input), Ok(()), "{}", row.slug);
            assert_eq!(model.photos(&input), urls, "{}", row.slug);
            for name in input.as_object().unwrap().keys() {
                assert!(
                    model.fields.iter().any(|field| field.name == name),
                    "{}: {name}",
                    row.slug
                );
            }
        }
    }
}
