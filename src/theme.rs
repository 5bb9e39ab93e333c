//! Colours by role. A theme is a TOML file that says how each role looks; the program ships four and a user may add
//! more. What a terminal cannot show is reduced once, when the theme is read.

use ratatui::style::{Color, Modifier, Style};

use crate::problem::{Flaw, Lines, Problem};
use crate::text::nearest;

macro_rules! roles {
    ($($role:ident $name:literal),+ $(,)?) => {
        /// What a piece of the screen is; the theme says how it looks.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum Role { #[default] $($role),+ }
        impl Role {
            pub const ALL: &'static [(Role, &'static str)] = &[$((Role::$role, $name)),+];
        }
    };
}

roles! {
    Text "text",
    Ground "ground",
    Muted "muted",
    Faint "faint",
    Accent "accent",
    Heading1 "heading-1",
    Heading2 "heading-2",
    Heading3 "heading-3",
    Link "link",
    Focus "focus",
    Selection "selection",
    Found "found",
    FoundHere "found-here",
    Code "code",
    Block "block",
    Rule "rule",
    Bar "bar",
    BarKey "bar-key",
    Head "head",
    HeadTitle "head-title",
    Popup "popup",
    Note "note",
    Tip "tip",
    Important "important",
    Warning "warning",
    Caution "caution",
    Good "good",
    Bad "bad",
    SyntaxComment "syntax-comment",
    SyntaxString "syntax-string",
    SyntaxNumber "syntax-number",
    SyntaxKeyword "syntax-keyword",
    SyntaxName "syntax-name",
    SyntaxType "syntax-type",
    SyntaxFunction "syntax-function",
}

/// How many colours a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    None,
    Sixteen,
    Indexed,
    True,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    pub name: String,
    styles: Vec<Style>,
}

/// The themes inside the program.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("dark", include_str!("../assets/themes/dark.toml")),
    ("light", include_str!("../assets/themes/light.toml")),
    ("contrast", include_str!("../assets/themes/contrast.toml")),
    ("terminal", include_str!("../assets/themes/terminal.toml")),
];

impl Theme {
    /// A theme of the program; the one of the terminal's own colours when there is none of that name.
    #[must_use]
    pub fn built_in(name: &str, depth: Depth) -> Self {
        let found = BUILT_IN.iter().find(|(known, _)| *known == name).or(BUILT_IN.last());
        found.map_or_else(
            || Self { name: name.to_owned(), styles: Vec::new() },
            |(name, toml)| Self::read(name, toml, "", depth).0,
        )
    }

    /// Reads a theme; a line that is not understood is left at the look of plain text and reported.
    #[must_use]
    pub fn read(name: &str, toml: &str, file: &str, depth: Depth) -> (Self, Vec<Problem>) {
        let mut styles = vec![Style::new(); Role::ALL.len()];
        let mut flaws = Vec::new();
        match toml::de::DeTable::parse(toml) {
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                flaws.push(Flaw::error("bad-toml", span, error.message(), "Write lines like `text = \"#d0d4dc\"`."));
            }
            Ok(table) => {
                for (key, value) in table.get_ref() {
                    let Some(at) = Role::ALL.iter().position(|(_, name)| *name == key.get_ref().as_ref()) else {
                        let near = nearest(key.get_ref(), Role::ALL.iter().map(|(_, name)| *name));
                        let hint = near.map_or_else(
                            || "The dark theme of the program names every role.".to_owned(),
                            |near| format!("Did you mean `{near}`?"),
                        );
                        let what = format!("There is no role called `{}`.", key.get_ref());
                        flaws.push(Flaw::error("unknown-key", key.span(), what, hint));
                        continue;
                    };
                    match value.get_ref().as_str().map(style) {
                        Some(Ok(style)) => {
                            if let Some(slot) = styles.get_mut(at) {
                                *slot = reduced(style, depth);
                            }
                        }
                        Some(Err(word)) => flaws.push(Flaw::error(
                            "bad-value",
                            value.span(),
                            format!("`{word}` is neither a colour nor a mark."),
                            "Write `#rrggbb`, a name such as `light-blue`, `on` before a ground, or bold, dim, italic, underline, strike, reverse.",
                        )),
                        None => flaws.push(Flaw::error("bad-value", value.span(), "This is not a string.", "Quote it.")),
                    }
                }
            }
        }
        // Code stands on the ground of its block, whatever its colours are.
        let ground = styles.get(Role::Block as usize).and_then(|style| style.bg);
        for style in styles.iter_mut().skip(Role::SyntaxComment as usize) {
            style.bg = style.bg.or(ground);
        }
        flaws.sort_by_key(|flaw| flaw.span.start);
        let lines = Lines::new(toml);
        let problems = flaws.into_iter().map(|flaw| flaw.locate(file, &lines)).collect();
        (Self { name: name.to_owned(), styles }, problems)
    }

    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }
}

/// The theme that suits a terminal, from what it says about itself. `environment` looks up a variable.
#[must_use]
pub fn suitable(environment: impl Fn(&str) -> Option<String>) -> (&'static str, Depth) {
    let depth = depth(&environment);
    if depth == Depth::Sixteen || depth == Depth::None {
        return ("terminal", depth);
    }
    let ground = environment("COLORFGBG")
        .and_then(|colours| colours.rsplit(';').next().and_then(|ground| ground.parse::<u8>().ok()));
    (if ground.is_some_and(|ground| ground == 7 || ground > 8) { "light" } else { "dark" }, depth)
}

/// How many colours the terminal shows, by the conventions of its variables.
#[must_use]
pub fn depth(environment: impl Fn(&str) -> Option<String>) -> Depth {
    let term = environment("TERM").unwrap_or_default();
    let named = |name: &str| environment(name).unwrap_or_default();
    if environment("NO_COLOR").is_some_and(|value| !value.is_empty()) || term == "dumb" {
        Depth::None
    } else if ["truecolor", "24bit"].contains(&named("COLORTERM").as_str()) || term.ends_with("-direct") {
        Depth::True
    } else if term.contains("256") || term.contains("kitty") || term.contains("alacritty") {
        Depth::Indexed
    } else {
        Depth::Sixteen
    }
}

/// Reads a look such as `bold #ffffff on #202020`; the word that is not understood when there is one.
fn style(text: &str) -> Result<Style, String> {
    let mut style = Style::new();
    let mut ground = false;
    for word in text.split_whitespace() {
        let modifier = match word {
            "on" => {
                ground = true;
                continue;
            }
            "bold" => Modifier::BOLD,
            "dim" => Modifier::DIM,
            "italic" => Modifier::ITALIC,
            "underline" => Modifier::UNDERLINED,
            "strike" => Modifier::CROSSED_OUT,
            "reverse" => Modifier::REVERSED,
            word => {
                let colour: Color = word.parse().map_err(|_| word.to_owned())?;
                style = if ground { style.bg(colour) } else { style.fg(colour) };
                ground = false;
                continue;
            }
        };
        style = style.add_modifier(modifier);
    }
    Ok(style)
}

fn reduced(style: Style, depth: Depth) -> Style {
    let colour = |colour: Option<Color>| match (colour, depth) {
        (_, Depth::None) => None,
        (Some(Color::Rgb(r, g, b)), Depth::Indexed) => Some(Color::Indexed(nearest_index(r, g, b))),
        // Sixteen colours cannot carry a theme made of others: its text stays readable in the terminal's own.
        (Some(Color::Rgb(..)), Depth::Sixteen) => None,
        (colour, _) => colour,
    };
    let mut out = Style { fg: colour(style.fg), bg: colour(style.bg), ..style };
    if depth == Depth::None && style.bg.is_some() && style.fg.is_some() && style.fg != Some(Color::Reset) {
        // What only a ground set apart is set apart by turning it round.
        out = out.add_modifier(Modifier::REVERSED);
    }
    out
}

/// The colour of the 6×6×6 cube or of the 24 greys that is nearest.
fn nearest_index(r: u8, g: u8, b: u8) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |value: u8| {
        (0u8..).zip(STEPS).min_by_key(|(_, step)| step.abs_diff(value)).map_or((0, 0), |(at, step)| (at, step))
    };
    let distance = |(x, y, z): (u8, u8, u8)| {
        let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        square(x, r) + square(y, g) + square(z, b)
    };
    let ((i, x), (j, y), (k, z)) = (step(r), step(g), step(b));
    let mean = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
    let grey = u8::try_from(mean.saturating_sub(3) / 10).unwrap_or(23).min(23);
    let level = 8 + grey * 10;
    if distance((level, level, level)) < distance((x, y, z)) { 232 + grey } else { 16 + 36 * i + 6 * j + k }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_themes_of_the_program_name_every_role() {
        for (name, toml) in BUILT_IN {
            let (_, problems) = Theme::read(name, toml, name, Depth::True);
            assert_eq!(problems, [], "{name}");
            let table: toml::Table = toml.parse().unwrap();
            for (_, role) in Role::ALL {
                assert!(table.contains_key(*role), "{name} lacks {role}");
            }
        }
    }

    #[test]
    fn mistakes_in_a_theme_have_a_place() {
        let (theme, problems) =
            Theme::read("x", "txt = \"red\"\nlink = \"blu\"\ntext = \"bold red\"\n", "x.toml", Depth::True);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(told[0].starts_with("x.toml:1:1: There is no role called `txt`. Did you mean `text`?"), "{told:?}");
        assert!(told[1].starts_with("x.toml:2:8: `blu` is neither"), "{told:?}");
        assert_eq!(theme.style(Role::Text), Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
    }

    #[test]
    fn the_terminal_is_taken_at_its_word() {
        let of = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, String)> = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            suitable(move |name| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()))
        };
        assert_eq!(of(&[("TERM", "xterm-256color")]), ("dark", Depth::Indexed));
        assert_eq!(of(&[("TERM", "xterm-256color"), ("COLORFGBG", "0;15")]), ("light", Depth::Indexed));
        assert_eq!(of(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]), ("dark", Depth::True));
        assert_eq!(of(&[("TERM", "linux")]), ("terminal", Depth::Sixteen));
        assert_eq!(of(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]), ("terminal", Depth::None));
    }

    #[test]
    fn colours_are_reduced_to_the_nearest() {
        assert_eq!(nearest_index(255, 0, 0), 196);
        assert_eq!(nearest_index(28, 31, 38), 234);
    }
}
