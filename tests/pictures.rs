//! The pictures of the README are frames of the real program. `INSERVICE_PICTURES=write cargo test --test pictures`
//! draws them again; without it the test says when they are not what the program shows.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is its way of telling"
)]

mod support;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use support::Play;

const CELL: (f32, f32) = (8.4, 18.0);

fn colour(colour: Color, otherwise: &str) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => otherwise.to_owned(),
    }
}

/// A frame as SVG: a rectangle for each stretch of one ground, a text for each stretch of one look.
fn svg(buffer: &Buffer) -> String {
    let (width, height) = (f32::from(buffer.area.width) * CELL.0 + 16.0, f32::from(buffer.area.height) * CELL.1 + 16.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"ui-monospace,Menlo,Consolas,monospace\" font-size=\"14\">\n"
    );
    let ground = colour(buffer[(0, buffer.area.height / 2)].bg, "#16191f");
    writeln!(out, "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{ground}\"/>").unwrap();
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            let same = |other: u16| {
                let other = &buffer[(other, y)];
                (other.fg, other.bg, other.modifier) == (cell.fg, cell.bg, cell.modifier)
            };
            let end = (x..buffer.area.width).find(|at| !same(*at)).unwrap_or(buffer.area.width);
            let mut text = String::new();
            let mut skip = 0;
            for at in x..end {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                text.push_str(buffer[(at, y)].symbol());
                skip = inservice::text::width(buffer[(at, y)].symbol()).saturating_sub(1);
            }
            let (left, top) = (8.0 + f32::from(x) * CELL.0, 8.0 + f32::from(y) * CELL.1);
            let wide = f32::from(end - x) * CELL.0;
            let under = colour(cell.bg, &ground);
            if under != ground {
                writeln!(
                    out,
                    "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{}\" fill=\"{under}\"/>",
                    CELL.1
                )
                .unwrap();
            }
            if !text.trim().is_empty() {
                let mut look = String::new();
                for (modifier, css) in [
                    (Modifier::BOLD, " font-weight=\"bold\""),
                    (Modifier::ITALIC, " font-style=\"italic\""),
                    (Modifier::UNDERLINED, " text-decoration=\"underline\""),
                ] {
                    if cell.modifier.contains(modifier) {
                        look.push_str(css);
                    }
                }
                let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                writeln!(
                    out,
                    "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{wide:.1}\" xml:space=\"preserve\" fill=\"{}\"{look}>{text}</text>",
                    top + 13.5,
                    colour(cell.fg, "#d5d9e0")
                )
                .unwrap();
            }
            x = end;
        }
    }
    out.push_str("</svg>\n");
    out
}

#[test]
fn the_pictures_are_what_the_program_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = [
        ("home", None, ""),
        ("lesson", Some("load-balancing"), ""),
        ("drill", Some("lb-keepalive"), "d enter"),
        ("tree", Some("which-balancer"), "3"),
    ];
    let write = std::env::var("INSERVICE_PICTURES").is_ok_and(|value| value == "write");
    for (name, place, keys) in cases {
        let mut play = Play::new(&root.join("content"), 110, 32, place);
        play.keys(keys);
        let picture = svg(&play.buffer());
        let path = root.join("docs/pictures").join(format!("{name}.svg"));
        if write {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &picture).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == picture,
            "docs/pictures/{name}.svg is old: INSERVICE_PICTURES=write cargo test --test pictures"
        );
    }
}
