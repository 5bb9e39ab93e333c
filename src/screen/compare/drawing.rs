//! Drawing a table from nothing: what it compares by is named before it is seen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Compare, Doing};
use crate::command::Command;
use crate::screen::{Go, Look, Prompt, Step};
use crate::study::compare::draw::{Drawing, Named};
use crate::study::compare::recall::Which;
use crate::text::count;
use crate::theme::Role;
use crate::ui::field::Field;
use crate::ui::line::{Line, Piece, draw};
use crate::ui::say::{behind, plain};

/// A table that is being drawn.
pub struct Sketch {
    drawing: Drawing,
    /// The guess that is typed; none once everything is shown.
    pub field: Option<Field>,
    /// What became of the last guess.
    told: String,
    top: usize,
}

impl Sketch {
    pub fn prompt(&self) -> Option<Prompt<'_>> {
        let field = self.field.as_ref()?;
        let note = format!("{} of {}", self.drawing.found(), self.drawing.named.len());
        Some(Prompt { label: "By ", text: field.text(), note })
    }

    pub fn push(&mut self, text: &str) {
        if let Some(field) = &mut self.field {
            field.push(text);
        }
    }
}

impl Compare {
    /// Begins to draw.
    pub(super) fn sketch(&mut self, look: &Look<'_>) -> Step {
        if let Some(view) = &self.view {
            let drawing = Drawing::new(view.matrix.attributes.len());
            self.doing = Doing::Drawing(Sketch { drawing, field: Some(Field::default()), told: String::new(), top: 0 });
        }
        self.lay(look);
        Step::default()
    }

    pub(super) fn sketching(&mut self, command: Command, look: &Look<'_>) -> Step {
        let (Doing::Drawing(sketch), Some(view)) = (&mut self.doing, &self.view) else { return Step::default() };
        let Some(field) = &mut sketch.field else {
            match command {
                Command::Choose => {
                    self.doing = Doing::Looking;
                    self.change(look, crate::study::compare::view::View::show_everything);
                    return self.recall(Which::All, look);
                }
                Command::Facts => return Step::go(Go::Open(self.sources(look))),
                Command::Up => sketch.top = sketch.top.saturating_sub(1),
                Command::Down => sketch.top += 1,
                Command::Back => {
                    self.doing = Doing::Looking;
                    self.lay(look);
                }
                _ => {}
            }
            self.hold(look);
            return Step::default();
        };
        match command {
            Command::Choose => {
                let guess = field.text().to_owned();
                let name = |at: usize| view.matrix.attributes.get(at).map_or("", String::as_str);
                match sketch.drawing.say(&guess, &view.matrix.attributes) {
                    Named::Attribute(at) => sketch.told = format!("Yes: {}.", name(at)),
                    Named::Before(at) => sketch.told = format!("You have {} already.", name(at)),
                    Named::Other => sketch.told = format!("This table does not compare by `{}`.", guess.trim()),
                    Named::Nothing => sketch.field = None,
                }
                if sketch.drawing.whole() {
                    sketch.field = None;
                } else if let Some(field) = &mut sketch.field {
                    field.clear();
                }
            }
            Command::Back => sketch.field = None,
            Command::Erase => {
                field.erase();
            }
            Command::EraseWord => field.erase_word(),
            Command::EraseAll => field.clear(),
            Command::Up => sketch.top = sketch.top.saturating_sub(1),
            Command::Down => sketch.top += 1,
            _ => {}
        }
        self.hold(look);
        Step::default()
    }

    /// Keeps what is scrolled within its lines.
    fn hold(&mut self, look: &Look<'_>) {
        let area = self.frame(look).sheet;
        let lines = self.sketch_lines(look, usize::from(area.width).max(1)).len();
        if let Doing::Drawing(sketch) = &mut self.doing {
            sketch.top = sketch.top.min(lines.saturating_sub(usize::from(area.height)));
        }
    }

    fn sketch_lines(&self, look: &Look<'_>, columns: usize) -> Vec<Line> {
        let (Doing::Drawing(sketch), Some(view)) = (&self.doing, &self.view) else { return Vec::new() };
        let glyphs = look.glyphs;
        let done = sketch.field.is_none();
        let all = &view.matrix.attributes;
        let mut lines = Vec::new();
        let found = sketch.drawing.found();
        if done {
            let words = format!("You named {found} of {}.", count(all.len(), "attribute"));
            lines.extend(plain(&words, columns, Role::Heading1));
            let words = "Enter blanks every cell, to be filled in.";
            lines.extend(plain(words, columns, Role::Muted));
        } else {
            lines.extend(plain("By what would you tell these apart?", columns, Role::Heading1));
            let words = "Name one thing after the other. Enter on an empty line shows what is left.";
            // What became of the last guess takes the place of what to do.
            let (words, role) =
                if sketch.told.is_empty() { (words, Role::Muted) } else { (sketch.told.as_str(), Role::Note) };
            lines.extend(plain(words, columns, role));
        }
        lines.push(Line::default());
        if !done {
            lines.extend(plain(&view.matrix.entities.join(&format!(" {} ", glyphs.dot)), columns, Role::Heading3));
            lines.push(Line::default());
        }
        for (name, named) in all.iter().zip(&sketch.drawing.named) {
            if *named {
                let sign = format!("{} ", glyphs.right_answer);
                lines.extend(behind(&sign, Role::Good, columns, |room| plain(name, room, Role::Text)));
            } else if done {
                let sign = format!("{} ", glyphs.wrong_answer);
                lines.extend(behind(&sign, Role::Bad, columns, |room| plain(name, room, Role::Muted)));
            } else {
                let pieces = vec![Piece::new(format!("  {}", glyphs.blank.repeat(8)), Role::Faint)];
                lines.push(Line { pieces, ..Line::default() });
            }
        }
        if !sketch.drawing.others.is_empty() {
            lines.push(Line::default());
            let words = format!("Also yours: {}", sketch.drawing.others.join(", "));
            lines.extend(plain(&words, columns, Role::Muted));
        }
        lines
    }

    pub(super) fn view_sketch(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let Doing::Drawing(sketch) = &self.doing else { return };
        let lines = self.sketch_lines(look, usize::from(area.width).max(1));
        for (line, y) in lines.iter().skip(sketch.top).zip(area.y..area.bottom()) {
            draw(buffer, area, y, line, look.theme, None);
        }
    }
}
