//! Everything outside of the program that it uses, opened once: settings, themes, the history.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::problem::Problem;
use crate::run::Options;
use crate::store::{Places, Settings, Store};
use crate::study::day::Moment;
use crate::study::memory::Model;
use crate::study::progress::{Goal, Progress};
use crate::study::schedule::Scheduler;
use crate::theme::{self, BUILT_IN, Depth, Theme};

/// Everything outside of the program that it uses.
pub struct World {
    pub options: Options,
    pub config: Config,
    pub roots: Vec<PathBuf>,
    pub store: Option<Store>,
    pub problems: Vec<Problem>,
    pub themes: Vec<Theme>,
    pub theme: usize,
    pub places: Places,
    pub settings: Settings,
    pub progress: Progress,
    pub scheduler: Scheduler,
    pub run: i64,
}

pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The settings, and what is wrong with them. A missing file is no problem.
#[must_use]
pub fn settings(folder: &Path) -> (Config, Vec<Problem>) {
    let file = folder.join("config.toml");
    match std::fs::read_to_string(&file) {
        Ok(text) => Config::read(&text, &file.to_string_lossy()),
        Err(why) if why.kind() == io::ErrorKind::NotFound => (Config::default(), Vec::new()),
        Err(why) => {
            let what = format!("The settings in `{}` cannot be read: {why}.", file.display());
            (Config::default(), vec![Problem::error("config", what, "The program's own are used.")])
        }
    }
}

/// The folders that are opened: those that were named, or those of the settings. None of them: the course.
#[must_use]
pub fn roots(named: &[PathBuf], config: &Config) -> Vec<PathBuf> {
    if named.is_empty() { config.packs.iter().map(PathBuf::from).collect() } else { named.to_vec() }
}

/// The themes of the program and of the user, and what is wrong with the latter.
#[must_use]
pub fn themes(folder: &Path, depth: Depth) -> (Vec<Theme>, Vec<Problem>) {
    let mut themes: Vec<Theme> = BUILT_IN.iter().map(|(name, _)| Theme::built_in(name, depth)).collect();
    let mut problems = Vec::new();
    let mut own: Vec<PathBuf> = std::fs::read_dir(folder.join("themes"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    own.sort();
    for path in own.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let (theme, found) = Theme::read(&name, &text, &path.to_string_lossy(), depth);
                problems.extend(found);
                themes.retain(|known| known.name != name);
                themes.push(theme);
            }
            Err(why) => {
                let what = format!("The theme `{}` cannot be read: {why}.", path.display());
                problems.push(Problem::error("theme", what, "Make it readable, or move it away."));
            }
        }
    }
    (themes, problems)
}

impl World {
    /// Reads settings, themes and the history; what is wrong with them becomes problems.
    pub fn open(options: Options) -> Result<Self, Box<Problem>> {
        let (config, mut problems) = settings(&options.config);
        let roots = roots(&options.packs, &config);
        if let Some(root) = roots.iter().find(|root| !root.is_dir()) {
            let what = format!("There is no folder `{}`.", root.display());
            return Err(Box::new(Problem::error("no-folder", what, "A pack is a folder of Markdown.")));
        }
        let now = options.clock.now();
        let history = options.data.join("history.db");
        let mut store = match Store::open(&history) {
            Ok(store) => Some(store),
            Err(problem) => {
                problems.push(*problem);
                Store::open_to_read(&history).ok()
            }
        };
        let mut places = Places::default();
        let mut kept = Settings::default();
        let mut progress = Progress::default();
        let mut run = now.at * 1000 + i64::try_from(options.seed % 1000).unwrap_or(0);
        if let Some(store) = &mut store {
            let mut told = |problem: Box<Problem>| problems.push(*problem);
            places = store.places().unwrap_or_else(|problem| {
                told(problem);
                Places::default()
            });
            match remembered(store, now) {
                Ok((known, found)) => (kept, progress) = (known, found),
                Err(problem) => told(problem),
            }
            if let Err(problem) = super::compose::recover(&options.data, store, &mut kept) {
                told(problem);
            }
            run = store.fresh_run(run);
        }
        let scheduler = scheduler(&config, &kept);
        let (suitable, depth) = theme::suitable(environment);
        let (themes, found) = themes(&options.config, depth);
        problems.extend(found);
        let asked = options.theme.clone().or_else(|| config.theme.clone());
        let chosen = asked.clone().or_else(|| kept.get("theme").cloned());
        let at = |name: &str| themes.iter().position(|theme| theme.name == name);
        if let Some(name) = asked.filter(|name| at(name).is_none()) {
            let names: Vec<&str> = themes.iter().map(|theme| theme.name.as_str()).collect();
            let what = format!("There is no theme called `{name}`.");
            problems.push(Problem::error("theme", what, format!("There are: {}.", names.join(", "))));
        }
        let theme = chosen.and_then(|name| at(&name)).or_else(|| at(suitable)).unwrap_or(0);
        Ok(Self {
            options,
            config,
            roots,
            store,
            problems,
            themes,
            theme,
            places,
            settings: kept,
            progress,
            scheduler,
            run,
        })
    }
}

/// The setting that keeps when rows of another history were last taken in.
pub const MERGED: &str = "merged";

/// What the history says at the start.
pub fn remembered(store: &mut Store, now: Moment) -> Result<(Settings, Progress), Box<Problem>> {
    let settings = store.settings()?;
    let states = store.states()?;
    let today = now.start_of(now.day());
    // Rows of another history stand behind those of today; where some came today, all are looked at.
    let merged = settings.get(MERGED).and_then(|at| at.parse::<i64>().ok()).is_some_and(|at| at >= today);
    let (recent, whole) = store.recent(today, if merged { usize::MAX } else { 0 })?;
    let mut progress = Progress::new(states, recent, whole, goal(&settings));
    progress.calendar = store.calendar()?;
    Ok((settings, progress))
}

/// The date of the interview and the minutes a day, as they are kept.
#[must_use]
pub fn goal(settings: &Settings) -> Goal {
    Goal::read(settings.get("date").map(String::as_str), settings.get("minutes").map(String::as_str))
}

/// The scheduler of some settings, with one's own parameters where they were fitted.
#[must_use]
pub fn scheduler(config: &Config, settings: &Settings) -> Scheduler {
    let own: Option<Vec<f32>> =
        settings.get("parameters").map(|text| text.split(' ').filter_map(|value| value.parse().ok()).collect());
    Scheduler { model: Model::new(own.as_deref()), rules: config.rules() }
}
