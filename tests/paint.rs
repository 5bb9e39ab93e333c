//! What a terminal shows after the bytes of a frame is what was drawn, cell by cell, whatever came before.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics has failed, which is its way of telling"
)]

use std::num::NonZeroU16;

use inservice::paint::Painter;
use proptest::prelude::*;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier, Style};

/// A painter and the terminal that its bytes go to.
struct Desk {
    painter: Painter<Vec<u8>>,
    terminal: vt100::Parser,
    seen: usize,
}

impl Desk {
    fn new(width: u16, height: u16) -> Self {
        let mut terminal = vt100::Parser::new(nonzero(height), nonzero(width), 0);
        terminal.process(b"\x1b[41;1mleft by others\r\n\r\nall over");
        Self { painter: Painter::new(Vec::new(), Size { width, height }), terminal, seen: 0 }
    }

    /// Draws a frame, compares the terminal with it, and returns the bytes it took.
    fn frame(&mut self, draw: impl Fn(&mut Buffer) -> Option<Position>) -> usize {
        let mut drawn = None;
        let mut caret = None;
        self.painter
            .frame(|buffer| {
                caret = draw(buffer);
                drawn = Some(buffer.clone());
                caret
            })
            .unwrap();
        let drawn = drawn.unwrap();
        let bytes = self.painter.get_ref().get(self.seen..).unwrap().to_vec();
        self.seen += bytes.len();
        self.terminal.process(&bytes);
        compare(&drawn, self.terminal.screen(), &bytes);
        let screen = self.terminal.screen();
        match caret.filter(|at| drawn.area.contains(*at)) {
            Some(at) => assert_eq!((screen.hide_cursor(), screen.cursor_position()), (false, (at.y, at.x))),
            None => assert!(screen.hide_cursor()),
        }
        bytes.len()
    }

    fn resize(&mut self, width: u16, height: u16) {
        self.terminal.set_size(nonzero(height), nonzero(width));
        self.painter.resize(Size { width, height });
    }
}

fn nonzero(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

fn compare(drawn: &Buffer, screen: &vt100::Screen, bytes: &[u8]) {
    let Size { width, height } = drawn.area.as_size();
    for y in 0..height {
        let mut x = 0;
        while x < width {
            let (ours, theirs) = (&drawn[(x, y)], screen.cell(y, x).unwrap());
            let wide = ours.symbol().cell_width();
            // A wide character that lost its second half, or has no room for it, is a blank.
            let whole = x + wide <= width && (x + 1..x + wide).all(|half| drawn[(half, y)].symbol() == " ");
            let symbol = if whole { ours.symbol() } else { " " };
            let shown = if theirs.has_contents() { theirs.contents() } else { " " };
            let context = || format!("at {x},{y}: {:?}\n{drawn:?}", String::from_utf8_lossy(bytes));
            assert_eq!(shown, symbol, "{}", context());
            let look = (theirs.bgcolor(), theirs.underline(), theirs.inverse());
            let asked = |modifier| ours.modifier.contains(modifier);
            assert_eq!(look, (color(ours.bg), asked(Modifier::UNDERLINED), asked(Modifier::REVERSED)), "{}", context());
            if symbol != " " || asked(Modifier::UNDERLINED) || asked(Modifier::REVERSED) {
                assert_eq!(theirs.fgcolor(), color(ours.fg), "{}", context());
            }
            if symbol != " " {
                // The emulator knows one of bold and dim at a time.
                let dim = asked(Modifier::DIM) && !asked(Modifier::BOLD);
                let look =
                    (theirs.bold() || asked(Modifier::BOLD) && theirs.dim(), theirs.dim() && dim, theirs.italic());
                assert_eq!(look, (asked(Modifier::BOLD), dim, asked(Modifier::ITALIC)), "{}", context());
            }
            x += if whole { wide.max(1) } else { 1 };
        }
    }
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Red => vt100::Color::Idx(1),
        Color::Gray => vt100::Color::Idx(7),
        Color::LightBlue => vt100::Color::Idx(12),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

fn styles() -> impl Strategy<Value = Style> {
    let colors = || {
        prop::sample::select(vec![
            Color::Reset,
            Color::Reset,
            Color::Red,
            Color::Gray,
            Color::LightBlue,
            Color::Indexed(99),
            Color::Rgb(1, 2, 3),
        ])
    };
    let modifiers = prop::sample::select(vec![
        Modifier::empty(),
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::ITALIC | Modifier::BOLD,
        Modifier::UNDERLINED,
        Modifier::REVERSED,
        Modifier::UNDERLINED | Modifier::DIM,
    ]);
    (colors(), colors(), modifiers, 0..3u8).prop_map(|(fg, bg, modifier, plain)| {
        if plain == 0 { Style::new().fg(fg).bg(bg).add_modifier(modifier) } else { Style::new().add_modifier(modifier) }
    })
}

/// A piece of text at a place of the page.
type Piece = (u16, u16, String, Style);

fn pieces(most: usize) -> impl Strategy<Value = Vec<Piece>> {
    let words = prop::sample::select(vec![
        "a",
        "ab ",
        "words of a line",
        "日本語",
        "x日",
        "e\u{301}té",
        "crab 🦀 🦀",
        "   ",
        "",
        "│",
        "long enough to reach the end of the row or nearly",
        "家",
    ]);
    prop::collection::vec((0..40u16, 0..30u16, words.prop_map(str::to_owned), styles()), 0..most)
}

#[derive(Clone, Debug)]
enum Change {
    /// Draws some pieces over what is there.
    Draw(Vec<Piece>),
    /// Moves the page behind the fixed columns and rows.
    Scroll(i16),
    /// Shows other fixed columns and rows.
    Frame(u16, u16),
    Resize(u16, u16),
    Forget,
    Caret(Option<(u16, u16)>),
    Same,
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => pieces(4).prop_map(Change::Draw),
        5 => (-6..7i16).prop_map(Change::Scroll),
        1 => (0..9u16, 0..3u16).prop_map(|(columns, rows)| Change::Frame(columns, rows)),
        1 => (1..40u16, 1..20u16).prop_map(|(width, height)| Change::Resize(width, height)),
        1 => Just(Change::Forget),
        1 => prop::option::of((0..40u16, 0..20u16)).prop_map(Change::Caret),
        1 => Just(Change::Same),
    ]
}

fn draw(buffer: &mut Buffer, page: &[Piece], offset: i16, columns: u16, rows: u16) {
    let area = buffer.area;
    let mut put = |x: u16, y: i16, text: &str, style: Style| {
        if let Ok(y) = u16::try_from(y)
            && x < area.width
            && y < area.height
        {
            buffer.set_stringn(x, y, text, usize::from(area.width - x), style);
        }
    };
    for (x, y, text, style) in page {
        put(*x, y.cast_signed() - offset, text, *style);
    }
    for y in 0..area.height {
        if columns > 0 {
            put(0, y.cast_signed(), &format!("{:<1$}│", y % 7, usize::from(columns)), Style::new());
        }
        if y < rows || y + rows >= area.height {
            put(0, y.cast_signed(), "a bar across the page", Style::new().bg(Color::Red));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_terminal_shows_what_was_drawn(
        page in pieces(40),
        changes in prop::collection::vec(changes(), 1..12),
        (width, height) in (1..40u16, 1..20u16),
    ) {
        let mut desk = Desk::new(width, height);
        let (mut page, mut offset, mut columns, mut rows, mut caret) = (page, 0, 0, 0, None);
        for change in changes {
            let same = matches!(change, Change::Same);
            if same {
                desk.frame(|buffer| { draw(buffer, &page, offset, columns, rows); caret });
            }
            match change {
                Change::Draw(more) => page.extend(more.into_iter().map(|(x, y, text, style)| (x, y.saturating_add_signed(offset), text, style))),
                Change::Scroll(by) => offset += by,
                Change::Frame(new, more) => (columns, rows) = (new, more),
                Change::Resize(width, height) => desk.resize(width, height),
                Change::Forget => { desk.terminal.process(b"\x1b[Hscribble\x1b[45m\x1b[K\x1b[?25h"); desk.painter.forget(); }
                Change::Caret(at) => caret = at.map(Position::from),
                Change::Same => {}
            }
            let bytes = desk.frame(|buffer| { draw(buffer, &page, offset, columns, rows); caret });
            prop_assert!(!same || bytes == 0, "nothing changed, yet {} bytes were sent", bytes);
        }
    }
}

const WORDS: &str = "the instance keeps its address while an Elastic network interface moves between hosts and a launch \
    template pins every version of the image so that a rolling update of the group can be undone within minutes when \
    health checks fail ";

/// A line of a lesson: wrapped prose with a bold term here and there, a heading or a blank line between.
fn line(buffer: &mut Buffer, x: u16, y: u16, n: u16) {
    if n % 7 == 6 {
        return;
    }
    if n.is_multiple_of(23) {
        buffer.set_string(x, y, format!("Heading number {n}"), Style::new().fg(Color::LightBlue).bold());
        return;
    }
    let start = usize::from(n * 37 % 150);
    let room = usize::from(buffer.area.width - x).min(90) - usize::from(n % 11);
    let text: String = WORDS.chars().cycle().skip(start).take(room).collect();
    buffer.set_string(x, y, text, Style::new());
    buffer.set_style(ratatui::layout::Rect::new(x + n % 40, y, 9, 1), Style::new().add_modifier(Modifier::BOLD));
}

/// A page of a lesson with a bar at the top and the bottom, scrolled to a line.
fn lesson(buffer: &mut Buffer, top: u16, outline: u16) {
    let (width, height) = (buffer.area.width, buffer.area.height);
    let bar = |text: &str| format!("{text:<width$}", width = usize::from(width));
    buffer.set_string(0, 0, bar(" EC2 > Elastic network interfaces"), Style::new().reversed());
    for y in 1..height - 1 {
        if outline > 0 {
            let name = format!("{:>2} {}", y, WORDS.get(usize::from(y)..usize::from(y + 19)).unwrap());
            buffer.set_string(0, y, name, Style::new());
            buffer.set_string(outline - 2, y, "│", Style::new().dim());
        }
        line(buffer, outline, y, top + y);
    }
    buffer.set_string(0, height - 1, bar(&format!(" j down  k up  / find  {top:>4} %")), Style::new().reversed());
}

/// The bytes a line of scrolling takes, on average over a page.
fn scrolling(outline: u16, step: i16) -> usize {
    let mut desk = Desk::new(120, 40);
    let mut top = 100u16;
    desk.frame(|buffer| {
        lesson(buffer, top, outline);
        None
    });
    let total: usize = (0..40)
        .map(|_| {
            top = top.saturating_add_signed(step);
            desk.frame(|buffer| {
                lesson(buffer, top, outline);
                None
            })
        })
        .sum();
    total / 40
}

#[test]
fn a_line_of_scrolling_costs_little() {
    let repaint = {
        let mut desk = Desk::new(120, 40);
        desk.frame(|buffer| {
            lesson(buffer, 100, 0);
            None
        })
    };
    let found =
        [("whole width", 0, 1), ("whole width", 0, -1), ("outline", 28, 1), ("outline", 28, -1), ("page", 0, 36)]
            .map(|(what, outline, step)| (what, step, scrolling(outline, step)));
    println!("bytes a line: {found:?}; a repaint {repaint}");
    let [down, up, beside, above, _] = found.map(|(.., bytes)| bytes);
    assert!(down <= 250 && up <= 250, "{found:?}");
    assert!(beside <= 1500 && above <= 1500, "{found:?}");
}

#[test]
fn a_cluster_of_doubtful_width_does_not_shift_its_row() {
    // This terminal draws the family as three people, six columns instead of two.
    let mut desk = Desk::new(20, 3);
    for text in ["one 👨‍👩‍👧 two three", "one 👨‍👩‍👧 two", "one two", "👨‍👩‍👧👨‍👩‍👧 two"]
    {
        desk.painter
            .frame(|buffer| {
                buffer.set_string(0, 0, text, Style::new());
                buffer.set_string(0, 1, "below", Style::new());
                None
            })
            .unwrap();
        let bytes = desk.painter.get_ref().get(desk.seen..).unwrap().to_vec();
        desk.seen += bytes.len();
        desk.terminal.process(&bytes);
        let shown = desk.terminal.screen().contents();
        let words = text.split(' ').filter(|word| word.is_ascii());
        assert!(words.clone().all(|word| shown.contains(word)), "{shown}");
        let column = shown.lines().next().unwrap().find("two").map(|at| shown[..at].chars().count());
        assert!(column.is_some());
        let third = desk.terminal.screen().contents_between(0, 0, 1, 0);
        assert!(!third.contains("below"));
    }
}

#[test]
fn nothing_that_acts_reaches_the_terminal() {
    let mut desk = Desk::new(10, 2);
    desk.painter
        .frame(|buffer| {
            buffer[(0, 0)].set_symbol("\x1b");
            buffer[(1, 0)].set_symbol("\u{9b}");
            buffer[(2, 0)].set_symbol("a\x1b[5m");
            buffer[(3, 0)].set_symbol("ok");
            None
        })
        .unwrap();
    let sent = String::from_utf8(desk.painter.get_ref().clone()).unwrap();
    assert!(!sent.contains("5m") && !sent.contains('\u{9b}') && !sent.contains("\x1b\x1b"), "{sent:?}");
}
