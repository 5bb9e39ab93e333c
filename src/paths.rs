//! Where things are on this machine, by the platform's conventions.

use std::path::PathBuf;

use etcetera::{BaseStrategy, choose_base_strategy};

const NAME: &str = "inservice";

/// Where the history is kept.
#[must_use]
pub fn data() -> PathBuf {
    choose_base_strategy().map_or_else(|_| PathBuf::from(NAME), |base| base.data_dir().join(NAME))
}

/// Where the settings file and user themes are.
#[must_use]
pub fn config() -> PathBuf {
    choose_base_strategy().map_or_else(|_| PathBuf::from(NAME), |base| base.config_dir().join(NAME))
}
